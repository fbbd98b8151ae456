"""Which bags hold a recalled lot that no pharmacist has cleared them of."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from pharmacy.compounding.models import Bag, BagClearance, BagComponent
from pharmacy.domain.statuses import LotStatus
from pharmacy.inventory.models import Lot


def find_recalled_lot(bag: Bag) -> Lot | None:
    """Find a recalled lot in a bag for which the bag was not cleared."""
    recalled = [part.lot for part in bag.components if part.lot.status is LotStatus.RECALLED]
    if not recalled:
        return None
    cleared = {one.lot_id for one in bag.clearances}
    return next((lot for lot in recalled if lot.id not in cleared), None)


def list_recalled(session: Session, bag_ids: Collection[int]) -> set[int]:
    """List which of some bags hold a recalled lot for which they were not cleared."""
    cleared = exists().where(
        BagClearance.bag_id == BagComponent.bag_id, BagClearance.lot_id == BagComponent.lot_id
    )
    return set(
        session.scalars(
            select(BagComponent.bag_id)
            .join(Lot, Lot.id == BagComponent.lot_id)
            .where(BagComponent.bag_id.in_(bag_ids), Lot.status == LotStatus.RECALLED, ~cleared)
        )
    )
