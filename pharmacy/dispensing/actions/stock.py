"""Allocate bags of stock to a planned delivery: so many at once, or one by its scan."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import record
from pharmacy.compounding.actions import allocate_bags, apply_label
from pharmacy.compounding.models import Bag, BagLabelCopy
from pharmacy.compounding.queries import describe_stock_bag, find_bag, makeup_of
from pharmacy.dispensing.models import BagFromStock, PlannedDelivery
from pharmacy.dispensing.queries import ensure_plan_in_force, has_worksheet, read_offer, spare_until
from pharmacy.domain.errors import InvalidInput, Refusal, ScanRefused
from pharmacy.domain.formatting import counted, moment
from pharmacy.domain.interception import Cause
from pharmacy.domain.local_time import find_zone
from pharmacy.domain.stock_bags import find_misfit
from pharmacy.scanning import read_bag_serial, reading_of


def allocate_stock(
    session: Session, delivery: PlannedDelivery, *, bags: int, by: Person, at: datetime
) -> list[Bag]:
    """Allocate so many bags of stock to a delivery, the one to be started first for the first dose.

    Refuses more than stock has that fits, or than the delivery still needs; somebody may have taken them.
    """
    ensure_may(by.role, Permission.OPEN_WORKSHEETS)
    _ensure_open(delivery, at=at)
    if bags < 1:
        raise InvalidInput("Allocate 1 bag or more.", field="bags")
    if bags > delivery.bags_to_make:
        raise InvalidInput(
            f"This delivery still needs {counted(delivery.bags_to_make, 'bag')}.", field="bags"
        )
    proposed = read_offer(session, delivery, at=at).proposed
    if bags > len(proposed):
        raise Refusal(
            f"{counted(len(proposed), 'bag')} of stock fit now, and {bags} were asked for.", field="bags"
        )
    return _allocate(session, delivery, list(proposed[:bags]), by=by, at=at)


def allocate_scanned(
    session: Session, delivery: PlannedDelivery, raw: str, *, by: Person, at: datetime
) -> Bag:
    """Allocate the bag whose stock label was scanned, for the first dose without a bag that it can serve."""
    ensure_may(by.role, Permission.OPEN_WORKSHEETS)
    _ensure_open(delivery, at=at)
    with reading_of(raw) as seen:
        serial = read_bag_serial(seen)
        bag = find_bag(session, serial, site_id=by.site_id)
        if bag is None or not bag.worksheet.is_stock:
            raise ScanRefused(f"{serial} is not a bag of stock.", cause=Cause.WRONG_ORDER)
        dose = _find_dose(session, delivery, bag, at=at)
    (found,) = _allocate(session, delivery, [(bag, dose)], by=by, at=at)
    return found


def _find_dose(session: Session, delivery: PlannedDelivery, bag: Bag, *, at: datetime) -> datetime | None:
    """Find what a scanned bag is for; refuses with the reason when it serves nothing of this delivery."""
    if bag.allocation is not None:
        raise ScanRefused(
            f"Bag {bag.serial} is allocated to {bag.allocation.patient.name} already.",
            action="Take another one.",
            cause=Cause.WRONG_PATIENT,
        )
    offer, asked = read_offer(session, delivery, at=at), makeup_of(delivery.plan.order_version.formula)
    wanted = [
        *((dose, dose) for dose in offer.open_doses),
        *((None, spare_until(delivery)),) * offer.open_spares,
    ]
    if not wanted:
        raise ScanRefused("This delivery needs no more bags.", cause=Cause.OUT_OF_TURN)
    described, why = describe_stock_bag(bag), ""
    for dose, until in wanted:
        why = find_misfit(described, asked, until=until, at=at) or ""
        if not why:
            return dose
    raise ScanRefused(why, action="Take another one.", cause=Cause.NOT_RELEASED)


def _ensure_open(delivery: PlannedDelivery, *, at: datetime) -> None:
    ensure_plan_in_force(delivery.plan)
    if has_worksheet(delivery) and delivery.worksheet is not None:
        raise Refusal(
            f"Worksheet {delivery.worksheet.serial} makes the bags of this delivery. Cancel it to take stock"
            " instead."
        )
    if delivery.arrives_at <= at:
        when = moment(delivery.arrives_at, find_zone(delivery.plan.patient.time_zone))
        raise Refusal(f"The delivery on {when} is past; make a new plan.")


def _allocate(
    session: Session,
    delivery: PlannedDelivery,
    wanted: list[tuple[Bag, datetime | None]],
    *,
    by: Person,
    at: datetime,
) -> list[Bag]:
    version = delivery.plan.order_version
    allocations = allocate_bags(session, version, wanted, spare_until=spare_until(delivery), by=by, at=at)
    delivery.from_stock.extend(BagFromStock(allocation=one) for one in allocations)
    bags = [one.bag for one in allocations]
    record(session, delivery, "took bags from stock for a delivery", by=by, at=at,
           serials=[bag.serial for bag in bags], still_to_make=delivery.bags_to_make)  # fmt: skip
    return bags


def apply_patients_label(
    session: Session, delivery: PlannedDelivery, raw: str, *, by: Person, at: datetime
) -> BagLabelCopy:
    """Record by its scan that a patient's label covers the stock label of a bag of this delivery."""
    with reading_of(raw) as seen:
        serial = read_bag_serial(seen)
        bag = next((one for one in delivery.allocated if one.serial == serial), None)
        if bag is None:
            raise ScanRefused(
                f"{serial} is not allocated to this delivery.",
                action="Stop: find out whose it is.",
                cause=Cause.WRONG_PATIENT,
            )
    return apply_label(session, bag.worksheet, raw, by=by, at=at)
