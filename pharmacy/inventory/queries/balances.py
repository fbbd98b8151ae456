"""What is on hand: the sum of the movements, nothing else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pharmacy.inventory.models import StockMovement


@dataclass(frozen=True)
class Balance:
    """Hold what is on hand of a lot: unopened containers, and the volume by label with what is open."""

    containers: int
    volume_ml: Decimal


def get_balances(session: Session, lot_ids: Collection[int]) -> dict[int, Balance]:
    """Return what is on hand of each lot: the sum of its movements, nothing else."""
    rows = session.execute(
        select(StockMovement.lot_id, func.sum(StockMovement.containers), func.sum(StockMovement.volume_ml))
        .where(StockMovement.lot_id.in_(lot_ids))
        .group_by(StockMovement.lot_id)
    )
    found = {lot_id: Balance(int(containers), volume) for lot_id, containers, volume in rows}
    return {lot_id: found.get(lot_id, Balance(0, Decimal(0))) for lot_id in lot_ids}
