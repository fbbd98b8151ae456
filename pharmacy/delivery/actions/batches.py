"""Open a day's batch, put stops on it, take them off, and send it out."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import begin_life, move, record
from pharmacy.delivery.actions.packing import take_out
from pharmacy.delivery.actions.readiness import (
    ensure_bags_may_go,
    ensure_batch_open,
    ensure_calendar_holds,
    ensure_order_holds,
    ensure_sheet_goes_along,
)
from pharmacy.delivery.models import DeliveryBatch, DeliveryStop
from pharmacy.delivery.queries import find_stop_of, list_packed
from pharmacy.dispensing.models import PlannedDelivery
from pharmacy.dispensing.queries import count_bags_to_bring, ensure_consent_to_ship, ensure_plan_in_force
from pharmacy.domain.barcodes import SerialPrefix
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formatting import day
from pharmacy.domain.lifecycle import say
from pharmacy.domain.local_time import to_local
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.statuses import DELIVERY_MOVES, STOP_MOVES, DeliveryStatus, StopStatus
from pharmacy.prescriptions.queries import ensure_in_force
from pharmacy.printing.actions import next_serial


def open_batch(
    session: Session, *, delivers_on: date, driver: Person, by: Person, at: datetime
) -> DeliveryBatch:
    """Open a batch: one driver's round of one day. Refuses a past day and somebody who does not drive."""
    ensure_may(by.role, Permission.PACK_DELIVERIES)
    today = to_local(at, ZoneInfo(by.site.time_zone)).date()
    if delivers_on < today:
        raise InvalidInput("The day of the deliveries is past.", field="delivers_on")
    if not driver.may(Permission.DRIVE_DELIVERIES) or not driver.active or driver.site_id != by.site_id:
        raise InvalidInput(f"{driver.name} does not drive deliveries here.", field="driver")
    batch = DeliveryBatch(
        site_id=by.site_id,
        serial=next_serial(session, DeliveryBatch, SerialPrefix.MANIFEST),
        delivers_on=delivers_on,
        driver=driver,
        status=DeliveryStatus.OPEN,
        opened_by=by,
        opened_at=at,
    )
    session.add(batch)
    begin_life(session, batch, by=by, at=at)
    record(session, batch, "opened a delivery batch", by=by, at=at,
           serial=batch.serial, delivers_on=delivers_on, driver=driver.name)  # fmt: skip
    return batch


def add_stop(
    session: Session, batch: DeliveryBatch, planned: PlannedDelivery, *, by: Person, at: datetime
) -> DeliveryStop:
    """Put a planned delivery on a batch of its day; name, address and phone are kept as they are now.

    Refuses a plan that is not signed and in force, an order that does not hold, a shipment without consent,
    and a delivery that is on a batch already.
    """
    ensure_may(by.role, Permission.PACK_DELIVERIES)
    if batch.status is not DeliveryStatus.OPEN:
        raise Refusal(f"Batch {batch.serial} is {say(batch.status)}; no stop is added.")
    plan = planned.plan
    ensure_plan_in_force(plan)
    ensure_in_force(session, plan.order_version, at=at)
    ensure_consent_to_ship(plan)
    _ensure_same_day(batch, planned, by=by)
    _ensure_on_no_batch(session, planned)
    if count_bags_to_bring(planned) == 0:
        raise Refusal("This delivery brings no bag; there is nothing to deliver.")
    patient = plan.patient
    stop = DeliveryStop(
        position=max((one.position for one in batch.stops), default=0) + 1,
        patient=patient,
        planned_delivery=planned,
        status=StopStatus.OPEN,
        name=patient.name,
        address=patient.address,
        phone=patient.phone,
        instructions=patient.delivery_instructions,
    )
    batch.stops.append(stop)
    begin_life(session, stop, by=by, at=at)
    record(session, stop, "added a stop", by=by, at=at, serial=batch.serial, position=stop.position,
           patient=patient.id, delivery=planned.id, name=stop.name, address=stop.address)  # fmt: skip
    return stop


def _ensure_same_day(batch: DeliveryBatch, planned: PlannedDelivery, *, by: Person) -> None:
    arrives = to_local(planned.arrives_at, ZoneInfo(by.site.time_zone)).date()
    if arrives != batch.delivers_on:
        raise Refusal(
            f"The plan has this delivery on {day(arrives)} and batch {batch.serial} is for"
            f" {day(batch.delivers_on)}.",
            field="delivery",
        )


def _ensure_on_no_batch(session: Session, planned: PlannedDelivery) -> None:
    stop = find_stop_of(session, planned)
    if stop is not None:
        raise Refusal(
            f"This delivery is stop {stop.position} of batch {stop.batch.serial} already.", field="delivery"
        )


def cancel_stop(session: Session, stop: DeliveryStop, *, reason: str, by: Person, at: datetime) -> None:
    """Take a stop off a batch that has not left; its bags go back among the released ones."""
    ensure_may(by.role, Permission.PACK_DELIVERIES)
    ensure_reason(reason)
    ensure_batch_open(stop)
    reason = reason.strip()
    move(session, stop, STOP_MOVES, StopStatus.CANCELLED, what="a stop", by=by, at=at, reason=reason)
    for packed in list_packed(stop):
        take_out(session, packed, reason=f"the stop was cancelled: {reason}", by=by, at=at)
    stop.pump = None
    record(session, stop, "cancelled a stop", by=by, at=at, reason=reason, serial=stop.batch.serial)


def cancel_batch(session: Session, batch: DeliveryBatch, *, reason: str, by: Person, at: datetime) -> None:
    """Cancel a batch that has not left and has no stop any more."""
    ensure_may(by.role, Permission.PACK_DELIVERIES)
    ensure_reason(reason)
    if any(one.status is not StopStatus.CANCELLED for one in batch.stops):
        raise Refusal("Cancel its stops first, so that their bags are taken out.")
    move(session, batch, DELIVERY_MOVES, DeliveryStatus.CANCELLED, what="a delivery batch", by=by, at=at,
         reason=reason.strip())  # fmt: skip
    record(session, batch, "cancelled a delivery batch", by=by, at=at, reason=reason.strip(),
           serial=batch.serial)  # fmt: skip


def send_out(session: Session, batch: DeliveryBatch, *, by: Person, at: datetime) -> DeliveryBatch:
    """Send a batch out with its driver: every box packed and checked, every order as it was when packed.

    Refuses when an order changed and is not done with, a sheet was replaced, or a bag may no longer go.
    """
    ensure_may(by.role, Permission.PACK_DELIVERIES)
    stops = [one for one in batch.stops if one.status is not StopStatus.CANCELLED]
    if not stops:
        raise Refusal(f"Batch {batch.serial} has no stop.")
    today = to_local(at, ZoneInfo(by.site.time_zone)).date()
    if today > batch.delivers_on:
        raise Refusal(f"Batch {batch.serial} was for {day(batch.delivers_on)}; open one for another day.")
    for stop in stops:
        _ensure_stop_may_leave(session, stop, at=at)
    move(session, batch, DELIVERY_MOVES, DeliveryStatus.ON_THE_WAY, what="a delivery batch", by=by, at=at)
    batch.left_at = at
    record(session, batch, "sent a batch out", by=by, at=at, serial=batch.serial, driver=batch.driver.name,
           stops=[[one.position, one.patient_id, [p.bag.serial for p in list_packed(one)]]
                  for one in stops])  # fmt: skip
    return batch


def _ensure_stop_may_leave(session: Session, stop: DeliveryStop, *, at: datetime) -> None:
    try:
        if stop.status is not StopStatus.PACKED:
            raise Refusal("Its box is not packed.")
        if stop.checked_at is None:
            raise Refusal("Nobody has checked its box.")
        ensure_order_holds(session, stop, at=at)
        ensure_bags_may_go(session, stop, at=at)
        ensure_calendar_holds(session, stop, ensure_sheet_goes_along(session, stop))
    except Refusal as refusal:
        raise Refusal(f"Stop {stop.position}, {stop.name}, may not leave. {refusal.sentence}") from None
