"""Open, draw from, put back and discard containers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import record
from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import quantity
from pharmacy.domain.interception import Cause
from pharmacy.domain.opened_containers import start_clock
from pharmacy.domain.product_containers import opened_as
from pharmacy.domain.quantities import decimal_text
from pharmacy.formulary.queries import adopted_limits_table
from pharmacy.inventory.actions.stock import ensure_reason, move_stock
from pharmacy.inventory.models import Lot, MovementKind, OpenedContainer, StockMovement
from pharmacy.inventory.queries import find_objection, get_balances


def open_container(
    session: Session, lot: Lot, *, worksheet_id: int, bag_id: int, by: Person, at: datetime
) -> OpenedContainer:
    """Enter a vial or bag in the hood, in ISO 5 air: one container less on the shelf, and its clock starts.

    Refuses a lot that may not be used and one of which no container is left (domain.md 1.3).
    """
    ensure_may(by.role, Permission.COMPOUND)
    objection = find_objection(lot, at=at, zone=ZoneInfo(by.site.time_zone))
    if objection:
        raise Refusal(objection)
    if get_balances(session, [lot.id])[lot.id].containers < 1:
        raise Refusal(
            f"No container of lot {lot.number} of {lot.product.name} is left; somebody took the last one.",
            cause=Cause.NONE_LEFT,
        )
    clock = start_clock(
        opened_as(lot.product.container_kind),
        opened_at=at,
        expires=lot.expires_at,
        table=adopted_limits_table(session, site_id=by.site_id),
        label_hours=lot.product.label_hours,
    )
    opened = OpenedContainer(
        lot=lot,
        worksheet_id=worksheet_id,
        opened_at=at,
        opened_by_id=by.id,
        use_until=clock.until,
        left_ml=lot.product.volume_ml,
    )
    session.add(opened)
    move_stock(session, lot, MovementKind.OPENED, containers=-1, volume_ml=Decimal(0), opened=opened,
                bag_id=bag_id, by=by, at=at)  # fmt: skip
    record(session, opened, "opened a container", by=by, at=at, lot=lot.number, worksheet_id=worksheet_id)
    return opened


def put_back(session: Session, opened: OpenedContainer, *, reason: str, by: Person, at: datetime) -> None:
    """Put a container back that was scanned but never entered; refuses one that was drawn from."""
    ensure_may(by.role, Permission.COMPOUND)
    ensure_reason(reason)
    _ensure_open(opened)
    if opened.left_ml != opened.lot.product.volume_ml:
        raise Refusal("This container was drawn from; it can only be discarded.")
    opened.left_ml, opened.discarded_at = Decimal(0), at
    move_stock(session, opened.lot, MovementKind.OPENED, containers=1, volume_ml=Decimal(0), opened=opened,
                reason=reason, by=by, at=at)  # fmt: skip
    record(session, opened, "put back a container", by=by, at=at, reason=reason, lot=opened.lot.number)


def draw(
    session: Session, opened: OpenedContainer, *, volume_ml: Decimal, bag_id: int, by: Person, at: datetime
) -> StockMovement:
    """Draw a volume from an open container into a bag; never more than its label leaves in it."""
    ensure_may(by.role, Permission.COMPOUND)
    return _take(session, opened, MovementKind.USED, volume_ml=volume_ml, bag_id=bag_id, by=by, at=at)


def waste_part(
    session: Session,
    opened: OpenedContainer,
    *,
    volume_ml: Decimal,
    bag_id: int,
    reason: str,
    by: Person,
    at: datetime,
) -> StockMovement:
    """Waste a volume that was drawn and thrown away; the container stays open."""
    ensure_may(by.role, Permission.COMPOUND)
    ensure_reason(reason)
    return _take(session, opened, MovementKind.WASTED, volume_ml=volume_ml, bag_id=bag_id, reason=reason,
                 by=by, at=at)  # fmt: skip


def waste(session: Session, opened: OpenedContainer, *, reason: str, by: Person, at: datetime) -> None:
    """Discard an open container with all that is left in it."""
    ensure_may(by.role, Permission.COMPOUND)
    ensure_reason(reason)
    _ensure_open(opened)
    left = opened.left_ml
    if left:
        _take(session, opened, MovementKind.WASTED, volume_ml=left, bag_id=None, reason=reason, by=by, at=at)
    opened.discarded_at = at
    record(session, opened, "discarded a container", by=by, at=at, reason=reason,
           lot=opened.lot.number, wasted_ml=decimal_text(left))  # fmt: skip


def _take(
    session: Session,
    opened: OpenedContainer,
    kind: MovementKind,
    *,
    volume_ml: Decimal,
    bag_id: int | None,
    reason: str | None = None,
    by: Person,
    at: datetime,
) -> StockMovement:
    _ensure_open(opened)
    if not 0 < volume_ml <= opened.left_ml:
        raise Refusal(
            f"{quantity(volume_ml, 'mL')} cannot be taken from a container of lot {opened.lot.number} "
            f"with {quantity(opened.left_ml, 'mL')} left."
        )
    opened.left_ml -= volume_ml
    return move_stock(session, opened.lot, kind, containers=0, volume_ml=-volume_ml, opened=opened,
                       bag_id=bag_id, reason=reason, by=by, at=at)  # fmt: skip


def _ensure_open(opened: OpenedContainer) -> None:
    if opened.discarded_at is not None:
        raise Refusal(f"This container of lot {opened.lot.number} was discarded already.")
