"""What every act on stock shares: the movement that it leaves, and its reason."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.domain.errors import InvalidInput
from pharmacy.inventory.models import Lot, MovementKind, OpenedContainer, StockMovement


def ensure_reason(reason: str) -> None:
    """Refuse an act without its reason."""
    if not reason.strip():
        raise InvalidInput("Give the reason.", field="reason")


def move_stock(
    session: Session,
    lot: Lot,
    kind: MovementKind,
    *,
    containers: int,
    volume_ml: Decimal,
    opened: OpenedContainer | None = None,
    bag_id: int | None = None,
    reason: str | None = None,
    by: Person,
    at: datetime,
) -> StockMovement:
    """Add one movement of a lot's stock; nothing else changes what is on hand."""
    session.flush()
    movement = StockMovement(
        lot_id=lot.id,
        kind=kind,
        containers=containers,
        volume_ml=volume_ml,
        worksheet_id=opened.worksheet_id if opened else None,
        opened_container_id=opened.id if opened else None,
        bag_id=bag_id,
        reason=reason,
        person_id=by.id,
        at=at,
    )
    session.add(movement)
    session.flush()
    return movement
