"""Reads of the movements of a lot."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from pharmacy.inventory.models import StockMovement
from pharmacy.inventory.queries.lots import PAGE


@dataclass(frozen=True)
class MovementLine:
    """One movement with the sum of all up to it: what was on hand right after."""

    movement: StockMovement
    containers: int
    volume_ml: Decimal


def list_movements(session: Session, lot_id: int, *, page: int = 1) -> list[MovementLine]:
    """List a page of a lot's movements with a running balance, the newest first; one more than a page."""
    found = list(
        session.scalars(
            select(StockMovement)
            .where(StockMovement.lot_id == lot_id)
            .options(selectinload(StockMovement.witness))
            .order_by(StockMovement.id.desc())
            .offset((page - 1) * PAGE)
            .limit(PAGE + 1)
        )
    )
    containers, volume = _sum_up_to(session, lot_id, found[0].id if found else 0)
    lines = []
    for one in found:
        lines.append(MovementLine(one, containers, volume))
        containers, volume = containers - one.containers, volume - one.volume_ml
    return lines


def _sum_up_to(session: Session, lot_id: int, movement_id: int) -> tuple[int, Decimal]:
    containers, volume = session.execute(
        select(func.sum(StockMovement.containers), func.sum(StockMovement.volume_ml)).where(
            StockMovement.lot_id == lot_id, StockMovement.id <= movement_id
        )
    ).one()
    return int(containers or 0), Decimal(volume or 0)
