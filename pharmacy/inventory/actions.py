"""Receive lots, hold them back, and open, draw from and discard containers; movements are the truth."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import begin_life, move, record
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.expiry import parse_expiry
from pharmacy.domain.formatting import moment, quantity
from pharmacy.domain.gs1 import is_set_82
from pharmacy.domain.opened_containers import ContainerKind, start_clock
from pharmacy.domain.quantities import decimal_text
from pharmacy.domain.statuses import LOT_MOVES, LotStatus
from pharmacy.formulary.models import Product
from pharmacy.formulary.queries import adopted_limits_table
from pharmacy.inventory.models import Lot, MovementKind, OpenedContainer, StockMovement
from pharmacy.inventory.queries import find_lot, find_objection, get_balances, is_used


def receive_lot(
    session: Session,
    product: Product,
    *,
    number: str,
    expiry: str,
    supplier: str,
    containers: int,
    location: str,
    by: Person,
    at: datetime,
) -> Lot:
    """Receive containers of a lot, new or known; `expiry` is what the maker printed, a month or a date.

    Refuses a lot that has expired, one that is recalled, and a known lot with another expiry.
    """
    ensure_may(by.role, Permission.RECEIVE_STOCK)
    zone = ZoneInfo(by.site.time_zone)
    number, expiry = number.strip(), expiry.strip()
    if not is_set_82(number):
        raise InvalidInput(
            "The lot number should be as printed: at most 20 letters, digits and signs.", field="number"
        )
    if containers < 1:
        raise InvalidInput("Receive at least 1 container.", field="containers")
    expires_at = parse_expiry(expiry, zone, field="expiry")
    if at >= expires_at:
        raise Refusal(
            f"Lot {number} expired {moment(expires_at, zone)}; do not put it on the shelf.", field="expiry"
        )
    lot = find_lot(session, product.id, number, site_id=by.site_id)
    if lot is None:
        lot = Lot(site_id=by.site_id, product=product, number=number, expiry=expiry,
                  expires_at=expires_at, status=LotStatus.AVAILABLE, supplier=supplier,
                  location=location, received_at=at)  # fmt: skip
        session.add(lot)
        begin_life(session, lot, by=by, at=at)
    _ensure_same(lot, expires_at, zone)
    _move_stock(session, lot, MovementKind.RECEIVED, containers=containers,
                volume_ml=containers * product.volume_ml, by=by, at=at)  # fmt: skip
    record(session, lot, "received a lot", by=by, at=at,
           lot=number, expiry=expiry, containers=containers, supplier=supplier)  # fmt: skip
    return lot


def _ensure_same(lot: Lot, expires_at: datetime, zone: ZoneInfo) -> None:
    if lot.status is LotStatus.RECALLED:
        raise Refusal(f"Lot {lot.number} is recalled; do not put it on the shelf.", field="number")
    if lot.expires_at != expires_at:
        raise Refusal(
            f"Lot {lot.number} is here already and expires {moment(lot.expires_at, zone)}, "
            f"not {moment(expires_at, zone)}; read the package again.",
            field="expiry",
        )


def quarantine_lot(session: Session, lot: Lot, *, reason: str, by: Person, at: datetime) -> Lot:
    """Hold a lot back: no worksheet may use it until a pharmacist lifts the quarantine."""
    ensure_may(by.role, Permission.QUARANTINE_LOTS)
    _ensure_reason(reason)
    move(session, lot, LOT_MOVES, LotStatus.QUARANTINED, what="a lot", by=by, at=at, reason=reason)
    record(session, lot, "put a lot in quarantine", by=by, at=at, reason=reason, lot=lot.number)
    return lot


def lift_quarantine(session: Session, lot: Lot, *, reason: str, by: Person, at: datetime) -> Lot:
    """Let a lot be used again."""
    ensure_may(by.role, Permission.LIFT_QUARANTINE)
    _ensure_reason(reason)
    move(session, lot, LOT_MOVES, LotStatus.AVAILABLE, what="a lot", by=by, at=at, reason=reason)
    record(session, lot, "lifted the quarantine of a lot", by=by, at=at, reason=reason, lot=lot.number)
    return lot


def correct_expiry(session: Session, lot: Lot, *, expiry: str, reason: str, by: Person, at: datetime) -> Lot:
    """Correct an expiry that was typed wrongly at receiving, before any container of the lot was opened.

    Afterwards it would leave bags with a date that rests on the wrong one; such a lot is quarantined instead.
    """
    ensure_may(by.role, Permission.LIFT_QUARANTINE)
    _ensure_reason(reason)
    if is_used(session, lot.id):
        raise Refusal(f"Lot {lot.number} was opened already; put it in quarantine instead.")
    was, expiry = lot.expiry, expiry.strip()
    lot.expires_at = parse_expiry(expiry, ZoneInfo(by.site.time_zone), field="expiry")
    lot.expiry = expiry
    record(session, lot, "corrected the expiry of a lot", by=by, at=at, reason=reason,
           lot=lot.number, was=was, became=expiry)  # fmt: skip
    return lot


def _ensure_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("Give the reason.", field="reason")


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
            f"No container of lot {lot.number} of {lot.product.name} is left; somebody took the last one."
        )
    kind = ContainerKind.SINGLE_DOSE if lot.product.single_dose else ContainerKind.MULTIPLE_DOSE
    table = adopted_limits_table(session, site_id=by.site_id)
    opened = OpenedContainer(
        lot=lot,
        worksheet_id=worksheet_id,
        opened_at=at,
        opened_by_id=by.id,
        use_until=start_clock(kind, opened_at=at, expires=lot.expires_at, table=table).until,
        left_ml=lot.product.volume_ml,
    )
    session.add(opened)
    _move_stock(session, lot, MovementKind.OPENED, containers=-1, volume_ml=Decimal(0), opened=opened,
                bag_id=bag_id, by=by, at=at)  # fmt: skip
    record(session, opened, "opened a container", by=by, at=at, lot=lot.number, worksheet_id=worksheet_id)
    return opened


def put_back(session: Session, opened: OpenedContainer, *, reason: str, by: Person, at: datetime) -> None:
    """Put a container back that was scanned but never entered; refuses one that was drawn from."""
    ensure_may(by.role, Permission.COMPOUND)
    _ensure_reason(reason)
    _ensure_open(opened)
    if opened.left_ml != opened.lot.product.volume_ml:
        raise Refusal("This container was drawn from; it can only be discarded.")
    opened.left_ml, opened.discarded_at = Decimal(0), at
    _move_stock(session, opened.lot, MovementKind.OPENED, containers=1, volume_ml=Decimal(0), opened=opened,
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
    _ensure_reason(reason)
    return _take(session, opened, MovementKind.WASTED, volume_ml=volume_ml, bag_id=bag_id, reason=reason,
                 by=by, at=at)  # fmt: skip


def waste(session: Session, opened: OpenedContainer, *, reason: str, by: Person, at: datetime) -> None:
    """Discard an open container with all that is left in it."""
    ensure_may(by.role, Permission.COMPOUND)
    _ensure_reason(reason)
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
    return _move_stock(session, opened.lot, kind, containers=0, volume_ml=-volume_ml, opened=opened,
                       bag_id=bag_id, reason=reason, by=by, at=at)  # fmt: skip


def _ensure_open(opened: OpenedContainer) -> None:
    if opened.discarded_at is not None:
        raise Refusal(f"This container of lot {opened.lot.number} was discarded already.")


def _move_stock(
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
