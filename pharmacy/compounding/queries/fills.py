"""How many fills and bags of an order there are: what was made for it, and what was allocated from stock."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from pharmacy.audit.models import StatusChange
from pharmacy.compounding.models import Bag, BagAllocation, Worksheet
from pharmacy.domain.statuses import BagStatus, WorksheetStatus
from pharmacy.prescriptions.models import OrderVersion

_NEVER_DISPENSED = (BagStatus.CANCELLED, BagStatus.REJECTED)


def count_fills(session: Session, worksheet: Worksheet) -> int:
    """Count the fills of an order up to a worksheet: its worksheets, and what stock gave before it."""
    order_id = worksheet.get_order_version().order_id
    return _count_worksheets(session, order_id, Worksheet.id <= worksheet.id) + _count_givings(
        session, order_id, BagAllocation.allocated_at < worksheet.opened_at
    )


def count_fills_of_bag(session: Session, bag: Bag) -> int:
    """Count the fills of an order up to the giving from stock by which a bag came to it."""
    order_id = bag.get_order_version().order_id
    given_at = max(one.allocated_at for one in bag.allocations)
    return _count_worksheets(session, order_id, Worksheet.opened_at <= given_at) + _count_givings(
        session, order_id, BagAllocation.allocated_at <= given_at
    )


def _count_worksheets(session: Session, order_id: int, condition: ColumnElement[bool]) -> int:
    wanted = (
        select(func.count())
        .select_from(Worksheet)
        .join(OrderVersion, Worksheet.order_version_id == OrderVersion.id)
        .where(OrderVersion.order_id == order_id, Worksheet.status != WorksheetStatus.CANCELLED, condition)
    )
    return session.scalar(wanted) or 0


def _count_givings(session: Session, order_id: int, condition: ColumnElement[bool]) -> int:
    wanted = (
        select(func.count(BagAllocation.allocated_at.distinct()))
        .join(OrderVersion, BagAllocation.order_version_id == OrderVersion.id)
        .where(OrderVersion.order_id == order_id, BagAllocation.undone_at.is_(None), condition)
    )
    return session.scalar(wanted) or 0


def list_allocated_together(session: Session, bag: Bag) -> list[BagAllocation]:
    """List what was allocated to an order by the same act as a bag, this bag among them."""
    own = bag.allocation
    if own is None:
        return []
    return list(
        session.scalars(
            select(BagAllocation)
            .where(
                BagAllocation.order_version_id == own.order_version_id,
                BagAllocation.allocated_at == own.allocated_at,
            )
            .order_by(BagAllocation.id)
        )
    )


def count_bags_up_to(session: Session, worksheet: Worksheet) -> int:
    """Count the bags of an order, up to this worksheet and from stock, that were or may be dispensed."""
    made = or_(
        Bag.worksheet_id <= worksheet.id,
        exists().where(BagAllocation.bag_id == Bag.id, BagAllocation.undone_at.is_(None)),
    )
    return _count_bags(session, worksheet.get_order_version().order_id, made)


def count_bags_given(session: Session, order_id: int) -> int:
    """Count the bags of an order that were, or may still be, dispensed."""
    return _count_bags(session, order_id, Bag.id.is_not(None))


def _count_bags(session: Session, order_id: int, condition: ColumnElement[bool]) -> int:
    """Count bags of an order; one that was destroyed before it left does not count."""
    left = exists().where(
        StatusChange.record_type == Bag.__tablename__,
        StatusChange.record_id == Bag.id,
        StatusChange.to_status == BagStatus.DELIVERED.value,
    )
    wanted = (
        select(func.count())
        .select_from(Bag)
        .join(OrderVersion, Bag.order_version_id == OrderVersion.id)
        .where(
            OrderVersion.order_id == order_id,
            Bag.status.not_in(_NEVER_DISPENSED),
            (Bag.status != BagStatus.DESTROYED) | left,
            condition,
        )
    )
    return session.scalar(wanted) or 0
