"""Reads of opened containers."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from pharmacy.inventory.models import OpenedContainer


def is_used(session: Session, lot_id: int) -> bool:
    """Tell whether a container of a lot was ever opened."""
    opened = select(OpenedContainer.id).where(OpenedContainer.lot_id == lot_id).limit(1)
    return session.scalar(opened) is not None


def list_opened(session: Session, worksheet_id: int) -> list[OpenedContainer]:
    """List the containers of a worksheet that are open, in the order in which they were entered."""
    return list(
        session.scalars(
            select(OpenedContainer)
            .where(OpenedContainer.worksheet_id == worksheet_id, OpenedContainer.discarded_at.is_(None))
            .options(selectinload(OpenedContainer.lot))
            .order_by(OpenedContainer.id)
        )
    )
