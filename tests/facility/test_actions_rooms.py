"""Rooms and hoods: registered, certified, read, cleaned, sampled, taken out of service and put back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from pharmacy.audit.models import AuditEntry, StatusChange
from pharmacy.domain.compounding_place import ControlKind, RoomKind
from pharmacy.domain.errors import Forbidden, InvalidInput, NotFound, Refusal
from pharmacy.domain.facility_intervals import SampleKind
from pharmacy.domain.file_kinds import KeptFile
from pharmacy.domain.room_readings import Reading, RoomLimits
from pharmacy.domain.statuses import ControlStatus, RoomStatus
from pharmacy.facility import actions, queries
from pharmacy.facility.models import (
    Certification,
    CleaningEntry,
    CompoundingRoom,
    EngineeringControl,
    RoomReading,
    SampleEntry,
)
from pharmacy.sample.facility import CLEANROOM, CLEANROOM_HOOD, SEGREGATED
from tests.conftest import START
from tests.statements import counted_statements
from tests.therapy.worksheets import hood_called

DAY = timedelta(days=1)
TODAY = date(2026, 11, 9)
LIMITS = RoomLimits(Decimal(15), Decimal(20), Decimal(60), Decimal("0.02"))
PDF = KeptFile("report.pdf", "application/pdf", b"%PDF-1.7 report")
_TABLES = (
    *(AuditEntry, Certification, CleaningEntry, CompoundingRoom, EngineeringControl, RoomReading),
    *(SampleEntry, StatusChange),
)


def room_called(session, name):
    return next(one for one in queries.list_rooms(session, site_id=1) if one.name == name)


def refused(session, kind, match, act):
    def counts():
        return [session.scalar(select(func.count()).select_from(one)) for one in _TABLES]

    before = counts()
    with pytest.raises(kind, match=match) as caught:
        act()
    assert type(caught.value) is kind
    assert counts() == before
    return caught.value


def certification(**changes):
    values = {
        "done_on": TODAY,
        "passed": True,
        "iso": 5,
        "ante_iso": None,
        "certified_by": "Certifiers",
        "report": "R-2",
    }
    return actions.CertificationGiven(**values | changes)


def test_a_room_and_a_hood_begin_out_of_service(session, people):
    petra = people("petra")
    entry = actions.RoomEntry(name="North suite", kind=RoomKind.CLEANROOM_SUITE, limits=LIMITS)
    room = actions.register_room(session, entry, by=petra, at=START)
    hood = actions.register_control(
        session,
        room,
        actions.ControlEntry(name="Hood 9", kind=ControlKind.ISOLATOR, maker="M", serial_number="S"),
        by=petra,
        at=START,
    )

    assert (room.status, hood.status) == (RoomStatus.OUT_OF_SERVICE, ControlStatus.OUT_OF_SERVICE)
    refused(session, InvalidInput, "A room called North suite is registered already", lambda: (
        actions.register_room(session, entry, by=petra, at=START)))  # fmt: skip
    refused(
        session,
        InvalidInput,
        "A hood called hood 9 is registered already",
        lambda: actions.register_control(
            session,
            room,
            actions.ControlEntry(name="hood 9", kind=ControlKind.RABS, maker="M", serial_number="S"),
            by=petra,
            at=START,
        ),
    )
    refused(session, Forbidden, "technician may not register", lambda: (
        actions.register_room(session, entry, by=people("tina"), at=START)))  # fmt: skip


@pytest.mark.parametrize(
    ("limits", "field"),
    [
        (RoomLimits(Decimal(20), Decimal(20), Decimal(60), Decimal("0.02")), "temperature_high_c"),
        (RoomLimits(Decimal(15), Decimal(20), Decimal("100.1"), Decimal("0.02")), "humidity_high_percent"),
        (RoomLimits(Decimal(15), Decimal(20), Decimal(60), None), "pressure_low_inches"),
    ],
)
def test_a_range_that_holds_nothing_names_its_field(session, people, limits, field):
    entry = actions.RoomEntry(name="X", kind=RoomKind.CLEANROOM_SUITE, limits=limits)
    found = refused(session, InvalidInput, ".", lambda: (
        actions.register_room(session, entry, by=people("petra"), at=START)))  # fmt: skip
    assert found.field == field


def test_a_range_is_changed_with_a_reason_and_readings_of_before_stay_judged(session, people):
    room, petra = room_called(session, CLEANROOM), people("petra")
    reading = Reading(Decimal("19.9"), Decimal(42), Decimal("0.03"))
    before = actions.record_readings(session, room, reading, note="", by=people("tina"), at=START)
    narrower = RoomLimits(Decimal(15), Decimal(19), Decimal(60), Decimal("0.02"))
    refused(session, InvalidInput, "Give the reason", lambda: (
        actions.change_limits(session, room, narrower, reason="", by=petra, at=START)))  # fmt: skip

    actions.change_limits(session, room, narrower, reason="new report", by=petra, at=START)
    after = actions.record_readings(session, room, reading, note="", by=people("tina"), at=START)

    assert before.out_of_range == ""
    assert "above 19" in after.out_of_range and after.pressure_holds


@pytest.mark.parametrize(
    ("by", "was", "to", "may"),
    [
        ("tina", RoomStatus.IN_SERVICE, RoomStatus.OUT_OF_SERVICE, True),
        ("tina", RoomStatus.IN_SERVICE, RoomStatus.OUT_OF_CLASSIFICATION, True),
        ("tina", RoomStatus.OUT_OF_CLASSIFICATION, RoomStatus.OUT_OF_SERVICE, True),
        ("tina", RoomStatus.OUT_OF_CLASSIFICATION, RoomStatus.IN_SERVICE, False),
        ("tina", RoomStatus.OUT_OF_SERVICE, RoomStatus.OUT_OF_CLASSIFICATION, False),
        ("paula", RoomStatus.OUT_OF_SERVICE, RoomStatus.IN_SERVICE, True),
    ],
)
def test_who_works_there_makes_it_worse_and_a_pharmacist_better(session, people, by, was, to, may):
    room = room_called(session, CLEANROOM)
    room.status = was
    session.flush()

    def act():
        return actions.move_room(session, room, to, reason="the door", by=people(by), at=START)

    if may:
        assert act().status is to
    else:
        refused(session, Forbidden, "put them in service", act)


def test_a_hood_is_taken_out_by_who_works_there_and_put_back_by_a_pharmacist(session, people):
    hood = hood_called(session, CLEANROOM_HOOD)
    refused(
        session,
        InvalidInput,
        "Give the reason",
        lambda: actions.move_control(
            session, hood, ControlStatus.OUT_OF_SERVICE, reason=" ", by=people("tina"), at=START
        ),
    )
    actions.move_control(
        session, hood, ControlStatus.OUT_OF_SERVICE, reason="noise", by=people("tina"), at=START
    )
    refused(
        session,
        Forbidden,
        "put them in service",
        lambda: actions.move_control(
            session, hood, ControlStatus.IN_SERVICE, reason="x", by=people("tina"), at=START
        ),
    )
    actions.move_control(session, hood, ControlStatus.IN_SERVICE, reason="belt", by=people("peter"), at=START)

    assert hood.status is ControlStatus.IN_SERVICE


def test_a_certification_is_recorded_and_corrected_by_a_new_row(session, people):
    hood, petra = hood_called(session, CLEANROOM_HOOD), people("petra")
    made = actions.certify(session, hood, certification(file=PDF), by=petra, at=START)
    refused(session, InvalidInput, "Give the reason", lambda: actions.correct_certification(
        session, hood, made, certification(), reason="", by=petra, at=START))  # fmt: skip
    fixed = actions.correct_certification(
        session, hood, made, certification(passed=False, iso=None), reason="wrong report", by=petra, at=START
    )

    assert made.attachment.name == "report.pdf"
    standing = {(one.room_id, one.control_id): one
                for one in queries.list_standing_certifications(session, site_id=1)}  # fmt: skip
    assert standing[None, hood.id] is fixed
    refused(session, Refusal, "corrected already", lambda: actions.correct_certification(
        session, hood, made, certification(), reason="again", by=petra, at=START))  # fmt: skip
    refused(session, Forbidden, "technician may not register and certify", lambda: (
        actions.certify(session, hood, certification(), by=people("tina"), at=START)))  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"done_on": TODAY + DAY}, "done_on"),
        ({"certified_by": " "}, "certified_by"),
        ({"iso": None}, "iso"),
        ({"iso": 0}, "iso"),
        ({"iso": 10}, "iso"),
        ({"ante_iso": 10}, "ante_iso"),
    ],
)
def test_a_bad_certification_names_its_field(session, people, changes, field):
    hood = hood_called(session, CLEANROOM_HOOD)
    found = refused(session, InvalidInput, ".", lambda: (
        actions.certify(session, hood, certification(**changes), by=people("petra"), at=START)))  # fmt: skip
    assert found.field == field


def test_readings_out_of_range_are_kept_with_what_to_do(session, people):
    room = room_called(session, CLEANROOM)
    low = Reading(Decimal(18), Decimal(42), Decimal("0.01"))

    kept = actions.record_readings(session, room, low, note="door open", by=people("tina"), at=START)

    assert not kept.pressure_holds
    assert "close the doors" in kept.out_of_range
    assert queries.list_last_readings(session, [room.id])[room.id] is kept


@pytest.mark.parametrize(
    ("reading", "field"),
    [
        (Reading(Decimal(18), Decimal(42), None), "pressure_inches"),
        (Reading(Decimal(18), Decimal("100.1"), Decimal(1)), "humidity_percent"),
    ],
)
def test_bad_readings_name_their_field(session, people, reading, field):
    room = room_called(session, CLEANROOM)
    found = refused(session, InvalidInput, ".", lambda: (
        actions.record_readings(session, room, reading, note="", by=people("tina"), at=START)))  # fmt: skip
    assert found.field == field
    refused(session, Forbidden, "nurse may not record readings", lambda: (
        actions.record_readings(session, room, reading, note="", by=people("nora"), at=START)))  # fmt: skip


def test_a_cleaning_names_a_hood_of_the_room_only(session, people):
    area, hood, tina = room_called(session, SEGREGATED), hood_called(session, CLEANROOM_HOOD), people("tina")
    texts = {"what": "wiped", "agent": "70% alcohol", "note": ""}
    refused(session, InvalidInput, "Hood 1 does not stand in Segregated area", lambda: (
        actions.record_cleaning(session, area, hood, **texts, by=tina, at=START)))  # fmt: skip
    refused(
        session,
        InvalidInput,
        "with which agent",
        lambda: actions.record_cleaning(session, area, None, **texts | {"agent": " "}, by=tina, at=START),
    )

    kept = actions.record_cleaning(session, hood.room, hood, **texts, by=tina, at=START)

    assert kept.control is hood


def test_sampling_is_due_from_the_last_day(session, people):
    room, tina = room_called(session, CLEANROOM), people("tina")
    refused(session, InvalidInput, "at the latest", lambda: actions.record_sample(
        session, room, SampleKind.AIR, taken_on=TODAY + DAY, result="x", by=tina, at=START))  # fmt: skip
    refused(session, InvalidInput, "what was found", lambda: actions.record_sample(
        session, room, SampleKind.AIR, taken_on=TODAY, result=" ", by=tina, at=START))  # fmt: skip

    actions.record_sample(
        session, room, SampleKind.AIR, taken_on=TODAY, result="1 CFU", file=PDF, by=tina, at=START
    )
    actions.record_sample(
        session, room, SampleKind.AIR, taken_on=TODAY - 90 * DAY, result="late entry", by=tina, at=START
    )

    view = queries.read_room(session, room, at=START)
    assert view.sampling_due[SampleKind.AIR].until == date(2027, 5, 9)
    assert not view.sampling_due[SampleKind.AIR].is_late


def test_rows_of_a_room_never_change(session, people):
    session.scalars(select(RoomReading)).first().temperature_c = Decimal(1)
    with pytest.raises(DBAPIError, match="never changed"):
        session.flush()
    session.rollback()
    session.delete(session.scalars(select(EngineeringControl)).first())
    with pytest.raises(DBAPIError, match="never removed"):
        session.flush()


def test_another_site_finds_nothing(session):
    for find in (queries.get_room, queries.get_control, queries.get_certification, queries.get_entry):
        find(session, 1, site_id=1)
        with pytest.raises(NotFound):
            find(session, 1, site_id=2)


def test_the_overview_costs_the_same_for_few_and_many(session, people, database):
    costs = []
    for more in (0, 6):
        for number in range(more):
            entry = actions.RoomEntry(name=f"Room {number}", kind=RoomKind.CLEANROOM_SUITE, limits=LIMITS)
            room = actions.register_room(session, entry, by=people("petra"), at=START)
            actions.register_control(
                session,
                room,
                actions.ControlEntry(name=f"H {number}", kind=ControlKind.RABS, maker="M", serial_number="S"),
                by=people("petra"),
                at=START,
            )
        session.commit()
        session.expire_all()
        with counted_statements(database) as seen:
            found = queries.read_rooms(session, site_id=1, at=START)
        costs.append(len(seen))

    assert len(found) == 8
    assert costs[0] == costs[1] <= 10
