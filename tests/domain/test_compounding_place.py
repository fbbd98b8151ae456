"""Which category a hood in its room allows."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pharmacy.domain.beyond_use_limits import Category, Method, Preparation
from pharmacy.domain.compounding_place import (
    Allowed,
    Certified,
    Place,
    Read,
    RoomKind,
    allow_there,
    judge_place,
)
from pharmacy.domain.facility_intervals import SampleKind, read_facility_intervals
from pharmacy.domain.reference_data import get_entry
from pharmacy.domain.statuses import ControlStatus, RoomStatus

ENTRY = get_entry("facility_intervals.toml", "usp-797-2023")
INTERVALS = read_facility_intervals(ENTRY)
ZONE = ZoneInfo("America/New_York")
AT = datetime(2026, 11, 9, 14, 0, tzinfo=UTC)
TODAY = date(2026, 11, 9)
DAY = timedelta(days=1)
ONE, TWO, THREE = Category.ONE, Category.TWO, Category.THREE
GOOD = Place(
    control="Hood 1",
    control_status=ControlStatus.IN_SERVICE,
    control_certified=Certified(date(2026, 10, 10), True, 5),
    room="Suite",
    room_kind=RoomKind.CLEANROOM_SUITE,
    room_status=RoomStatus.IN_SERVICE,
    room_certified=Certified(date(2026, 10, 10), True, 7, 8),
    read=Read(AT, True),
    sampled={SampleKind.AIR: TODAY, SampleKind.SURFACE: TODAY},
)
AREA = replace(GOOD, room="Area", room_kind=RoomKind.SEGREGATED_AREA, room_certified=None)


def judge(place, wanted=TWO, at=AT):
    return judge_place(place, wanted, intervals=INTERVALS, at=at, zone=ZONE)


@pytest.mark.parametrize("wanted", [ONE, TWO, THREE])
def test_a_suite_in_order_allows_what_the_formula_asks_for(wanted):
    assert judge(GOOD, wanted) == Allowed(wanted, ())


@pytest.mark.parametrize(("wanted", "allowed"), [(ONE, ONE), (TWO, ONE), (THREE, ONE)])
def test_a_segregated_area_allows_category_1_at_most(wanted, allowed):
    found = judge(AREA, wanted)

    assert found.category is allowed
    assert ("Area is a segregated compounding area: Category 1 at most." in found.reasons) is (
        wanted is not ONE
    )


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"control_status": ControlStatus.OUT_OF_SERVICE}, "Hood 1 is out of service"),
        ({"room_status": RoomStatus.OUT_OF_SERVICE}, "Suite is out of service"),
        ({"room_kind": RoomKind.UNCLASSIFIED}, "neither a cleanroom suite nor"),
        ({"control_certified": None}, "Hood 1: no certification is recorded."),
        ({"control_certified": Certified(TODAY, False, 5)}, "failed its certification on Mon 9 Nov 2026"),
        ({"control_certified": Certified(TODAY, True, 6)}, "certified as ISO 6, not ISO 5"),
        ({"control_certified": Certified(TODAY, True, None)}, "certified as of no class, not ISO 5"),
        ({"read": None}, "No readings of Suite are recorded"),
    ],
)
def test_nothing_is_made_in_a_hood_that_is_not_in_order(change, match):
    found = judge(replace(GOOD, **change))

    assert found.category is None
    assert match in found.sentence


def test_only_immediate_use_is_named_where_the_certification_is_missing():
    found = judge(replace(GOOD, control_certified=None))

    assert "Only immediate use would be allowed, which is no route for home dispensing." in found.sentence
    assert judge(GOOD, Category.IMMEDIATE).category is None


@pytest.mark.parametrize(("iso", "allowed"), [(4, TWO), (5, TWO), (6, None)])
def test_a_hood_is_iso_5_or_cleaner(iso, allowed):
    assert judge(replace(GOOD, control_certified=Certified(TODAY, True, iso))).category is allowed


@pytest.mark.parametrize(("days", "allowed"), [(-1, TWO), (0, TWO), (1, None)])
def test_a_certification_lapses_after_its_last_good_day(days, allowed):
    last_good = date(2027, 4, 10)
    at = datetime(last_good.year, last_good.month, last_good.day, 12, tzinfo=ZONE) + days * DAY
    place = replace(GOOD, read=Read(at, True), room_certified=Certified(date(2027, 1, 1), True, 7, 8))

    assert judge(place, at=at).category is allowed


def test_the_day_is_that_of_the_site():
    """At 23:30 in New York it is the next day in UTC; the certification still holds."""
    at = datetime(2027, 4, 10, 23, 30, tzinfo=ZONE)
    place = replace(GOOD, read=Read(at, True), room_certified=Certified(date(2027, 1, 1), True, 7, 8))

    assert judge(place, at=at).category is TWO


@pytest.mark.parametrize(("minutes", "allowed"), [(-1, TWO), (0, TWO), (1, None)])
def test_readings_are_good_for_a_day(minutes, allowed):
    at = AT + DAY + timedelta(minutes=minutes)

    found = judge(GOOD, at=at)

    assert found.category is allowed
    assert allowed or "were good until Tue 10 Nov 2026 09:00 EST" in found.sentence


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"room_status": RoomStatus.OUT_OF_CLASSIFICATION}, "Suite is out of classification: Category 1"),
        ({"room_certified": None}, "(no certification is recorded): Category 1 at most."),
        ({"room_certified": Certified(TODAY, False, 7, 8)}, "failed its certification"),
        ({"room_certified": Certified(date(2026, 5, 8), True, 7, 8)}, "was good until Sun 8 Nov 2026"),
        ({"room_certified": Certified(TODAY, True, 8, 8)}, "certified as ISO 8, not ISO 7"),
        ({"room_certified": Certified(TODAY, True, 7, 9)}, "ante-room was certified as ISO 9, not ISO 8"),
        ({"room_certified": Certified(TODAY, True, 7)}, "ante-room was certified as of no class"),
        ({"read": Read(AT, False)}, "the last pressure reading is out of range"),
    ],
)
def test_a_suite_out_of_classification_allows_category_1_at_most(change, match):
    found = judge(replace(GOOD, **change))

    assert found.category is ONE
    assert match in found.sentence
    assert judge(replace(GOOD, **change), ONE) == Allowed(ONE, ())


@pytest.mark.parametrize("done_on", [date(2026, 5, 9), date(2026, 5, 10), TODAY])
def test_a_suite_holds_until_its_last_good_day(done_on):
    assert judge(replace(GOOD, room_certified=Certified(done_on, True, 7, 8))) == Allowed(TWO, ())


@pytest.mark.parametrize(
    ("kind", "last", "allowed"),
    [
        (SampleKind.AIR, date(2026, 10, 9), THREE),
        (SampleKind.AIR, date(2026, 10, 8), TWO),
        (SampleKind.AIR, None, TWO),
        (SampleKind.SURFACE, date(2026, 11, 2), THREE),
        (SampleKind.SURFACE, date(2026, 11, 1), TWO),
        (SampleKind.SURFACE, None, TWO),
    ],
)
def test_sampling_that_is_overdue_blocks_category_3(kind, last, allowed):
    sampled = {one: day for one, day in ({**GOOD.sampled, kind: last}).items() if day}

    found = judge(replace(GOOD, sampled=sampled), THREE)

    assert found.category is allowed
    assert (f"Sampling of {kind.value} in Suite" in found.sentence) is (allowed is TWO)
    assert judge(replace(GOOD, sampled=sampled), TWO) == Allowed(TWO, ())


def test_every_reason_is_said_and_the_lowest_category_counts():
    place = replace(GOOD, room_status=RoomStatus.OUT_OF_CLASSIFICATION, sampled={})

    found = judge(place, THREE)

    assert found.category is ONE
    assert len(found.reasons) == 3


def test_a_preparation_only_ever_becomes_of_a_lower_category():
    preparation = Preparation(TWO, Method.ASEPTIC, False, False)

    assert allow_there(preparation, Allowed(ONE, ("why",))) == replace(preparation, category=ONE)
    assert allow_there(preparation, Allowed(TWO, ())) == preparation
    assert allow_there(preparation, Allowed(None, ("why",))) == preparation


def changed(**content):
    return replace(ENTRY, content={**ENTRY.content, **content})


SAMPLING = ENTRY.content["sampling"]


@pytest.mark.parametrize(
    ("content", "match"),
    [
        ({"sampling": SAMPLING[1:]}, "no row for sampling of air 1"),
        ({"sampling": [*SAMPLING, SAMPLING[0]]}, "two rows for sampling of air 1"),
        ({"sampling": [SAMPLING[0] | {"days": 3}]}, "needs months or days"),
        ({"sampling": [{"kind": "air", "categories": ["1"]}]}, "needs months or days"),
        ({"certification_months": 0}, "certification_months should be a whole number"),
        ({"reading_hours": True}, "reading_hours should be a whole number"),
    ],
)
def test_intervals_that_are_wrong_say_where(content, match):
    with pytest.raises(ValueError, match=match):
        read_facility_intervals(changed(**content))


def test_the_shipped_intervals_are_unchecked_and_say_so():
    assert INTERVALS.notice.endswith("not checked by a pharmacist.")
