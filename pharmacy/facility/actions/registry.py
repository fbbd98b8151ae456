"""Register rooms and hoods, take them out of service, and put them back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import begin_life, move, record
from pharmacy.domain.compounding_place import ControlKind, RoomKind
from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.lifecycle import say
from pharmacy.domain.quantities import decimal_text
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.room_readings import RoomLimits
from pharmacy.domain.statuses import CONTROL_MOVES, ROOM_MOVES, ControlStatus, RoomStatus
from pharmacy.facility.models import CompoundingRoom, EngineeringControl
from pharmacy.facility.queries import is_name_taken


@dataclass(frozen=True, kw_only=True)
class RoomEntry:
    """Hold what is entered of a room: its name, its kind and the range of its readings."""

    name: str
    kind: RoomKind
    limits: RoomLimits


@dataclass(frozen=True, kw_only=True)
class ControlEntry:
    """Hold what is entered of a hood."""

    name: str
    kind: ControlKind
    maker: str
    serial_number: str


def register_room(session: Session, entry: RoomEntry, *, by: Person, at: datetime) -> CompoundingRoom:
    """Register a room, out of service; refuses a name that is taken and a range that holds nothing."""
    ensure_may(by.role, Permission.MANAGE_FACILITY)
    if is_name_taken(session, CompoundingRoom, entry.name, site_id=by.site_id):
        raise InvalidInput(f"A room called {entry.name} is registered already.", field="name")
    _ensure_range(entry.limits, entry.kind)
    room = CompoundingRoom(
        site_id=by.site_id,
        name=entry.name,
        kind=entry.kind,
        status=RoomStatus.OUT_OF_SERVICE,
        **asdict(entry.limits),
    )
    session.add(room)
    begin_life(session, room, by=by, at=at)
    record(session, room, "registered a room", by=by, at=at,
           name=room.name, kind=room.kind.value, limits=_plain(entry.limits))  # fmt: skip
    return room


def change_limits(
    session: Session, room: CompoundingRoom, limits: RoomLimits, *, reason: str, by: Person, at: datetime
) -> CompoundingRoom:
    """Change the range of a room's readings, with the reason; readings of before stay judged as they were."""
    ensure_may(by.role, Permission.MANAGE_FACILITY)
    ensure_reason(reason)
    _ensure_range(limits, room.kind)
    was = RoomLimits(**{name: getattr(room, name) for name in asdict(limits)})
    for name, value in asdict(limits).items():
        setattr(room, name, value)
    record(session, room, "changed the range of a room", by=by, at=at, reason=reason.strip(),
           name=room.name, was=_plain(was), became=_plain(limits))  # fmt: skip
    return room


def _ensure_range(limits: RoomLimits, kind: RoomKind) -> None:
    if limits.temperature_low_c >= limits.temperature_high_c:
        raise InvalidInput("The highest temperature should be above the lowest.", field="temperature_high_c")
    if limits.humidity_high_percent > Decimal(100):
        raise InvalidInput("Humidity is at most 100 percent.", field="humidity_high_percent")
    if kind is RoomKind.CLEANROOM_SUITE and limits.pressure_low_inches is None:
        raise InvalidInput(
            "Enter the least pressure difference of the suite, in inches of water.",
            field="pressure_low_inches",
        )


def _plain(limits: RoomLimits) -> dict[str, str | None]:
    return {name: None if value is None else decimal_text(value) for name, value in asdict(limits).items()}


def register_control(
    session: Session, room: CompoundingRoom, entry: ControlEntry, *, by: Person, at: datetime
) -> EngineeringControl:
    """Register a hood in its room, out of service until a pharmacist puts it in."""
    ensure_may(by.role, Permission.MANAGE_FACILITY)
    if is_name_taken(session, EngineeringControl, entry.name, site_id=by.site_id):
        raise InvalidInput(f"A hood called {entry.name} is registered already.", field="name")
    control = EngineeringControl(
        site_id=by.site_id, room=room, status=ControlStatus.OUT_OF_SERVICE, **asdict(entry)
    )
    session.add(control)
    begin_life(session, control, by=by, at=at)
    record(session, control, "registered a hood", by=by, at=at, room=room.name,
           name=entry.name, kind=entry.kind.value, maker=entry.maker, serial=entry.serial_number)  # fmt: skip
    return control


def move_room(
    session: Session, room: CompoundingRoom, to: RoomStatus, *, reason: str, by: Person, at: datetime
) -> CompoundingRoom:
    """Take a room out of service or of classification, or put it back, with the reason.

    Whoever works there may say that it is worse than it was; only a pharmacist says that it is better.
    """
    ensure_may(by.role, _needed(list(RoomStatus), room.status, to))
    ensure_reason(reason)
    move(session, room, ROOM_MOVES, to, what="a room", by=by, at=at, reason=reason.strip())
    record(session, room, f"room is {say(to)}", by=by, at=at, reason=reason.strip(), name=room.name)
    return room


def move_control(
    session: Session, control: EngineeringControl, to: ControlStatus, *, reason: str, by: Person, at: datetime
) -> EngineeringControl:
    """Take a hood out of service, or put it back as a pharmacist, with the reason."""
    ensure_may(by.role, _needed(list(ControlStatus), control.status, to))
    ensure_reason(reason)
    move(session, control, CONTROL_MOVES, to, what="a hood", by=by, at=at, reason=reason.strip())
    record(session, control, f"hood is {say(to)}", by=by, at=at, reason=reason.strip(), name=control.name)
    return control


def _needed(order: list[RoomStatus] | list[ControlStatus], was: str, to: str) -> Permission:
    """Return what a move needs; statuses stand in the order from good to bad."""
    worse = order.index(to) > order.index(was)  # type: ignore[arg-type]
    return Permission.RECORD_READINGS if worse else Permission.MANAGE_FACILITY
