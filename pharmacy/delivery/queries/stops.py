"""Reads of stops: one with all that packing needs, and what is in its box."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from pharmacy.compounding.models import Bag, BagComponent
from pharmacy.delivery.models import DeliveryBatch, DeliveryStop, PackedBag
from pharmacy.dispensing.models import DispensePlan, PlannedDelivery
from pharmacy.dispensing.queries import list_ready
from pharmacy.domain.errors import NotFound
from pharmacy.patients.models import Patient


def get_stop(session: Session, stop_id: int, *, site_id: int) -> DeliveryStop:
    """Return a stop of a site with its batch, plan, patient, pump and bags."""
    stop = session.scalar(
        select(DeliveryStop)
        .join(DeliveryStop.batch)
        .where(DeliveryStop.id == stop_id, DeliveryBatch.site_id == site_id)
        .options(
            selectinload(DeliveryStop.batch),
            selectinload(DeliveryStop.pump),
            selectinload(DeliveryStop.patient).selectinload(Patient.allergies),
            selectinload(DeliveryStop.planned_delivery)
            .selectinload(PlannedDelivery.plan)
            .selectinload(DispensePlan.patient),
            selectinload(DeliveryStop.packed_bags).options(
                selectinload(PackedBag.packed_by),
                selectinload(PackedBag.bag).options(
                    selectinload(Bag.worksheet),
                    selectinload(Bag.labels),
                    selectinload(Bag.allocations),
                    selectinload(Bag.components).selectinload(BagComponent.lot),
                ),
            ),
        )
    )
    if stop is None:
        raise NotFound("No stop is recorded under this number.")
    return stop


def list_packed(stop: DeliveryStop) -> list[PackedBag]:
    """List what is in a stop's box, in the order of the doses that the bags are for; spares come last."""
    inside = [one for one in stop.packed_bags if one.taken_out_at is None]
    return sorted(inside, key=lambda one: (one.dose_at is None, one.dose_at or one.packed_at, one.id))


def get_packed(stop: DeliveryStop, packed_id: int) -> PackedBag:
    """Return one of the bags that are in a stop's box."""
    found = next((one for one in list_packed(stop) if one.id == packed_id), None)
    if found is None:
        raise NotFound("This bag is not in the box any more.")
    return found


def find_box_of(session: Session, bag: Bag) -> PackedBag | None:
    """Find the box in which a bag lies, with its stop and batch."""
    return session.scalar(
        select(PackedBag)
        .where(PackedBag.bag_id == bag.id, PackedBag.taken_out_at.is_(None))
        .options(selectinload(PackedBag.stop).selectinload(DeliveryStop.batch))
    )


def find_dose(delivery: PlannedDelivery, bag: Bag) -> datetime | None:
    """Find the dose that a bag is for: by the plan for a bag that was ready then, else as it was made for."""
    ready = dict(list_ready(delivery))
    return ready.get(bag.serial, bag.planned_dose_at)
