"""Pack a stop's box by scanning: what does not belong there is stopped in plain words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import move, record
from pharmacy.compounding.models import Bag
from pharmacy.compounding.queries import count_bags_dispensed, find_bag
from pharmacy.delivery.actions.readiness import ensure_packing, order_version_of
from pharmacy.delivery.models import DeliveryStop, PackedBag, SecondLook
from pharmacy.delivery.queries import (
    find_bag_objection,
    find_box_of,
    find_dose,
    needs_second_look,
)
from pharmacy.dispensing.queries import ensure_plan_in_force
from pharmacy.domain.errors import Refusal, ScanRefused
from pharmacy.domain.formatting import counted
from pharmacy.domain.interception import Cause, Reading
from pharmacy.domain.lifecycle import say
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.statuses import BAG_MOVES, BagStatus
from pharmacy.prescriptions.queries import ensure_in_force
from pharmacy.pumps.models import Pump
from pharmacy.pumps.queries import find_pump_by_asset, find_verified_sheet
from pharmacy.scanning import read_bag_serial, reading_of

ASIDE = "Put it aside and find out why it is here."


def pack_bag(session: Session, stop: DeliveryStop, raw: str, *, by: Person, at: datetime) -> PackedBag:
    """Pack the bag whose label was scanned.

    Refuses with ScanRefused a bag of another patient or prescription, one that is not released or lies in a
    box, one whose label or order no longer holds, and one that cannot be started for its dose.
    """
    ensure_may(by.role, Permission.PACK_DELIVERIES)
    ensure_packing(stop)
    ensure_plan_in_force(stop.planned_delivery.plan)
    with reading_of(raw) as seen:
        bag = _read_bag(session, seen, site_id=by.site_id)
        _ensure_belongs(stop, bag)
        _ensure_released(session, bag)
        _ensure_still_ordered(session, stop, bag, at=at)
        _ensure_seen_today(session, bag, at=at)
    packed = PackedBag(bag=bag, dose_at=find_dose(stop.planned_delivery, bag), packed_by=by, packed_at=at)
    move(session, bag, BAG_MOVES, BagStatus.PACKED, what="a bag", by=by, at=at)
    stop.packed_bags.append(packed)
    record(session, packed, "packed a bag", by=by, at=at, serial=bag.serial, raw=raw,
           batch=stop.batch.serial, stop=stop.position, dose=packed.dose_at)  # fmt: skip
    return packed


def _read_bag(session: Session, seen: Reading, *, site_id: int) -> Bag:
    serial = read_bag_serial(seen)
    bag = find_bag(session, serial, site_id=site_id)
    if bag is None:
        why = f"No bag {serial} was made at this site."
        raise ScanRefused(why, action=ASIDE, cause=Cause.NOT_A_LABEL)
    return bag


def _ensure_belongs(stop: DeliveryStop, bag: Bag) -> None:
    if bag.is_free_stock:
        raise ScanRefused(
            f"Bag {bag.serial} is in stock and not for a patient yet.",
            action="Allocate it to the order, label it and have it checked first.",
            cause=Cause.WRONG_PATIENT,
        )
    if bag.patient_id != stop.patient_id:
        raise ScanRefused(
            f"Wrong patient. Bag {bag.serial} belongs to {bag.get_patient().name}, and this box is for"
            f" {stop.patient.name}.",
            action=ASIDE,
            cause=Cause.WRONG_PATIENT,
        )
    order = order_version_of(stop).order
    if bag.get_order_version().order_id != order.id:
        raise ScanRefused(
            f"Bag {bag.serial} is of another prescription than Rx {order.rx_number}, "
            "which is delivered here.",
            action=ASIDE,
            cause=Cause.WRONG_ORDER,
        )


def _ensure_released(session: Session, bag: Bag) -> None:
    if bag.status is BagStatus.PACKED:
        box = find_box_of(session, bag)
        where = f" for stop {box.stop.position} of batch {box.stop.batch.serial}" if box else ""
        raise ScanRefused(f"Bag {bag.serial} is packed already{where}.", cause=Cause.SCANNED_TWICE)
    if bag.status is not BagStatus.RELEASED:
        why = f"Bag {bag.serial} is {say(bag.status)}, not released."
        raise ScanRefused(why, action=ASIDE, cause=Cause.NOT_RELEASED)


def _ensure_still_ordered(session: Session, stop: DeliveryStop, bag: Bag, *, at: datetime) -> None:
    version = order_version_of(stop)
    try:
        ensure_in_force(session, version, at=at)
    except Refusal as refusal:
        raise ScanRefused(refusal.sentence, cause=Cause.NOT_IN_FORCE) from None
    objection = find_bag_objection(session, stop, bag, at=at)
    if objection:
        raise ScanRefused(objection, cause=Cause.PAST_USE)
    if count_bags_dispensed(session, version.order_id) >= version.bags_authorised:
        authorised = counted(version.bags_authorised, "bag")
        why = f"The order authorises {authorised}, and as many are dispensed or packed."
        raise ScanRefused(why, cause=Cause.NOT_IN_FORCE)


def _ensure_seen_today(session: Session, bag: Bag, *, at: datetime) -> None:
    if needs_second_look(session, bag, at=at):
        raise Refusal(
            f"Bag {bag.serial} was not looked at today. Look at it again before it is packed, and say what"
            " you see."
        )


def look_again(session: Session, stop: DeliveryStop, raw: str, *, by: Person, at: datetime) -> SecondLook:
    """Confirm that a bag was looked at on the day it is packed and is right (domain.md 2.4)."""
    ensure_may(by.role, Permission.PACK_DELIVERIES)
    ensure_packing(stop)
    with reading_of(raw) as seen:
        bag = _read_bag(session, seen, site_id=by.site_id)
        _ensure_belongs(stop, bag)
        _ensure_released(session, bag)
    look = SecondLook(bag_id=bag.id, stop_id=stop.id, person=by, at=at)
    session.add(look)
    record(session, look, "looked at a bag again before packing", by=by, at=at, serial=bag.serial)
    return look


def take_out_bag(session: Session, packed: PackedBag, *, reason: str, by: Person, at: datetime) -> PackedBag:
    """Undo a scan: take a bag out of an open box again, with the reason; it stays released."""
    ensure_may(by.role, Permission.PACK_DELIVERIES)
    ensure_reason(reason)
    ensure_packing(packed.stop)
    if packed.taken_out_at is not None:
        raise Refusal(f"Bag {packed.bag.serial} was taken out already.")
    take_out(session, packed, reason=reason.strip(), by=by, at=at)
    return packed


def take_out(session: Session, packed: PackedBag, *, reason: str, by: Person, at: datetime) -> None:
    """Take a bag out of its box; the caller has asked who may and whether the box is open."""
    move(session, packed.bag, BAG_MOVES, BagStatus.RELEASED, what="a bag", by=by, at=at, reason=reason)
    packed.taken_out_at, packed.taken_out_because = at, reason
    record(session, packed, "took a bag out of the box", by=by, at=at, reason=reason,
           serial=packed.bag.serial, batch=packed.stop.batch.serial)  # fmt: skip


def pack_pump(session: Session, stop: DeliveryStop, asset: str, *, by: Person, at: datetime) -> Pump:
    """Put the pump of the order's verified sheet into the box, by its asset tag."""
    ensure_may(by.role, Permission.PACK_DELIVERIES)
    ensure_packing(stop)
    with reading_of(asset) as seen:
        seen.serial = asset.strip()[:40]
        pump = _find_pump(session, stop, asset, by=by)
    stop.pump = pump
    record(session, stop, "packed a pump", by=by, at=at, asset=pump.asset_number, batch=stop.batch.serial)
    return pump


def _find_pump(session: Session, stop: DeliveryStop, asset: str, *, by: Person) -> Pump:
    pump = find_pump_by_asset(session, asset, site_id=by.site_id)
    if pump is None:
        raise ScanRefused(f"No pump has the asset number {asset.strip()[:40]}.", cause=Cause.WRONG_PUMP)
    sheet = find_verified_sheet(session, order_version_of(stop).id)
    if sheet is None:
        why = "This order has no verified pump programming sheet yet; no pump goes along."
        raise ScanRefused(why, cause=Cause.OUT_OF_TURN)
    if sheet.pump_id != pump.id:
        why = f"Wrong pump. {pump.asset_number} is not {sheet.pump.asset_number} of the sheet."
        raise ScanRefused(why, action=ASIDE, cause=Cause.WRONG_PUMP)
    if pump.patient_id == stop.patient_id:
        raise ScanRefused(
            f"Pump {pump.asset_number} is with this patient already.", cause=Cause.SCANNED_TWICE
        )
    return pump


def take_out_pump(session: Session, stop: DeliveryStop, *, reason: str, by: Person, at: datetime) -> None:
    """Take the pump out of an open box again, with the reason."""
    ensure_may(by.role, Permission.PACK_DELIVERIES)
    ensure_reason(reason)
    ensure_packing(stop)
    if stop.pump is None:
        raise Refusal("No pump is in this box.")
    asset, stop.pump = stop.pump.asset_number, None
    record(session, stop, "took a pump out of the box", by=by, at=at, reason=reason.strip(), asset=asset)
