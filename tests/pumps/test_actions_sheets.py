"""A pump sheet: from the order and the bags made to settings that a pharmacist signs, or a refusal."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from pharmacy.accounts.actions import WrongPassword
from pharmacy.audit.chain import digest
from pharmacy.audit.models import AuditEntry, StatusChange
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.local_time import to_instant
from pharmacy.domain.statuses import BagStatus, OrderStatus, PumpStatus, SheetStatus, WorksheetStatus
from pharmacy.formulary.models import AdoptedEntry
from pharmacy.patients.models import Patient
from pharmacy.prescriptions.actions import enter_change
from pharmacy.printing.queries import list_papers
from pharmacy.pumps.actions import replace_sheet, verify_sheet
from pharmacy.pumps.actions.readiness import ensure_reference_in_review
from pharmacy.pumps.models import ProgramSheet
from pharmacy.pumps.queries import (
    list_sheets_in_force,
    list_versions_without_sheet,
    read_calendar,
    read_program,
    sheet_content,
)
from pharmacy.sample.people import PASSWORD
from pharmacy.sample.pumps import OLDER_PUMP, OVERDUE_PUMP
from tests.conftest import START
from tests.therapy.orders import FIRST_DOSE, order_in_force, verified
from tests.therapy.sheets import prepared_sheet, print_sheet_papers, sample_pump, verified_sheet
from tests.therapy.worksheets import checked_worksheet, started_worksheet

HOME = ZoneInfo("America/New_York")
FIRST = to_instant(FIRST_DOSE, HOME)
TWO_OF_THREE = "every two out of three days"


def on_days(*days):
    return [FIRST + timedelta(days=one) for one in days]


def started(session, people, *, days=(0, 1, 3), frequency=TWO_OF_THREE, **changes):
    """Return an order in force, and a worksheet in preparation with a bag for each of these days."""
    version = order_in_force(session, people, frequency_as_written=frequency, **changes)
    doses = on_days(*days)
    return version, started_worksheet(session, people, version, bags=len(doses), doses=doses)


def actions_of(session, sheet):
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.record_type == "program_sheet", AuditEntry.record_id == sheet.id)
        .order_by(AuditEntry.number)
    )
    return [(one.action, one.person_name) for one in entries]


def test_a_sheet_states_the_bag_actually_made_and_is_signed_whole(session, people):
    version, worksheet = started(session, people)
    assert list_versions_without_sheet(session, site_id=1) == [version]

    sheet = prepared_sheet(session, people, version, worksheet)

    assert (sheet.version, sheet.status, sheet.verdict) == (1, SheetStatus.DRAFT, "ok")
    assert (sheet.volume_ml, sheet.rate_ml_per_h) == (Decimal(105), Decimal("10.5"))
    program = read_program(sheet)
    assert [(one.field, one.shown) for one in program.settings] == [
        ("Units", "mL"),
        ("Reservoir Volume", "105.0"),
        ("Infusion Volume", "105.0"),
        ("Infusion Rate", "10.5"),
        ("Infusion Time", "10:00"),
        ("KVO Rate", "0.0"),
        ("Delayed start", "OFF"),
    ]
    assert program.numbers["delivered"].replace("\xa0", " ") == "1,892 mg"
    assert not program.profile_verified
    assert [one.rule for one in program.findings] == ["R13", "R15"]
    assert program.facts["content_volume"].replace("\xa0", " ") == "111 mL"
    serials = [bag.serial for bag in worksheet.bags]
    calendar = read_calendar(sheet)
    assert [(one.starts, one.bag) for one in calendar.infusions] == list(
        zip(on_days(0, 1, 3), serials, strict=True)
    )
    assert list_versions_without_sheet(session, site_id=1) == []

    verify_sheet(session, sheet, password=PASSWORD, by=people("peter"), at=START)

    session.expire_all()
    assert sheet.status is SheetStatus.VERIFIED and sheet.verification.printed_name == "Peter Pomfret"
    assert sheet.verification.digest == digest(sheet_content(sheet))
    with session.no_autoflush:
        for name, value in (("calendar", "{}"), ("rate_ml_per_h", Decimal("10.6")), ("flag_reason", "x")):
            kept = getattr(sheet, name)
            setattr(sheet, name, value)
            assert sheet.verification.digest != digest(sheet_content(sheet)), name
            setattr(sheet, name, kept)
    assert actions_of(session, sheet) == [
        ("prepared a pump sheet", "Tina Tallgrass"),
        ("verified a pump sheet", "Peter Pomfret"),
    ]
    moves = session.scalars(select(StatusChange).where(StatusChange.record_type == "program_sheet"))
    assert [(one.to_status, one.person.username) for one in moves] == [
        ("draft", "tina"),
        ("verified", "peter"),
    ]


def test_the_database_lets_nobody_change_a_signed_sheet(session, people):
    sheet = verified_sheet(session, people, *started(session, people))

    for column, value in (("program", "'{}'"), ("calendar", "'{}'"), ("rate_ml_per_h", "1"), ("mode", "'x'")):
        with pytest.raises(DBAPIError, match="signed and does not change"), session.begin_nested():
            session.execute(text(f"UPDATE program_sheet SET {column} = {value} WHERE id = {sheet.id}"))


def test_a_new_version_replaces_the_sheet_before_it_when_it_is_verified(session, people):
    version, worksheet = started(session, people)
    first = verified_sheet(session, people, version, worksheet)
    papers = print_sheet_papers(session, people, first)

    second = prepared_sheet(session, people, version, worksheet)
    assert first.status is SheetStatus.VERIFIED and second.replaces_id == first.id
    third = prepared_sheet(session, people, version, worksheet)
    assert second.status is SheetStatus.REPLACED and "version 3 was prepared" in second.replaced_because
    assert [one.version for one in list_sheets_in_force(session, version.id)] == [3, 1]
    verify_sheet(session, third, password=PASSWORD, by=people("paula"), at=START + timedelta(hours=1))

    assert [one.version for one in list_sheets_in_force(session, version.id)] == [3]
    assert (first.replaced_at, first.replaced_because) == (
        START + timedelta(hours=1),
        "version 3 was verified",
    )
    assert [one.replaced_because for one in papers] == ["version 3 was verified"] * 2
    with pytest.raises(Refusal, match="is replaced; only a verified sheet is printed"):
        print_sheet_papers(session, people, first)


def test_printing_is_recorded_and_a_reprint_needs_a_reason(session, people):
    version, worksheet = started(session, people)
    sheet = prepared_sheet(session, people, version, worksheet)
    with pytest.raises(Refusal, match="is draft; only a verified sheet is printed"):
        print_sheet_papers(session, people, sheet)
    verify_sheet(session, sheet, password=PASSWORD, by=people("peter"), at=START)

    first = print_sheet_papers(session, people, sheet)
    with pytest.raises(InvalidInput, match="Give the reason"):
        print_sheet_papers(session, people, sheet)
    again = print_sheet_papers(session, people, sheet, reason="the driver lost it")

    assert [one.kind for one in first] == ["pump programming sheet", "infusion calendar"]
    assert [one.copy_number for one in again] == [2, 2]
    assert all(one.content.startswith(b"%PDF") and one.order_version_id == version.id for one in first)
    assert len(list_papers(session, "program_sheet", sheet.id)) == 4
    version.status = OrderStatus.DISCONTINUED
    with pytest.raises(Refusal, match="is discontinued"):
        print_sheet_papers(session, people, sheet, reason="again")


def test_making_a_sheet_void_says_so_on_its_papers(session, people):
    sheet = verified_sheet(session, people, *started(session, people))
    papers = print_sheet_papers(session, people, sheet)
    with pytest.raises(InvalidInput, match="Give the reason"):
        replace_sheet(session, sheet, because=" ", by=people("tina"), at=START)
    with pytest.raises(Forbidden):
        replace_sheet(session, sheet, because="x", by=people("nora"), at=START)

    replace_sheet(session, sheet, because="the order changed", by=people("tina"), at=START)

    assert sheet.status is SheetStatus.REPLACED
    assert {one.replaced_because for one in papers} == {"the order changed"}
    assert actions_of(session, sheet)[-1] == ("replaced a pump sheet", "Tina Tallgrass")
    with pytest.raises(Refusal, match="cannot become"):
        replace_sheet(session, sheet, because="again", by=people("tina"), at=START)


def test_who_may_not_verify(session, people):
    version, worksheet = started(session, people)
    sheet = prepared_sheet(session, people, version, worksheet)
    for who, error, sentence in (
        ("tina", Forbidden, "pharmacy technician"),
        ("nora", Forbidden, "nurse"),
        ("ada", Forbidden, "administrator"),
    ):
        with pytest.raises(error, match=sentence):
            verify_sheet(session, sheet, password=PASSWORD, by=people(who), at=START)
    with pytest.raises(WrongPassword):
        verify_sheet(session, sheet, password="x", by=people("peter"), at=START)
    own = prepared_sheet(session, lambda _: people("peter"), version, worksheet)
    with pytest.raises(Refusal, match="You prepared this sheet"):
        verify_sheet(session, own, password=PASSWORD, by=people("peter"), at=START)
    assert own.status is SheetStatus.DRAFT and own.verification is None

    own.pump.status = PumpStatus.QUARANTINED
    with pytest.raises(Refusal, match="is quarantined, not available"):
        verify_sheet(session, own, password=PASSWORD, by=people("paula"), at=START)
    own.pump.status = PumpStatus.AVAILABLE
    version.status = OrderStatus.DISCONTINUED
    with pytest.raises(Refusal, match="is discontinued"):
        verify_sheet(session, own, password=PASSWORD, by=people("paula"), at=START)
    with pytest.raises(Refusal, match="is discontinued"):
        prepared_sheet(session, people, version, worksheet)


def refused(session, people, version, worksheet, sentence, **changes):
    count = len(session.scalars(select(ProgramSheet)).all())
    with pytest.raises(Refusal, match=sentence) as found:
        prepared_sheet(session, people, version, worksheet, **changes)
    assert len(session.scalars(select(ProgramSheet)).all()) == count
    return found.value.field


def test_which_pumps_may_not_go(session, people):
    version, worksheet = started(session, people)
    overdue, older, good = (
        sample_pump(session, OVERDUE_PUMP),
        sample_pump(session, OLDER_PUMP),
        sample_pump(session),
    )
    quiet = session.scalar(select(Patient).where(Patient.id != version.order.patient_id))
    tina = people("tina")
    with pytest.raises(Forbidden):
        prepared_sheet(session, lambda _: people("dan"), version, worksheet)

    assert refused(session, people, version, worksheet, "Maintenance of pump PUMP-0017 is due on Wed 28 Oct",
                   pump=overdue) == "pump"  # fmt: skip
    refused(session, people, version, worksheet, "labels are for another kind", pump=older)
    for status, patient, cleaned, sentence in (
        (PumpStatus.CLEANING, None, None, "is cleaning, not available"),
        (PumpStatus.QUARANTINED, None, None, "is quarantined"),
        (PumpStatus.RETIRED, None, None, "is retired"),
        (PumpStatus.WITH_PATIENT, quiet.id, date(2026, 11, 1), "is with another patient"),
        (PumpStatus.AVAILABLE, None, None, "was not cleaned"),
    ):
        good.status, good.patient_id, good.cleaned_on = status, patient, cleaned
        session.flush()
        refused(session, people, version, worksheet, sentence)
    good.status, good.patient_id, good.cleaned_on = PumpStatus.AVAILABLE, None, date(2026, 11, 1)
    sheet = prepared_sheet(session, people, version, worksheet)
    sheet.patient = quiet
    session.flush()
    refused(session, people, version, worksheet, "promised to another patient")
    sheet.patient = version.order.patient
    good.status, good.patient_id = PumpStatus.WITH_PATIENT, version.order.patient_id
    assert prepared_sheet(session, people, version, worksheet).prepared_by == tina


def test_maintenance_due_around_the_last_infusion(session, people):
    version, worksheet = started(session, people, days=(0, 1))
    last = FIRST_DOSE.date() + timedelta(days=1)
    pump = sample_pump(session)

    pump.maintenance_due = last - timedelta(days=1)
    refused(session, people, version, worksheet, "before the last infusion on Tue 10 Nov 2026")
    for due in (last, last + timedelta(days=1)):
        pump.maintenance_due = due
        assert prepared_sheet(session, people, version, worksheet).status is SheetStatus.DRAFT


def test_only_bags_that_are_being_made_for_this_order(session, people):
    version = order_in_force(session, people)
    worksheet = checked_worksheet(session, people, version, bags=1, doses=on_days(0))
    assert refused(session, people, version, worksheet, "is checked. A sheet is made from") == "worksheet"
    assert list_versions_without_sheet(session, site_id=1) == []
    worksheet.status = WorksheetStatus.CANCELLED
    refused(session, people, version, worksheet, "is cancelled")

    other, _ = started(session, people, days=(0,), frequency="daily")
    assert refused(session, people, other, worksheet, "another prescription") == "worksheet"


def test_what_the_program_refuses_gives_no_sheet(session, people):
    version, worksheet = started(session, people)
    refused(
        session, people, version, worksheet, "No pump cycle can hold 2 of every 3 days", mode="intermittent"
    )
    assert refused(session, people, version, worksheet, "Choose the mode", mode="bolus") == "mode"


def test_a_flag_goes_on_with_a_reason_that_is_kept_and_printed(session, people):
    version, worksheet = started(session, people, days=(0, 1), frequency="daily")
    with pytest.raises(InvalidInput, match="Give the reason for going on: The pump starts") as refusal:
        prepared_sheet(session, people, version, worksheet, mode="intermittent")
    assert refusal.value.field == "flag_reason"

    sheet = prepared_sheet(
        session, people, version, worksheet, mode="intermittent", flag_reason=" The patient stays connected. "
    )

    assert (sheet.verdict, sheet.flag_reason) == ("flag", "The patient stays connected.")
    assert [one.field for one in read_program(sheet).settings][2:5] == [
        "Dose Volume",
        "Dose Duration",
        "Dose Cycle",
    ]


def test_a_rate_that_is_not_the_labels_is_refused(session, people):
    version, worksheet = started(session, people)
    with session.no_autoflush:
        worksheet.rate_ml_per_h = Decimal("10.4")
        with pytest.raises(Refusal, match="would run at 10.5.* and the bags' labels say 10.4"):
            prepared_sheet(session, people, version, worksheet)


def test_bags_that_no_day_can_take_are_said(session, people):
    version, worksheet = started(session, people, days=(0, 1, 3))
    for bag in worksheet.bags[1:]:
        bag.beyond_use_at = FIRST + timedelta(hours=1)
    with pytest.raises(InvalidInput, match="has no day: it cannot be started"):
        prepared_sheet(session, people, version, worksheet)
    for bag in worksheet.bags:
        bag.beyond_use_at = FIRST
    refused(session, people, version, worksheet, "None of the bags can be started for a dose ahead")


def test_reference_data_past_its_review_is_refused(session, people):
    version, worksheet = started(session, people)
    entry = session.scalar(select(AdoptedEntry).where(AdoptedEntry.key == "cadd-solis-vip"))
    with session.no_autoflush:
        entry.review_by = START.date()
        ensure_reference_in_review(session, sample_pump(session), version.drug, at=START)
        entry.review_by = START.date() - timedelta(days=1)
        refused(session, people, version, worksheet, "CADD-Solis VIP 2120 was to be reviewed by")


def test_bags_at_home_go_to_the_days_of_the_new_frequency(session, people):
    """From daily to 2 of every 3 days: bags delivered for every day keep only the days that are left."""
    old, worksheet = started(session, people, days=(0, 1, 2, 3), frequency="daily")
    first = verified_sheet(session, people, old, worksheet)
    for bag in worksheet.bags:
        bag.status = BagStatus.DELIVERED
    at = FIRST + timedelta(hours=14)
    changed = enter_change(
        session,
        old,
        frequency_as_written=TWO_OF_THREE,
        anchor=FIRST_DOSE + timedelta(days=1),
        effective=FIRST_DOSE + timedelta(hours=15),
        reason="Magnesium is in range.",
        received_how="telephone",
        read_back=True,
        by=people("paula"),
        at=at,
    )
    new = verified(session, people, changed, by="peter", at=at)
    assert list_versions_without_sheet(session, site_id=1) == [new]

    sheet = prepared_sheet(session, people, new, worksheet, at=at)

    serials = [bag.serial for bag in worksheet.bags]
    assert [(one.starts, one.bag) for one in read_calendar(sheet).infusions] == list(
        zip(on_days(1, 2, 4), serials[1:], strict=True)
    )
    assert sheet.replaces_id == first.id and list_sheets_in_force(session, old.id) == [first]
