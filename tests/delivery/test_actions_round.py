"""A day's batch: its stops, what stops it from leaving, proof at the door, and what comes back."""

from __future__ import annotations

import json
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from pharmacy.accounts.queries import find_person
from pharmacy.audit.models import AuditEntry
from pharmacy.delivery import actions
from pharmacy.delivery.models import DeliveryStop, PackedBag
from pharmacy.delivery.queries import get_stop, list_packed, list_without_stop
from pharmacy.domain.barcodes import SerialPrefix, parse_serial
from pharmacy.domain.drawn_signature import LEAST_POINTS
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal, ScanRefused
from pharmacy.domain.statuses import (
    BagStatus,
    DeliveryStatus,
    LotStatus,
    OrderStatus,
    PlanStatus,
    PumpStatus,
    StopStatus,
)
from pharmacy.prescriptions.models import ChangeTask
from pharmacy.pumps.actions import replace_sheet, take_back_pump
from pharmacy.pumps.queries import find_verified_sheet
from tests.conftest import START
from tests.therapy.deliveries import (
    DRAWN,
    delivered_stop,
    opened_stop,
    packed_stop,
    planned_delivery,
    released_delivery,
    sent_stop,
)
from tests.therapy.orders import order_in_force

TOMORROW = date(2026, 11, 10)


def open_batch(session, people, **changes):
    values = {"delivers_on": TOMORROW, "driver": people("dan"), "by": people("tina"), "at": START} | changes
    return actions.open_batch(session, **values)


def prove(session, people, stop, *, by="dan", **changes):
    values = {
        "received_by": "Basil Larkspur",
        "relationship": "spouse or partner",
        "signature_kind": "drawn",
        "signature_content": DRAWN,
    }
    return actions.record_proof(session, stop, **values | changes, by=people(by), at=stop.batch.left_at)


def test_a_batch_has_its_own_serial_and_only_a_driver(session, people):
    batch = open_batch(session, people)

    assert parse_serial(batch.serial).prefix is SerialPrefix.MANIFEST
    assert (batch.status, batch.driver.username) == (DeliveryStatus.OPEN, "dan")
    assert open_batch(session, people, delivers_on=START.date()).serial != batch.serial
    for changes, error, sentence in (
        ({"delivers_on": date(2026, 11, 8)}, InvalidInput, "is past"),
        ({"driver": people("theo")}, InvalidInput, "Theo Thimble does not drive"),
        ({"by": people("dan")}, Forbidden, "may not pack deliveries"),
        ({"by": people("nora")}, Forbidden, "may not pack deliveries"),
    ):
        with pytest.raises(error, match=sentence):
            open_batch(session, people, **changes)
    with pytest.raises(Refusal, match="has no stop"):
        actions.send_out(session, batch, by=people("tina"), at=START)
    with pytest.raises(InvalidInput):
        actions.cancel_batch(session, batch, reason="", by=people("tina"), at=START)
    actions.cancel_batch(session, batch, reason="nobody to visit", by=people("tina"), at=START)
    assert batch.status is DeliveryStatus.CANCELLED


def test_stops_come_from_signed_plans_with_consent_on_their_day(session, people):
    planned = planned_delivery(session, people, order_in_force(session, people))
    plan, batch = planned.plan, open_batch(session, people)
    add = lambda to: actions.add_stop(session, to, planned, by=people("tina"), at=START)  # noqa: E731

    for status, sentence in (
        (PlanStatus.PROPOSED, "is not signed by a pharmacist yet"),
        (PlanStatus.REPLACED, "This dispense plan is replaced"),
    ):
        plan.status = status
        session.flush()
        assert list_without_stop(session, site_id=1, day=TOMORROW) == []
        with pytest.raises(Refusal, match=sentence):
            add(batch)
    plan.status = PlanStatus.SIGNED
    assert list_without_stop(session, site_id=1, day=TOMORROW) == [planned]
    with session.no_autoflush:
        plan.home_count.consent_to_ship = False
        with pytest.raises(Refusal, match="does not record consent to ship"):
            add(batch)
        plan.home_count.consent_to_ship = True
    with pytest.raises(Refusal, match="on Tue 10 Nov 2026 and batch .* is for Wed 11 Nov 2026"):
        add(open_batch(session, people, delivers_on=date(2026, 11, 11)))

    stop = add(batch)

    patient = plan.patient
    assert (stop.position, stop.name, stop.phone) == (1, patient.name, "555-0146")
    patient.address = "a new house"
    assert stop.address == "46 Sample Lane, Sampleton, NY 10000"
    with pytest.raises(Refusal, match=f"is stop 1 of batch {batch.serial} already"):
        add(open_batch(session, people))
    with pytest.raises(Refusal, match="Cancel its stops first"):
        actions.cancel_batch(session, batch, reason="x", by=people("tina"), at=START)
    actions.cancel_stop(session, stop, reason="the patient is away", by=people("tina"), at=START)
    assert stop.status is StopStatus.CANCELLED
    assert add(batch).position == 2


def test_cancelling_a_stop_takes_its_bags_out(session, people):
    stop = packed_stop(session, people, released_delivery(session, people, order_in_force(session, people)))
    bags = [one.bag for one in list_packed(stop)]

    actions.cancel_stop(session, stop, reason="away", by=people("tina"), at=START)

    assert {bag.status for bag in bags} == {BagStatus.RELEASED}
    assert list_packed(stop) == [] and stop.pump is None
    assert {one.taken_out_because for one in stop.packed_bags} == {"the stop was cancelled: away"}


def test_what_keeps_a_batch_from_leaving(session, people):
    stop = packed_stop(session, people, released_delivery(session, people, order_in_force(session, people)))
    batch, version = stop.batch, stop.planned_delivery.plan.order_version
    sheet = find_verified_sheet(session, version.id)
    lot = list_packed(stop)[0].bag.components[0].lot
    task = ChangeTask(
        site_id=1, order_version_id=version.id, position=1, kind="too many", subject_type="bag",
        sentence="A bag is too many.", action="Take it out.", blocks=True, created_at=START,
    )  # fmt: skip

    def not_yet(sentence, at=START):
        session.flush()
        with pytest.raises(Refusal, match=sentence):
            actions.send_out(session, batch, by=people("tina"), at=at)
        assert batch.status is DeliveryStatus.OPEN and batch.left_at is None

    checked = (stop.checked_by, stop.checked_at)
    stop.checked_by, stop.checked_at = None, None
    not_yet("Stop 1, Larkspur, Marigold, may not leave. Nobody has checked its box")
    stop.checked_by, stop.checked_at = checked
    version.status = OrderStatus.DISCONTINUED
    not_yet("may not leave. Version 1 of Rx .* is discontinued")
    version.status = OrderStatus.IN_FORCE
    session.add(task)
    not_yet("A bag is too many. Take it out")
    task.done_at, task.done_by = START, people("tina")
    lot.status = LotStatus.RECALLED
    not_yet(f"Lot {lot.number} of .* is recalled")
    lot.status = LotStatus.AVAILABLE
    sheet.pump.status = PumpStatus.QUARANTINED
    not_yet("Pump PUMP-0042 is quarantined, not available")
    sheet.pump.status = PumpStatus.AVAILABLE
    not_yet("was for Tue 10 Nov 2026; open one for another day", at=START + timedelta(days=2))
    with pytest.raises(Forbidden):
        actions.send_out(session, batch, by=people("dan"), at=START)

    actions.send_out(session, batch, by=people("tina"), at=START)

    assert (batch.status, batch.left_at) == (DeliveryStatus.ON_THE_WAY, START)
    for action in (actions.reopen_packing, actions.cancel_stop):
        with pytest.raises(Refusal, match="is on the way; its boxes are closed"):
            action(session, stop, reason="x", by=people("tina"), at=START)


def test_a_replaced_sheet_keeps_the_box_here(session, people):
    stop = packed_stop(session, people, released_delivery(session, people, order_in_force(session, people)))
    sheet = find_verified_sheet(session, stop.planned_delivery.plan.order_version_id)

    replace_sheet(session, sheet, because="the pump is exchanged", by=people("tina"), at=START)

    with pytest.raises(Refusal, match="No verified pump programming sheet is in force"):
        actions.send_out(session, stop.batch, by=people("tina"), at=START)


def test_proof_delivers_bags_and_pump_at_that_instant(session, people):
    stop = sent_stop(session, people, released_delivery(session, people, order_in_force(session, people)))
    bags = [one.bag for one in list_packed(stop)]
    points = [[one, 1] for one in range(LEAST_POINTS)]
    for changes, error, sentence in (
        ({"by": "tina"}, Forbidden, "may not deliver"),
        ({"received_by": " "}, InvalidInput, "name of the person"),
        ({"relationship": ""}, InvalidInput, "who that is to the patient"),
        ({"received_by": "dan  DAPPLEWOOD"}, InvalidInput, "Staff never sign for a patient"),
        ({"received_by": "Paula Penhallow"}, InvalidInput, "works at the pharmacy"),
        ({"signature_content": "[]"}, InvalidInput, "Draw the whole signature"),
        ({"signature_content": json.dumps([[*points, [1001, 0]]])}, InvalidInput, "cannot be read"),
        ({"signature_kind": "typed", "signature_content": " "}, InvalidInput, "type their name"),
        (
            {"signature_kind": "typed", "signature_content": "Dan Dapplewood"},
            InvalidInput,
            "Staff never sign",
        ),
        ({"signature_kind": "waved"}, InvalidInput, "drawn or typed"),
    ):
        with pytest.raises(error, match=sentence):
            prove(session, people, stop, **changes)
    assert stop.status is StopStatus.PACKED and stop.received_by is None
    assert {bag.status for bag in bags} == {BagStatus.PACKED}
    people("theo").role = people("dan").role
    with pytest.raises(Forbidden, match="round of Dan Dapplewood"):
        prove(session, people, stop, by="theo")

    prove(session, people, stop)

    assert (stop.status, stop.finished_at, stop.batch.status) == (
        StopStatus.DELIVERED,
        START,
        DeliveryStatus.CLOSED,
    )
    assert {bag.status for bag in bags} == {BagStatus.DELIVERED}
    assert (stop.pump.status, stop.pump.patient_id) == (PumpStatus.WITH_PATIENT, stop.patient_id)
    session.flush()
    for column, value in (("received_by", "'x'"), ("signature_content", "'[]'"), ("status", "'packed'")):
        with pytest.raises(DBAPIError, match="frozen and does not change"), session.begin_nested():
            session.execute(text(f"UPDATE delivery_stop SET {column} = {value} WHERE id = {stop.id}"))
    with pytest.raises(Refusal, match="there is nothing to deliver"):
        prove(session, people, stop)
    take_back_pump(session, stop.pump, by=people("tina"), at=START)
    assert (stop.pump.status, stop.pump.patient_id, stop.pump.cleaned_on) == (PumpStatus.CLEANING, None, None)


def test_what_is_not_delivered_comes_back_and_never_goes_out_again(session, people):
    planned = released_delivery(session, people, order_in_force(session, people))
    stop = sent_stop(session, people, planned)
    bags = [one.bag for one in list_packed(stop)]
    with pytest.raises(InvalidInput, match="Give the reason"):
        actions.record_not_delivered(session, stop, reason=" ", by=people("dan"), at=START)

    actions.record_not_delivered(session, stop, reason="nobody at home", by=people("dan"), at=START)

    assert (stop.status, stop.batch.status) == (StopStatus.NOT_DELIVERED, DeliveryStatus.CLOSED)
    assert {bag.status for bag in bags} == {BagStatus.RETURNED}
    assert stop.pump.status is PumpStatus.AVAILABLE
    with pytest.raises(Refusal, match="is stop 1 of batch .* already"):
        opened_stop(session, people, planned)


def test_the_next_delivery_needs_no_second_pump(session, people):
    version = order_in_force(session, people)
    first = delivered_stop(session, people, version)
    later = first.finished_at + timedelta(hours=20)

    second = delivered_stop(session, people, version, bags=1, at=later)

    assert second.pump is None and first.pump.patient_id == second.patient_id
    assert {one.bag.status for one in list_packed(second)} == {BagStatus.DELIVERED}


def test_two_people_packing_the_same_bag_at_once(database):
    """One success and one refusal, on both databases: writers are served one after the other."""
    with database.transaction() as session:
        people = lambda name: find_person(session, name)  # noqa: E731
        planned = released_delivery(session, people, order_in_force(session, people))
        stop = opened_stop(session, people, planned)
        stop_id, serial = stop.id, planned.worksheet.bags[0].serial
    barrier, said = Barrier(2), []

    def pack(username):
        barrier.wait()
        try:
            with database.transaction() as session:
                by = find_person(session, username)
                stop = get_stop(session, stop_id, site_id=1)
                actions.pack_bag(session, stop, serial, by=by, at=START)
            said.append("packed")
        except ScanRefused as refusal:
            said.append(refusal.sentence)

    threads = [Thread(target=pack, args=(name,)) for name in ("tina", "theo")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sorted(one.partition("packed already")[1] or one for one in said) == ["packed", "packed already"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PackedBag)) == 1
        assert session.scalar(
            select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "packed a bag")
        ) == 1  # fmt: skip
        assert session.scalar(select(DeliveryStop.status)) is StopStatus.OPEN


def test_the_database_itself_keeps_a_bag_in_one_box(session, people):
    planned = released_delivery(session, people, order_in_force(session, people))
    stop = opened_stop(session, people, planned)
    bag = planned.worksheet.bags[0]
    actions.pack_bag(session, stop, bag.serial, by=people("tina"), at=START)

    packed = "INSERT INTO packed_bag (stop_id, bag_id, packed_by_id, packed_at) VALUES (:stop, :bag, 1, :at)"
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text(packed), {"stop": stop.id, "bag": bag.id, "at": "2026-11-09 14:00:00"})
