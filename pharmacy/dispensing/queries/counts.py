"""Reads of home counts, and of what has come to the patient's home and gone from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from pharmacy.audit.models import StatusChange
from pharmacy.compounding.models import Bag
from pharmacy.compounding.queries import list_bags_of_order, list_recalled
from pharmacy.dispensing.models import HomeCount, HomeCountLine
from pharmacy.domain.errors import NotFound
from pharmacy.domain.statuses import BagStatus
from pharmacy.prescriptions.models import OrderVersion

_GONE = (BagStatus.RETURNED, BagStatus.DESTROYED)
_LINES = selectinload(HomeCount.lines).selectinload(HomeCountLine.bag)


@dataclass(slots=True)
class HomeBag:
    """Say when a bag was delivered, and when it was taken back or destroyed, if it was."""

    bag: Bag
    delivered_at: datetime
    gone_at: datetime | None = None


def get_count(session: Session, count_id: int, *, site_id: int) -> HomeCount:
    """Return a home count of a site with its lines."""
    count = session.scalar(
        select(HomeCount).where(HomeCount.id == count_id, HomeCount.site_id == site_id).options(_LINES)
    )
    if count is None:
        raise NotFound("No home count is recorded under this number.")
    return count


def find_latest_count(session: Session, order_id: int, *, before: datetime | None = None) -> HomeCount | None:
    """Find the count of an order that says most recently what is at home, or did `before` an instant."""
    counts = select(HomeCount).where(HomeCount.order_id == order_id).options(_LINES)
    if before is not None:
        counts = counts.where(HomeCount.counted_at < before)
    return session.scalar(counts.order_by(HomeCount.counted_at.desc(), HomeCount.id.desc()).limit(1))


def list_counts(session: Session, order_id: int) -> list[HomeCount]:
    """List the counts of an order with their lines, the latest first."""
    return list(
        session.scalars(
            select(HomeCount)
            .where(HomeCount.order_id == order_id)
            .options(_LINES)
            .order_by(HomeCount.counted_at.desc(), HomeCount.id.desc())
        )
    )


def count_bags(count: HomeCount) -> int:
    """Count the bags that a home count found."""
    return sum(line.bags for line in count.lines)


def list_home_bags(session: Session, order_id: int, *, at: datetime) -> list[HomeBag]:
    """List every bag of an order that was at home up to an instant, in the order of delivery."""
    moves = session.execute(
        select(StatusChange, Bag)
        .join(Bag, Bag.id == StatusChange.record_id)
        .join(OrderVersion, OrderVersion.id == Bag.order_version_id)
        .where(
            OrderVersion.order_id == order_id,
            StatusChange.record_type == Bag.__tablename__,
            StatusChange.to_status.in_([BagStatus.DELIVERED.value, *(one.value for one in _GONE)]),
            StatusChange.at <= at,
        )
        .order_by(StatusChange.id)
    )
    found: dict[int, HomeBag] = {}
    for change, bag in moves:
        if change.to_status == BagStatus.DELIVERED.value:
            found[bag.id] = HomeBag(bag, change.at)
        elif bag.id in found:
            found[bag.id].gone_at = change.at
    return list(found.values())


def list_recalled_at_home(session: Session, order_id: int) -> list[Bag]:
    """List the bags of an order that are at home and hold a recalled lot: none of them may be used."""
    there = list_bags_of_order(session, order_id, {BagStatus.DELIVERED})
    recalled = list_recalled(session, [bag.id for bag in there])
    return [bag for bag in there if bag.id in recalled]
