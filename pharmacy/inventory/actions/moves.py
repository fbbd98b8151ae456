"""Move containers from one location to another: two movements that together change no sum."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import record
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.statuses import LotStatus
from pharmacy.domain.stock_locations import LocationKind
from pharmacy.formulary.models import Product
from pharmacy.inventory.actions.stock import ensure_open, ensure_stands, move_stock
from pharmacy.inventory.models import Lot, MovementKind, StockLocation
from pharmacy.inventory.queries import judge


def move_containers(
    session: Session,
    lot: Lot,
    *,
    came_from: StockLocation | None,
    to: StockLocation,
    containers: int,
    accepted: bool,
    reason: str,
    by: Person,
    at: datetime,
) -> None:
    """Move unopened containers; `accepted` says that a person has looked at a warning about the new location.

    Refuses a location that the product may not stand at, and to take stock out of quarantine for anybody
    who may not lift it, or while its lot is held.
    """
    ensure_may(by.role, Permission.RECEIVE_STOCK)
    ensure_reason(reason)
    if containers < 1:
        raise InvalidInput("Move at least 1 container.", field="containers")
    if came_from is to:
        raise InvalidInput("This is where they stand already; choose another location.", field="location")
    ensure_open(to)
    _ensure_may_leave(lot, came_from, to, by=by)
    accept_location(session, lot.product, to, accepted=accepted)
    ensure_stands(session, lot, came_from, containers)
    left = came_from.id if came_from else None
    for here, there, count in ((left, to.id, -containers), (to.id, left, containers)):
        move_stock(session, lot, MovementKind.MOVED, containers=count, volume_ml=Decimal(0),
                   location_id=here, other_location_id=there, reason=reason, by=by, at=at)  # fmt: skip
    record(session, lot, "moved containers", by=by, at=at, reason=reason, lot=lot.number,
           containers=containers, came_from=came_from.name if came_from else None, to=to.name)  # fmt: skip


def _ensure_may_leave(lot: Lot, came_from: StockLocation | None, to: StockLocation, *, by: Person) -> None:
    leaves = came_from is not None and came_from.kind is LocationKind.QUARANTINE
    if not leaves or to.kind is LocationKind.QUARANTINE:
        return
    ensure_may(by.role, Permission.LIFT_QUARANTINE)
    if lot.status is not LotStatus.AVAILABLE:
        raise Refusal(f"Lot {lot.number} is {lot.status.value}; it stays in quarantine.", field="location")


def ensure_held_back(lot: Lot, location: StockLocation | None) -> None:
    """Refuse to put a lot that is in quarantine or recalled anywhere but at a quarantine location."""
    if lot.status is LotStatus.AVAILABLE or (location and location.kind is LocationKind.QUARANTINE):
        return
    held = "recalled" if lot.status is LotStatus.RECALLED else "in quarantine"
    raise Refusal(f"Lot {lot.number} is {held}: put it at a quarantine location.", field="location")


def accept_location(session: Session, product: Product, location: StockLocation, *, accepted: bool) -> str:
    """Refuse a location that does not fit, or whose warning nobody has accepted; returns the warning."""
    fit = judge(session, product, location)
    if fit.refusal:
        raise Refusal(fit.refusal, field="location")
    if fit.warning and not accepted:
        raise Refusal(
            f"{fit.warning} Tick that this is right, or choose another location.", field="accept_location"
        )
    return fit.warning
