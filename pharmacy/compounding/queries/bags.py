"""Reads of bags: one by its number or serial, and those of an order."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from pharmacy.audit.models import StatusChange
from pharmacy.compounding.models import Bag, Worksheet
from pharmacy.domain.errors import NotFound
from pharmacy.domain.statuses import BagStatus
from pharmacy.prescriptions.models import OrderVersion

_DISPENSED = (BagStatus.PACKED, BagStatus.DELIVERED, BagStatus.USED, BagStatus.RETURNED)
# Moves that a bag only makes once it has left the pharmacy.
_LEFT = (BagStatus.DELIVERED.value, BagStatus.RETURNED.value)


def get_bag(session: Session, bag_id: int, *, site_id: int) -> Bag:
    """Return a bag of a site with its worksheet."""
    bag = session.get(Bag, bag_id)
    if bag is None or bag.site_id != site_id:
        raise NotFound("No bag is recorded under this number at this site.")
    return bag


def get_bag_of(worksheet: Worksheet, bag_id: int) -> Bag:
    """Return a bag of a worksheet."""
    bag = next((one for one in worksheet.bags if one.id == bag_id), None)
    if bag is None:
        raise NotFound("This bag is not on this worksheet.")
    return bag


def list_bags_for(worksheet: Worksheet, order_id: int) -> list[Bag]:
    """List the bags of a worksheet that are for an order: all of them, or those allocated from stock."""
    return [bag for bag in worksheet.bags if bag.order_version and bag.order_version.order_id == order_id]


def find_bag(session: Session, serial: str, *, site_id: int) -> Bag | None:
    """Find a bag of a site by its serial."""
    return session.scalar(select(Bag).where(Bag.serial == serial, Bag.site_id == site_id))


def list_bags_of_order(session: Session, order_id: int, statuses: Collection[BagStatus]) -> list[Bag]:
    """List the bags of an order, of all its versions, that stand in one of these statuses."""
    return list(
        session.scalars(
            select(Bag)
            .join(OrderVersion, Bag.order_version_id == OrderVersion.id)
            .where(OrderVersion.order_id == order_id, Bag.status.in_(statuses))
            .options(selectinload(Bag.worksheet))
            .order_by(Bag.beyond_use_at.nulls_last(), Bag.id)
        )
    )


def count_bags_dispensed(session: Session, order_id: int) -> int:
    """Count the bags of an order that are packed or have left, whatever became of them since."""
    left = exists().where(
        StatusChange.record_type == Bag.__tablename__,
        StatusChange.record_id == Bag.id,
        StatusChange.to_status.in_(_LEFT),
    )
    return (
        session.scalar(
            select(func.count())
            .select_from(Bag)
            .join(OrderVersion, Bag.order_version_id == OrderVersion.id)
            .where(
                OrderVersion.order_id == order_id,
                or_(Bag.status.in_(_DISPENSED), (Bag.status == BagStatus.DESTROYED) & left),
            )
        )
        or 0
    )
