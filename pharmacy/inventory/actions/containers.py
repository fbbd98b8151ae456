"""Open, draw from, keep, put back and discard containers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import record
from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import moment, quantity
from pharmacy.domain.interception import Cause
from pharmacy.domain.opened_containers import ContainerClock, may_stay_open, start_clock
from pharmacy.domain.product_containers import opened_as
from pharmacy.domain.quantities import decimal_text
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.stock_locations import LocationKind
from pharmacy.formulary.queries import adopted_limits_table
from pharmacy.inventory.actions.stock import move_stock
from pharmacy.inventory.models import Lot, MovementKind, OpenedContainer, StockLocation, StockMovement
from pharmacy.inventory.queries import find_objection, list_out_of_time, list_standings


def open_container(
    session: Session, lot: Lot, *, worksheet_id: int, bag_id: int, by: Person, at: datetime
) -> OpenedContainer:
    """Enter a vial or bag in the hood, in ISO 5 air: one container less on the shelf, and its clock starts.

    Refuses a lot that may not be used, one of which no container is left, and one of which a container that
    is out of its time still stands open: a scan cannot tell the two apart (domain.md 1.3).
    """
    ensure_may(by.role, Permission.COMPOUND)
    zone = ZoneInfo(by.site.time_zone)
    objection = find_objection(lot, at=at, zone=zone)
    if objection:
        raise Refusal(objection)
    _ensure_none_out_of_time(session, lot, worksheet_id=worksheet_id, at=at, zone=zone)
    taken_from, clock = _choose_location(session, lot), _start_clock(session, lot, by=by, at=at)
    opened = OpenedContainer(
        lot=lot,
        worksheet_id=worksheet_id,
        held_by_id=worksheet_id,
        opened_at=at,
        opened_by_id=by.id,
        use_until=clock.until,
        left_ml=lot.product.volume_ml,
        stays_open=may_stay_open(clock.kind),
        location_id=taken_from.id if taken_from else None,
    )
    session.add(opened)
    move_stock(session, lot, MovementKind.OPENED, containers=-1, volume_ml=Decimal(0), opened=opened,
               bag_id=bag_id, location_id=opened.location_id, by=by, at=at)  # fmt: skip
    record(session, opened, "opened a container", by=by, at=at, lot=lot.number, worksheet_id=worksheet_id)
    return opened


def _start_clock(session: Session, lot: Lot, *, by: Person, at: datetime) -> ContainerClock:
    return start_clock(
        opened_as(lot.product.container_kind),
        opened_at=at,
        expires=lot.expires_at,
        table=adopted_limits_table(session, site_id=by.site_id),
        label_hours=lot.product.label_hours,
    )


def _ensure_none_out_of_time(
    session: Session, lot: Lot, *, worksheet_id: int, at: datetime, zone: ZoneInfo
) -> None:
    for one in list_out_of_time(session, lot.id, worksheet_id=worksheet_id, at=at):
        raise Refusal(
            f"A container of lot {lot.number} was opened {moment(one.opened_at, zone)} and could be used "
            f"before {moment(one.use_until, zone)}. Discard it under Open containers, then scan a new one.",
            cause=Cause.CLOCK_PASSED,
        )


def _choose_location(session: Session, lot: Lot) -> StockLocation | None:
    """Choose where a container is taken from: the first location by name that is no quarantine."""
    standings = [one for one in list_standings(session, [lot.id]) if one.containers > 0]
    name = f"lot {lot.number} of {lot.product.name}"
    if not standings:
        raise Refusal(f"No container of {name} is left; somebody took the last one.", cause=Cause.NONE_LEFT)
    for one in standings:
        if one.location is None or one.location.kind is not LocationKind.QUARANTINE:
            return one.location
    raise Refusal(
        f"Every container of {name} that is left stands in quarantine.", cause=Cause.QUARANTINED_LOT
    )


def take_up(
    session: Session, opened: OpenedContainer, *, worksheet_id: int, by: Person, at: datetime
) -> OpenedContainer:
    """Go on with a container that was kept open; no other worksheet has it until it is let go."""
    ensure_may(by.role, Permission.COMPOUND)
    zone = ZoneInfo(by.site.time_zone)
    _ensure_open(opened)
    objection = find_objection(opened.lot, at=at, zone=zone)
    if objection:
        raise Refusal(objection)
    if at >= opened.use_until:
        raise Refusal(
            f"This container of lot {opened.lot.number} could be used before "
            f"{moment(opened.use_until, zone)}; discard it.",
            cause=Cause.CLOCK_PASSED,
        )
    if opened.held_by_id is not None:
        raise Refusal(f"This container of lot {opened.lot.number} is in use on another worksheet.")
    opened.held_by_id = worksheet_id
    record(session, opened, "took up an open container", by=by, at=at, lot=opened.lot.number,
           worksheet_id=worksheet_id)  # fmt: skip
    return opened


def let_go(session: Session, opened: OpenedContainer, *, reason: str, by: Person, at: datetime) -> bool:
    """Let go of a container when its worksheet ends: kept open where its kind and clock allow, else wasted.

    Tells whether it was kept.
    """
    ensure_may(by.role, Permission.COMPOUND)
    if not (opened.stays_open and opened.left_ml and at < opened.use_until):
        waste(session, opened, reason=reason, by=by, at=at)
        return False
    _ensure_open(opened)
    opened.held_by_id = None
    record(session, opened, "kept a container open", by=by, at=at, reason=reason, lot=opened.lot.number,
           left_ml=decimal_text(opened.left_ml))  # fmt: skip
    return True


def put_back(session: Session, opened: OpenedContainer, *, reason: str, by: Person, at: datetime) -> None:
    """Put a container back that was scanned but never entered; refuses one that was drawn from."""
    ensure_may(by.role, Permission.COMPOUND)
    ensure_reason(reason)
    _ensure_open(opened)
    if opened.left_ml != opened.lot.product.volume_ml:
        raise Refusal("This container was drawn from; it can only be discarded.")
    opened.left_ml, opened.discarded_at = Decimal(0), at
    move_stock(session, opened.lot, MovementKind.OPENED, containers=1, volume_ml=Decimal(0), opened=opened,
               location_id=opened.location_id, reason=reason, by=by, at=at)  # fmt: skip
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
