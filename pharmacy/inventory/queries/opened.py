"""Reads of opened containers: those of a worksheet, those kept open, and those out of their time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from pharmacy.domain.errors import NotFound
from pharmacy.domain.statuses import LotStatus
from pharmacy.inventory.models import Lot, OpenedContainer


def is_used(session: Session, lot_id: int) -> bool:
    """Tell whether a container of a lot was ever opened."""
    opened = select(OpenedContainer.id).where(OpenedContainer.lot_id == lot_id).limit(1)
    return session.scalar(opened) is not None


def list_opened(session: Session, worksheet_id: int) -> list[OpenedContainer]:
    """List the open containers that a worksheet works with, in the order in which they were entered."""
    wanted = _open_ones().where(OpenedContainer.held_by_id == worksheet_id)
    return list(session.scalars(wanted.order_by(OpenedContainer.id)))


def list_kept(
    session: Session, product_ids: Collection[int], *, site_id: int, at: datetime
) -> list[OpenedContainer]:
    """List the containers of some products that are kept open and may be used, the first to end first."""
    wanted = _open_ones().where(
        OpenedContainer.held_by_id.is_(None),
        OpenedContainer.use_until > at,
        Lot.site_id == site_id,
        Lot.status == LotStatus.AVAILABLE,
        Lot.product_id.in_(product_ids),
    )
    return list(session.scalars(wanted.order_by(OpenedContainer.use_until, OpenedContainer.id)))


def list_out_of_time(
    session: Session, lot_id: int, *, worksheet_id: int, at: datetime
) -> list[OpenedContainer]:
    """List the containers of a lot that a worksheet could reach and that may no longer be used."""
    wanted = _open_ones().where(
        OpenedContainer.lot_id == lot_id,
        OpenedContainer.use_until <= at,
        or_(OpenedContainer.held_by_id.is_(None), OpenedContainer.held_by_id == worksheet_id),
    )
    return list(session.scalars(wanted.order_by(OpenedContainer.id)))


def list_all_open(
    session: Session, *, site_id: int, page: int = 1, size: int, lot_id: int | None = None
) -> list[OpenedContainer]:
    """List a page of what is open at a site now, the first to end first; one more than a page holds."""
    wanted = _open_ones().where(Lot.site_id == site_id).options(joinedload(OpenedContainer.opened_by))
    if lot_id is not None:
        wanted = wanted.where(OpenedContainer.lot_id == lot_id)
    wanted = wanted.order_by(OpenedContainer.use_until, OpenedContainer.id)
    return list(session.scalars(wanted.offset((page - 1) * size).limit(size + 1)))


def get_opened(session: Session, opened_id: int, *, site_id: int) -> OpenedContainer:
    """Return an opened container of a site."""
    opened = session.get(OpenedContainer, opened_id)
    if opened is None or opened.lot.site_id != site_id:
        raise NotFound("No opened container is recorded under this number at this site.")
    return opened


def _open_ones() -> Select[OpenedContainer]:
    return (
        select(OpenedContainer)
        .join(OpenedContainer.lot)
        .where(OpenedContainer.discarded_at.is_(None))
        .options(selectinload(OpenedContainer.lot))
    )
