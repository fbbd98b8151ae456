"""What is on hand, in all and at each location: the sum of the movements, nothing else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from pharmacy.domain.stock_locations import LocationKind
from pharmacy.inventory.models import StockLocation, StockMovement


@dataclass(frozen=True)
class Balance:
    """Hold what is on hand of a lot: unopened containers, and the volume by label with what is open.

    `held` are those of the containers that stand in quarantine.
    """

    containers: int
    volume_ml: Decimal
    held: int = 0

    @property
    def usable(self) -> int:
        """Return how many containers do not stand in quarantine."""
        return self.containers - self.held


@dataclass(frozen=True)
class Standing:
    """Say how many unopened containers of a lot stand at a location; None is where nobody has said."""

    lot_id: int
    location: StockLocation | None
    containers: int


def get_balances(session: Session, lot_ids: Collection[int]) -> dict[int, Balance]:
    """Return what is on hand of each lot: the sum of its movements, nothing else."""
    held = case((StockLocation.kind == LocationKind.QUARANTINE, StockMovement.containers), else_=0)
    rows = session.execute(
        select(
            StockMovement.lot_id,
            func.sum(StockMovement.containers),
            func.sum(StockMovement.volume_ml),
            func.sum(held),
        )
        .outerjoin(StockLocation, StockLocation.id == StockMovement.location_id)
        .where(StockMovement.lot_id.in_(lot_ids))
        .group_by(StockMovement.lot_id)
    )
    found = {lot_id: Balance(int(count), volume, int(held)) for lot_id, count, volume, held in rows}
    return {lot_id: found.get(lot_id, Balance(0, Decimal(0))) for lot_id in lot_ids}


def list_standings(session: Session, lot_ids: Collection[int]) -> list[Standing]:
    """List where the unopened containers of some lots stand, by the name of the location."""
    total = func.sum(StockMovement.containers)
    rows = session.execute(
        select(StockMovement.lot_id, StockLocation, total)
        .outerjoin(StockLocation, StockLocation.id == StockMovement.location_id)
        .where(StockMovement.lot_id.in_(lot_ids))
        .group_by(StockMovement.lot_id, StockLocation.id)
        .having(total != 0)
    )
    found = [Standing(lot_id, location, int(containers)) for lot_id, location, containers in rows]
    return sorted(
        found, key=lambda one: (one.lot_id, one.location is None, one.location and one.location.name)
    )


def count_at(session: Session, lot_id: int, location_id: int | None) -> int:
    """Count the unopened containers of a lot that are booked at a location."""
    here = (
        StockMovement.location_id.is_(None)
        if location_id is None
        else StockMovement.location_id == location_id
    )
    total = select(func.coalesce(func.sum(StockMovement.containers), 0))
    return int(session.scalar(total.where(StockMovement.lot_id == lot_id, here)) or 0)
