"""Where bags are made: the hood chosen at the start, what it allows, and the date that follows."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from pharmacy.compounding import actions, queries
from pharmacy.compounding.models import Worksheet
from pharmacy.domain.beyond_use import Category, LimitRule
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.room_readings import Reading
from pharmacy.domain.statuses import BagStatus, ControlStatus, RoomStatus, WorksheetStatus
from pharmacy.facility import actions as facility
from pharmacy.formulary.models import AdoptedEntry
from pharmacy.sample.facility import CLEANROOM_HOOD, SEGREGATED_HOOD
from tests.compounding.fingerprint import last_entry, refused
from tests.compounding.starting import lose, ready, starting
from tests.conftest import START
from tests.therapy.bags import labelled_bags
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import (
    hood_called,
    make_bag,
    read_room,
    scan_all,
    start,
    started_worksheet,
)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ONE, TWO = Category.ONE, Category.TWO
ZONE = ZoneInfo("America/New_York")


def test_in_a_cleanroom_suite_the_date_is_that_of_the_formula(session, people):
    worksheet = start(session, people, ready(session, people))

    assert worksheet.beyond_use_at == worksheet.bags[0].beyond_use_at
    assert any(one.source.startswith("Category 2") for one in queries.list_frozen_limits(worksheet))
    assert worksheet.engineering_control_id == hood_called(session, CLEANROOM_HOOD).id
    place = worksheet.place
    assert (place["control"], place["room"], place["category"]) == ("Hood 1", "Cleanroom suite", "2")
    assert place["control_certification"]["good_until"] == "2027-04-10"
    assert place["room_certification"]["ante_iso"] == 8
    assert place["reading"]["temperature_c"] == "19.4" and place["reading"]["by"] == "Tina Tallgrass"
    assert place["lowered_because"] == []
    assert queries.preparation_as_dated(worksheet).category is TWO
    assert queries.say_place(worksheet, ZONE).lowered == ""


def test_in_a_segregated_area_the_bags_are_category_1_and_the_date_follows(session, people):
    worksheet = ready(session, people)
    refused(session, Refusal, "In Hood 2 Category 1 is made now, not Category 2 as you were shown",
            starting(session, people, worksheet, hood=SEGREGATED_HOOD))  # fmt: skip

    starting(session, people, worksheet, hood=SEGREGATED_HOOD, accepts=ONE)()

    assert worksheet.beyond_use_at == START + 24 * HOUR
    assert worksheet.beyond_use_limited_by == LimitRule.CATEGORY.value
    frozen = json.loads(worksheet.beyond_use_limits)
    assert frozen["preparation"].startswith("Category 1, aseptic")
    assert (worksheet.place["category"], worksheet.place["formula_category"]) == ("1", "2")
    assert "segregated compounding area" in last_entry(session).details
    assert queries.preparation_as_dated(worksheet).category is ONE
    assert "Made as Category 1; the formula asks for Category 2" in queries.say_place(worksheet, ZONE).lowered


def test_the_label_of_a_category_1_bag_gives_no_more_out_of_the_refrigerator(session, people):
    worksheet = ready(session, people)
    starting(session, people, worksheet, hood=SEGREGATED_HOOD, accepts=ONE)()

    facts = queries.get_label_facts(session, worksheet, at=START)

    assert "12" in facts.out_of_refrigerator
    assert "24" not in facts.out_of_refrigerator


def test_what_the_formula_asks_for_is_not_accepted_for_less(session, people):
    worksheet = ready(session, people)

    refused(session, Refusal, "In Hood 1 Category 2 is made now, not Category 1",
            starting(session, people, worksheet, accepts=ONE))  # fmt: skip


@pytest.mark.parametrize(
    ("spoil", "match"),
    [
        (lambda hood: setattr(hood, "status", ControlStatus.OUT_OF_SERVICE), "Hood 1 is out of service"),
        (lambda hood: setattr(hood.room, "status", RoomStatus.OUT_OF_SERVICE), "suite is out of service"),
    ],
)
def test_nothing_starts_where_nothing_may_be_made(session, people, spoil, match):
    worksheet = ready(session, people)
    spoil(hood_called(session, CLEANROOM_HOOD))

    refused(session, Refusal, match, starting(session, people, worksheet))


@pytest.mark.parametrize(("minutes", "starts"), [(0, True), (1, False)])
def test_readings_of_the_day_before_are_not_enough(session, people, minutes, starts):
    worksheet = ready(session, people)
    act = starting(session, people, worksheet, at=START + DAY + timedelta(minutes=minutes))

    if starts:
        assert act().status is WorksheetStatus.IN_PREPARATION
    else:
        refused(session, Refusal, "record them first", act)


def test_a_hood_whose_certification_lapsed_is_refused(session, people):
    worksheet = ready(session, people)
    control, late = hood_called(session, CLEANROOM_HOOD), datetime(2027, 4, 11, 14, 0, tzinfo=START.tzinfo)
    read_room(session, people, control, at=late)

    [known] = [one for one in queries.list_hood_choices(session, worksheet, at=late)
               if one.known.control is control]  # fmt: skip

    assert known.dated is None
    assert "its certification was good until Sat 10 Apr 2027. Only immediate use" in known.objection


def test_a_suite_out_of_classification_lowers_the_category_and_is_kept(session, people):
    worksheet = ready(session, people)
    hood = hood_called(session, CLEANROOM_HOOD)
    facility.move_room(session, hood.room, RoomStatus.OUT_OF_CLASSIFICATION,
                       reason="pressure lost", by=people("tina"), at=START)  # fmt: skip
    refused(session, Refusal, "is out of classification: Category 1 at most",
            starting(session, people, worksheet))  # fmt: skip

    starting(session, people, worksheet, accepts=ONE)()

    assert worksheet.beyond_use_at == START + 24 * HOUR
    assert worksheet.place["room_status"] == "out_of_classification"


def test_a_pressure_out_of_range_lowers_the_category_until_it_is_read_again(session, people):
    worksheet = ready(session, people)
    hood = hood_called(session, CLEANROOM_HOOD)
    low = Reading(Decimal(18), Decimal(42), Decimal("0.01"))
    facility.record_readings(session, hood.room, low, note="", by=people("tina"), at=START)
    refused(
        session, Refusal, "the last pressure reading is out of range", starting(session, people, worksheet)
    )
    read_room(session, people, hood, at=START)

    assert starting(session, people, worksheet)().place["category"] == "2"


def test_intervals_past_their_review_stop_new_work(session, people):
    worksheet = ready(session, people)
    entry = session.scalar(select(AdoptedEntry).where(AdoptedEntry.kind == "facility_intervals"))
    session.execute(text("DROP TRIGGER adopted_entry_signed" + _on_postgresql(session)))
    for review_by, starts in ((date(2026, 11, 8), False), (date(2026, 11, 9), True)):
        entry.reviewed_on, entry.review_by = date(2025, 11, 9), review_by
        session.flush()
        act = starting(session, people, worksheet)
        if starts:
            act()
        else:
            refused(session, Refusal, "facility intervals.* was to be reviewed by Sun 8 Nov 2026", act)


def _on_postgresql(session):
    return " ON adopted_entry" if session.get_bind().dialect.name == "postgresql" else ""


def test_a_hood_of_another_site_is_none(session, people):
    worksheet = ready(session, people)
    control = hood_called(session, CLEANROOM_HOOD)
    session.expunge(control)
    control.site_id = 2
    refused(session, InvalidInput, "a hood of this site", lambda: actions.start_preparation(
        session, worksheet, control=control, accepts=TWO, by=people("tina"), at=START))  # fmt: skip


def test_the_place_is_frozen_at_the_start(session, people):
    started_worksheet(session, people, order_in_force(session, people))
    session.commit()
    session.scalars(select(Worksheet)).first().engineering_control_id = hood_called(
        session, SEGREGATED_HOOD
    ).id
    with pytest.raises(DBAPIError, match="does not change"):
        session.flush()


@pytest.mark.parametrize(
    ("spoil", "match"),
    [
        (
            lambda hood: setattr(hood, "status", ControlStatus.OUT_OF_SERVICE),
            "Hood 1 is out of service; a pharmacist puts it back. Until then nothing is made",
        ),
        (lambda hood: setattr(hood.room, "status", RoomStatus.OUT_OF_SERVICE), "suite is out of service"),
        (
            lambda hood: setattr(hood.room, "status", RoomStatus.OUT_OF_CLASSIFICATION),
            "Category 1 at most. The date of worksheet .* was frozen for Category 2: give up the bags",
        ),
    ],
)
def test_no_bag_is_made_on_where_the_place_no_longer_allows_it(session, people, spoil, match):
    worksheet = started_worksheet(session, people, order_in_force(session, people))
    made, bag = worksheet.bags
    make_bag(session, people, made)
    scan_all(session, people, bag)
    hood = hood_called(session, CLEANROOM_HOOD)
    before = hood.status, hood.room.status
    spoil(hood)
    lot, tina = worksheet.scans[0].lot, people("tina")

    def first():
        return actions.enter_first_volume(session, bag, volume_ml=Decimal(4), by=tina, at=START)

    def second():
        return actions.enter_second_volume(session, bag, volume_ml=Decimal(4), by=people("theo"), at=START)

    refused(
        session, Refusal, match, lambda: actions.scan_container(session, bag, lot.number, by=tina, at=START)
    )
    refused(session, Refusal, match, first)
    hood.status, hood.room.status = before
    first()
    spoil(hood)
    refused(session, Refusal, match, second)
    hood.status, hood.room.status = before
    second()
    spoil(hood)
    refused(session, Refusal, match, lambda: actions.complete_bag(session, bag, by=tina, at=START))

    actions.discard_bag(session, bag, reason="the hood failed", by=tina, at=START)
    assert (made.status, bag.status) == (BagStatus.MADE, BagStatus.CANCELLED)


@pytest.mark.parametrize(("minutes", "goes_on"), [(0, True), (1, False)])
def test_bags_go_on_only_while_the_readings_are_good(session, people, minutes, goes_on):
    worksheet = started_worksheet(session, people, order_in_force(session, people))
    bag, at = worksheet.bags[0], START + DAY + timedelta(minutes=minutes)

    if not goes_on:
        refused(session, Refusal, "record them first", lambda: scan_all(session, people, bag, at=at))
        read_room(session, people, hood_called(session, CLEANROOM_HOOD), at=at)
    scan_all(session, people, bag, at=at)


def test_before_the_start_each_hood_shows_the_date_that_would_follow(session, people):
    doses = [START + 20 * HOUR, START + 24 * HOUR]
    worksheet = ready(session, people, doses=doses)

    one, two = queries.list_hood_choices(session, worksheet, at=START)

    assert (one.known.control.name, one.allowed.category, one.is_lower) == ("Hood 1", TWO, False)
    assert one.too_late == ()
    assert (two.allowed.category, two.is_lower, two.dated.until) == (ONE, True, START + 24 * HOUR)
    assert two.dated.limited_by is LimitRule.CATEGORY
    assert [bag.position for bag in two.too_late] == [2]
    assert two.value == f"{two.known.control.id}-1"
    assert starting(session, people, worksheet)().beyond_use_at == one.dated.until


def test_a_record_says_where_it_was_made_and_how_competent_everybody_was(session, people):
    worksheet = labelled_bags(session, people, order_in_force(session, people))
    lose(session, people, "theo", at=START + DAY)

    said = queries.list_competences(session, worksheet)

    assert said[people("tina").id] == (
        "To compound: garbing and gloved-fingertip sampling, good until Tue 20 Apr 2027; "
        "media fill, good until Sun 25 Apr 2027; core training with written test, good until Thu 30 Sep 2027"
    )
    assert said[people("theo").id].startswith("To check what others compound: garbing and gloved-fingertip")
    assert "failed" not in said[people("theo").id]
    assert set(said) == {people("tina").id, people("theo").id}


def test_bags_made_in_a_hood_are_listed_between_two_instants(session, people):
    worksheet = labelled_bags(session, people, order_in_force(session, people))
    hood, other = hood_called(session, CLEANROOM_HOOD), hood_called(session, SEGREGATED_HOOD)

    def made(control=hood, since=START, until=START + DAY, page=1, site_id=1):
        found = queries.list_bags_made_in(
            session, control.id, site_id=site_id, since=since, until=until, page=page
        )
        return [bag.serial for bag in found]

    assert made() == [bag.serial for bag in reversed(worksheet.bags)]
    assert made(until=START) == []
    assert made(since=START + timedelta(seconds=1)) == []
    assert made(control=other) == made(page=2) == made(site_id=2) == []
