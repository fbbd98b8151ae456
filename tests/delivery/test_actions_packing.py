"""Packing by scanning: what belongs into the box goes in, everything else is stopped in plain words."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pharmacy.audit.models import AuditEntry
from pharmacy.compounding.models import Bag
from pharmacy.compounding.queries import find_label_in_use
from pharmacy.delivery import actions
from pharmacy.delivery.models import PackedBag
from pharmacy.delivery.queries import find_bag_objection, list_packed
from pharmacy.domain.barcodes import SerialPrefix, make_serial
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal, ScanRefused
from pharmacy.domain.statuses import BagStatus, LotStatus, OrderStatus, PlanStatus, StopStatus
from pharmacy.patients.models import Patient
from pharmacy.pumps.actions import replace_sheet
from pharmacy.sample.pumps import OVERDUE_PUMP
from tests.conftest import START
from tests.therapy.deliveries import describe_box, filled_stop, opened_stop, released_delivery
from tests.therapy.orders import order_in_force
from tests.therapy.sheets import verified_sheet
from tests.therapy.worksheets import code_of


@pytest.fixture
def planned(session, people):
    """Give a planned delivery whose two bags are released."""
    return released_delivery(session, people, order_in_force(session, people))


@pytest.fixture
def stop(session, people, planned):
    """Give that delivery as an open stop."""
    return opened_stop(session, people, planned)


def pack(session, people, stop, code, by="tina", at=START):
    return actions.pack_bag(session, stop, code, by=people(by), at=at)


def refused(session, people, stop, code, sentence, **changes):
    """Try a scan that is stopped; nothing may have changed."""
    before = [bag.status for bag in stop.planned_delivery.worksheet.bags]
    entries = session.scalar(select(func.max(AuditEntry.number)))
    with pytest.raises(ScanRefused, match=sentence):
        pack(session, people, stop, code, **changes)
    assert [bag.status for bag in stop.planned_delivery.worksheet.bags] == before
    assert session.scalar(select(func.max(AuditEntry.number))) == entries
    assert session.scalars(select(PackedBag)).all() == []


def test_a_scan_packs_the_bag_for_its_dose(session, people, planned, stop):
    first, second = planned.worksheet.bags

    packed = pack(session, people, stop, f" {first.serial.lower()}\r\n")

    assert (packed.bag, packed.dose_at) == (first, first.planned_dose_at)
    assert first.status is BagStatus.PACKED and second.status is BagStatus.RELEASED
    entry = session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))
    assert (entry.action, entry.person_name, entry.at) == ("packed a bag", "Tina Tallgrass", START)
    with pytest.raises(ScanRefused, match=rf"packed already for stop 1 of batch {stop.batch.serial}"):
        pack(session, people, stop, first.serial)
    pack(session, people, stop, second.serial)
    assert [one.bag for one in list_packed(stop)] == [first, second]


def test_a_bag_is_taken_out_with_a_reason_and_may_go_in_again(session, people, planned, stop):
    bag = planned.worksheet.bags[0]
    packed = pack(session, people, stop, bag.serial)
    with pytest.raises(InvalidInput, match="Give the reason"):
        actions.take_out_bag(session, packed, reason=" ", by=people("tina"), at=START)

    actions.take_out_bag(session, packed, reason="the label is smudged", by=people("tina"), at=START)

    assert bag.status is BagStatus.RELEASED and list_packed(stop) == []
    assert packed.taken_out_because == "the label is smudged"
    with pytest.raises(Refusal, match="taken out already"):
        actions.take_out_bag(session, packed, reason="again", by=people("tina"), at=START)
    pack(session, people, stop, bag.serial, by="theo")
    assert len(stop.packed_bags) == 2 and len(list_packed(stop)) == 1


def test_codes_that_are_no_bag_for_this_box(session, people, planned, stop):
    worksheet, bag = planned.worksheet, planned.worksheet.bags[0]
    for code, sentence in (
        (worksheet.serial, "is not a bag"),
        (code_of(bag.components[0].lot), "not a bag's label"),
        ("hello", "not a bag's label"),
        ("", "Nothing was scanned"),
        ("B-000017", "mistyped"),
        (make_serial(SerialPrefix.BAG, 999_999), "No bag .* was made at this site"),
    ):
        refused(session, people, stop, code, sentence)
    for who in ("nora", "dan", "ada", "arlo"):
        with pytest.raises(Forbidden):
            pack(session, people, stop, bag.serial, by=who)

    for status in (BagStatus.MADE, BagStatus.QUARANTINED, BagStatus.REJECTED, BagStatus.RETURNED):
        bag.status = status
        session.flush()
        refused(session, people, stop, bag.serial, f"is {status.value}, not released")
    bag.status = BagStatus.RELEASED
    quiet = session.scalar(select(Patient).where(Patient.id != stop.patient_id))
    with session.no_autoflush:
        bag.patient_id, bag.patient = quiet.id, quiet
        sentence = "Wrong patient. Bag .* belongs to Quince, Quillon, and this box is for Larkspur, Marigold"
        refused(session, people, stop, bag.serial, sentence)


def test_a_bag_that_cannot_be_started_for_its_dose(session, people, planned, stop):
    """The beyond-use date around the planned dose, the arrival of a spare, and now."""
    bag = planned.worksheet.bags[0]
    label, dose, arrives = find_label_in_use(bag), bag.planned_dose_at, planned.arrives_at
    second = timedelta(seconds=1)

    with session.no_autoflush:
        for planned_dose, until, at, sentence in (
            (dose, dose + second, START, None),
            (
                dose,
                dose,
                START,
                "must be started before .*, and it is for the dose on Tue 10 Nov 2026 21:00 EST",
            ),
            (dose, dose - second, START, "and it is for the dose on"),
            (None, arrives + second, START, None),
            (None, arrives, START, "and the delivery arrives Tue 10 Nov 2026 12:00 EST"),
            (None, arrives + second, arrives, None),
            (None, arrives + second, arrives + second, "which has passed"),
            (None, None, START, "has no beyond-use date"),
        ):
            bag.planned_dose_at, bag.beyond_use_at = planned_dose, until
            label.beyond_use_at = until
            said = find_bag_objection(session, stop, bag, at=at)
            assert (said is None) if sentence is None else re.search(sentence, said), (until, said)
        bag.planned_dose_at, bag.beyond_use_at = dose, dose
        label.beyond_use_at = dose
        refused(session, people, stop, bag.serial, "and it is for the dose on")


def test_labels_orders_plans_and_lots_that_do_not_hold(session, people, planned, stop):
    bag = planned.worksheet.bags[0]
    label, version, plan = find_label_in_use(bag), planned.plan.order_version, planned.plan
    lot = bag.components[0].lot

    def tried(sentence):
        session.flush()
        with pytest.raises(Refusal, match=sentence):
            pack(session, people, stop, bag.serial)
        assert bag.status is BagStatus.RELEASED

    lot.status = LotStatus.QUARANTINED
    tried(f"Lot {lot.number} of .* is in quarantine. It is in bag {bag.serial}: put the bag aside")
    lot.status = LotStatus.RECALLED
    tried("is recalled")
    lot.status = LotStatus.AVAILABLE
    plan.status = PlanStatus.REPLACED
    tried("This dispense plan is replaced")
    plan.status = PlanStatus.SIGNED
    version.status = OrderStatus.ON_HOLD
    tried("is on hold")
    version.status = OrderStatus.IN_FORCE
    with session.no_autoflush:
        version.bags_authorised = 0
        with pytest.raises(ScanRefused, match="authorises 0 bags, and as many are dispensed"):
            pack(session, people, stop, bag.serial)
        version.bags_authorised = 90
    session.flush()
    with session.no_autoflush:
        kept = bag.beyond_use_at
        bag.beyond_use_at = kept - timedelta(hours=1)
        refused(session, people, stop, bag.serial, "has another beyond-use date than the bag")
        bag.beyond_use_at = kept
        label.applied_at = None
        refused(session, people, stop, bag.serial, "No label was scanned on bag")
        label.destroyed_at = START
        refused(session, people, stop, bag.serial, "No label was scanned on bag")


def test_closing_the_box_needs_everything(session, people, planned):
    stop = filled_stop(session, people, planned)
    bags = [one.bag for one in list_packed(stop)]

    def finish(by="tina", **changes):
        return actions.finish_packing(session, stop, by=people(by), at=START, **changes)

    def not_yet(sentence, error=Refusal, **changes):
        session.flush()
        with pytest.raises(error, match=sentence):
            finish(**changes)
        assert stop.status is StopStatus.OPEN and stop.packed_at is None

    stop.packages = None
    not_yet("how many packages")
    describe_box(session, people, stop)
    consent = planned.plan.home_count
    assert consent.consent_to_ship
    planned.plan.order_version.status = OrderStatus.DISCONTINUED
    not_yet("is discontinued")
    planned.plan.order_version.status = OrderStatus.IN_FORCE
    actions.take_out_pump(session, stop, reason="x", by=people("tina"), at=START)
    not_yet("Pump PUMP-0042 of the sheet is not in the box")
    for asset, sentence in (
        ("PUMP-9999", "No pump has"),
        (OVERDUE_PUMP, "Wrong pump. PUMP-0017 is not PUMP-0042"),
    ):
        with pytest.raises(ScanRefused, match=sentence):
            actions.pack_pump(session, stop, asset, by=people("tina"), at=START)
    actions.pack_pump(session, stop, " pump-0042", by=people("tina"), at=START)
    out = list_packed(stop)[1]
    actions.take_out_bag(session, out, reason="x", by=people("tina"), at=START)
    not_yet("1 bag in the box and 2 bags signed", InvalidInput)
    not_yet("Only a pharmacist may let another number go", Forbidden, reason="one leaks")
    pack(session, people, stop, bags[1].serial)

    finish()

    assert (stop.status, stop.packed_by.username, stop.packed_at) == (StopStatus.PACKED, "tina", START)
    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "finished packing"))
    assert bags[0].serial in entry.details and "can be started before" in entry.details
    with pytest.raises(Refusal, match="is packed; open it again first"):
        pack(session, people, stop, bags[0].serial)


def test_fewer_bags_go_with_a_pharmacists_reason(session, people, planned):
    stop = filled_stop(session, people, planned)
    actions.take_out_bag(session, list_packed(stop)[1], reason="leaks", by=people("tina"), at=START)

    reason = " One leaks; the next is made tomorrow. "
    actions.finish_packing(session, stop, reason=reason, by=people("paula"), at=START)

    assert stop.bags_because == "One leaks; the next is made tomorrow."
    actions.reopen_packing(session, stop, reason="x", by=people("tina"), at=START)
    actions.take_out_bag(session, list_packed(stop)[0], reason="x", by=people("tina"), at=START)
    with pytest.raises(Refusal, match="An empty box does not leave"):
        actions.finish_packing(session, stop, reason="none", by=people("paula"), at=START)


def test_a_box_needs_the_verified_sheet_of_these_very_bags(session, people, planned):
    stop = filled_stop(session, people, planned)
    version, worksheet = planned.plan.order_version, planned.worksheet
    first = verified_sheet(session, people, version, worksheet)

    def finish():
        session.flush()
        return actions.finish_packing(session, stop, by=people("tina"), at=START)

    other = worksheet.bags[0].serial
    with session.no_autoflush:
        kept = first.calendar
        first.calendar = kept.replace(other, "B-000016X")
        with pytest.raises(Refusal, match=f"Bag {other} is not on the calendar of pump sheet version 2"):
            actions.finish_packing(session, stop, by=people("tina"), at=START)
        first.calendar = kept
        worksheet.bags[1].status = BagStatus.QUARANTINED
        with pytest.raises(Refusal, match="The calendar names bag .* and it is quarantined"):
            actions.finish_packing(session, stop, by=people("tina"), at=START)
        worksheet.bags[1].status = BagStatus.PACKED
    replace_sheet(session, first, because="x", by=people("tina"), at=START)
    with pytest.raises(Refusal, match="No verified pump programming sheet is in force for version 1"):
        finish()
    verified_sheet(session, people, version, worksheet)
    assert finish().status is StopStatus.PACKED


def test_a_second_person_checks_the_box(session, people, planned):
    stop = filled_stop(session, people, planned)

    def check(by):
        return actions.check_packing(session, stop, by=people(by), at=START)

    with pytest.raises(Refusal, match="is open; it is checked once it is packed"):
        check("theo")
    actions.finish_packing(session, stop, by=people("theo"), at=START)
    for packer in ("tina", "theo"):
        with pytest.raises(Refusal, match="You packed this box; another person checks it"):
            check(packer)
    with pytest.raises(Forbidden):
        check("nora")
    check("peter")

    assert (stop.checked_by.username, stop.checked_at) == ("peter", START)
    with pytest.raises(Refusal, match="Peter Pomfret checked this box already"):
        check("paula")
    actions.reopen_packing(session, stop, reason="one more look", by=people("tina"), at=START)
    assert stop.status is StopStatus.OPEN and stop.checked_by is None and stop.packed_by is None
    assert all(bag.status is BagStatus.PACKED for bag in session.scalars(select(Bag).where(Bag.id.in_(
        [one.bag_id for one in list_packed(stop)]))))  # fmt: skip
