"""Reads of the movements of a lot."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from pharmacy.inventory.models import StockMovement
from pharmacy.inventory.queries.lots import PAGE


def list_movements(session: Session, lot_id: int, *, page: int = 1) -> list[StockMovement]:
    """List a page of a lot's movements, the newest first; one more than a page holds."""
    return list(
        session.scalars(
            select(StockMovement)
            .where(StockMovement.lot_id == lot_id)
            .order_by(StockMovement.id.desc())
            .offset((page - 1) * PAGE)
            .limit(PAGE + 1)
        )
    )
