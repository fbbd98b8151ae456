"""What every act on stock shares: the movement that it leaves, and its reason."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formatting import counted
from pharmacy.inventory.models import Lot, MovementKind, OpenedContainer, StockLocation, StockMovement
from pharmacy.inventory.queries import count_at


def ensure_alike(first: str, again: str, what: str, field: str) -> None:
    """Refuse what was typed twice in two ways."""
    if first.strip() != again.strip():
        raise InvalidInput(
            f"The {what} was typed in two ways; read the package and type both again.", field=field
        )


def ensure_stands(session: Session, lot: Lot, location: StockLocation | None, containers: int) -> None:
    """Refuse to take more containers of a lot away from a location than are booked there."""
    here = count_at(session, lot.id, location.id if location else None)
    if containers > here:
        where = f"at {location.name}" if location else "without a location"
        raise Refusal(
            f"{counted(here, 'container')} of lot {lot.number} booked {where}, not {containers:,}. "
            "Count what stands there.",
            field="containers",
        )


def ensure_open(location: StockLocation) -> None:
    """Refuse to put stock at a location that was closed."""
    if location.closed_at is not None:
        raise Refusal(f"{location.name} is closed; choose another location.", field="location")


def move_stock(
    session: Session,
    lot: Lot,
    kind: MovementKind,
    *,
    containers: int,
    volume_ml: Decimal,
    opened: OpenedContainer | None = None,
    bag_id: int | None = None,
    location_id: int | None = None,
    reason: str | None = None,
    by: Person,
    at: datetime,
    **more: object,
) -> StockMovement:
    """Add one movement of a lot's stock; nothing else changes what is on hand."""
    session.flush()
    movement = StockMovement(
        lot_id=lot.id,
        kind=kind,
        containers=containers,
        volume_ml=volume_ml,
        worksheet_id=opened.held_by_id if opened else None,
        opened_container_id=opened.id if opened else None,
        bag_id=bag_id,
        location_id=location_id,
        reason=reason,
        person_id=by.id,
        at=at,
        **more,
    )
    session.add(movement)
    session.flush()
    return movement
