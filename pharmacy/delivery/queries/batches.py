"""Reads of delivery batches, and of planned deliveries that no batch has yet."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from pharmacy.delivery.models import DeliveryBatch, DeliveryStop, PackedBag
from pharmacy.dispensing.models import PlannedDelivery
from pharmacy.dispensing.queries import list_planned_deliveries
from pharmacy.domain.errors import NotFound
from pharmacy.domain.statuses import DeliveryStatus, StopStatus

PAGE = 25
OPEN_STATUSES = (DeliveryStatus.OPEN, DeliveryStatus.ON_THE_WAY)


def get_batch(session: Session, batch_id: int, *, site_id: int) -> DeliveryBatch:
    """Return a batch of a site with its stops, their patients, bags and pumps."""
    batch = session.scalar(
        select(DeliveryBatch)
        .where(DeliveryBatch.id == batch_id, DeliveryBatch.site_id == site_id)
        .options(
            selectinload(DeliveryBatch.stops).options(
                selectinload(DeliveryStop.patient),
                selectinload(DeliveryStop.pump),
                selectinload(DeliveryStop.planned_delivery).selectinload(PlannedDelivery.plan),
                selectinload(DeliveryStop.packed_bags).selectinload(PackedBag.bag),
            )
        )
    )
    if batch is None:
        raise NotFound("No delivery batch is recorded under this number at this site.")
    return batch


def find_batch(session: Session, serial: str, *, site_id: int) -> DeliveryBatch | None:
    """Find a batch of a site by its serial."""
    return session.scalar(
        select(DeliveryBatch).where(DeliveryBatch.serial == serial, DeliveryBatch.site_id == site_id)
    )


def list_batches(
    session: Session,
    *,
    site_id: int,
    statuses: Collection[DeliveryStatus] = OPEN_STATUSES,
    page: int = 1,
) -> list[DeliveryBatch]:
    """List a page of batches with their stops, the soonest day first; one more than a page holds."""
    return list(
        session.scalars(
            select(DeliveryBatch)
            .where(DeliveryBatch.site_id == site_id, DeliveryBatch.status.in_(statuses))
            .options(selectinload(DeliveryBatch.stops))
            .order_by(DeliveryBatch.delivers_on, DeliveryBatch.id)
            .offset((page - 1) * PAGE)
            .limit(PAGE + 1)
        )
    )


def list_without_stop(session: Session, *, site_id: int, day: date) -> list[PlannedDelivery]:
    """List the planned deliveries of a day that are on no batch yet, the earliest first."""
    planned = list_planned_deliveries(session, site_id=site_id, day=day)
    taken = set(
        session.scalars(
            select(DeliveryStop.planned_delivery_id).where(
                DeliveryStop.planned_delivery_id.in_([one.id for one in planned]),
                DeliveryStop.status != StopStatus.CANCELLED,
            )
        )
    )
    return [one for one in planned if one.id not in taken]


def find_stop_of(session: Session, delivery: PlannedDelivery) -> DeliveryStop | None:
    """Find the stop that a planned delivery is on."""
    return session.scalar(
        select(DeliveryStop)
        .where(DeliveryStop.planned_delivery_id == delivery.id, DeliveryStop.status != StopStatus.CANCELLED)
        .options(selectinload(DeliveryStop.batch))
        .limit(1)
    )
