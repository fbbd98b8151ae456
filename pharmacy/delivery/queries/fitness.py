"""Whether a bag may go with a stop now: its label, its order, its lots and its beyond-use date."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Site
from pharmacy.compounding.models import Bag
from pharmacy.compounding.queries import find_holding, find_label_in_use, find_recalled_lot
from pharmacy.delivery.models import DeliveryStop
from pharmacy.delivery.queries.stops import find_dose
from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import moment
from pharmacy.domain.statuses import LotStatus
from pharmacy.inventory.queries import find_objection
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.prescriptions.queries import ensure_in_force


def find_bag_objection(session: Session, stop: DeliveryStop, bag: Bag, *, at: datetime) -> str | None:
    """Say why a bag may not go with a stop; None when nothing speaks against it.

    Whose bag it is and whether it is released is asked where it is scanned.
    """
    return (
        _object_to_label(session, bag, at=at)
        or _object_to_lots(session, bag, at=at)
        or _object_to_deviation(session, bag)
        or _object_to_date(stop, bag, at=at)
    )


def _object_to_label(session: Session, bag: Bag, *, at: datetime) -> str | None:
    label = find_label_in_use(bag)
    if label is None or label.applied_at is None:
        return f"No label was scanned on bag {bag.serial}. Label it first."
    if label.beyond_use_at != bag.beyond_use_at:
        return f"The label of bag {bag.serial} has another beyond-use date than the bag. Print a new one."
    if label.order_version_id is None:
        return f"Bag {bag.serial} still carries its stock label. Print the patient's label and scan it there."
    if bag.allocation is not None and bag.allocation.check_id is None:
        return (
            f"Bag {bag.serial} came from stock, and no pharmacist has compared its label with the order yet."
        )
    try:
        ensure_in_force(session, session.get_one(OrderVersion, label.order_version_id), at=at)
    except Refusal as refusal:
        return f"The directions on bag {bag.serial} no longer hold. {refusal.sentence}"
    return None


def _object_to_lots(session: Session, bag: Bag, *, at: datetime) -> str | None:
    zone = ZoneInfo(session.get_one(Site, bag.site_id).time_zone)
    held = [part.lot for part in bag.components if part.lot.status is LotStatus.QUARANTINED]
    for lot in (find_recalled_lot(bag), *held):
        if lot is not None:
            return f"{find_objection(lot, at=at, zone=zone)} It is in bag {bag.serial}: put the bag aside."
    return None


def _object_to_deviation(session: Session, bag: Bag) -> str | None:
    serial = find_holding(session, bag)
    return f"Bag {bag.serial} is part of the open deviation {serial}." if serial else None


def _object_to_date(stop: DeliveryStop, bag: Bag, *, at: datetime) -> str | None:
    delivery, until = stop.planned_delivery, bag.beyond_use_at
    zone = ZoneInfo(stop.patient.time_zone)
    dose = find_dose(delivery, bag)
    if until is None:
        return f"Bag {bag.serial} has no beyond-use date: it is not made."
    said = f"Bag {bag.serial} must be started before {moment(until, zone)}"
    if until <= at:
        return f"{said}, which has passed."
    if dose is not None and until <= dose:
        return f"{said}, and it is for the dose on {moment(dose, zone)}."
    if until <= delivery.arrives_at:
        return f"{said}, and the delivery arrives {moment(delivery.arrives_at, zone)}."
    return None
