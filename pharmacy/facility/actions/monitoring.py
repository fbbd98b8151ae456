"""Record what is read, cleaned and sampled in a room."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.attachments.actions import attach
from pharmacy.audit.actions import record
from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.facility_intervals import SampleKind
from pharmacy.domain.file_kinds import KeptFile
from pharmacy.domain.formatting import day
from pharmacy.domain.local_time import to_local
from pharmacy.domain.quantities import decimal_text
from pharmacy.domain.room_readings import Reading, RoomLimits, find_out_of_range, holds_pressure
from pharmacy.facility.models import (
    CleaningEntry,
    CompoundingRoom,
    EngineeringControl,
    RoomReading,
    SampleEntry,
)


def limits_of(room: CompoundingRoom) -> RoomLimits:
    """Return the range of a room's readings."""
    return RoomLimits(
        temperature_low_c=room.temperature_low_c,
        temperature_high_c=room.temperature_high_c,
        humidity_high_percent=room.humidity_high_percent,
        pressure_low_inches=room.pressure_low_inches,
    )


def record_readings(
    session: Session, room: CompoundingRoom, reading: Reading, *, note: str, by: Person, at: datetime
) -> RoomReading:
    """Record what is read in a room now; what is out of range is kept with what to do about it."""
    ensure_may(by.role, Permission.RECORD_READINGS)
    limits = limits_of(room)
    if limits.pressure_low_inches is not None and reading.pressure_inches is None:
        raise InvalidInput("Enter the pressure difference, in inches of water.", field="pressure_inches")
    if reading.humidity_percent > 100:
        raise InvalidInput("Humidity is at most 100 percent.", field="humidity_percent")
    wrong = find_out_of_range(reading, limits)
    kept = RoomReading(
        room_id=room.id,
        temperature_c=reading.temperature_c,
        humidity_percent=reading.humidity_percent,
        pressure_inches=reading.pressure_inches,
        pressure_holds=holds_pressure(reading, limits),
        out_of_range=" ".join(wrong),
        note=note.strip(),
        person=by,
        at=at,
    )
    session.add(kept)
    session.flush()
    pressure = reading.pressure_inches
    record(session, kept, "recorded readings", by=by, at=at, room=room.name,
           temperature_c=decimal_text(reading.temperature_c),
           humidity_percent=decimal_text(reading.humidity_percent),
           pressure_inches=None if pressure is None else decimal_text(pressure),
           out_of_range=list(wrong))  # fmt: skip
    return kept


def record_cleaning(
    session: Session,
    room: CompoundingRoom,
    control: EngineeringControl | None,
    *,
    what: str,
    agent: str,
    note: str,
    by: Person,
    at: datetime,
) -> CleaningEntry:
    """Record that a room, or a hood in it, was cleaned or disinfected, and with what."""
    ensure_may(by.role, Permission.RECORD_READINGS)
    for field, text in (("what", what), ("agent", agent)):
        if not text.strip():
            raise InvalidInput("Enter what was done and with which agent.", field=field)
    if control is not None and control.room_id != room.id:
        raise InvalidInput(f"{control.name} does not stand in {room.name}.", field="control")
    entry = CleaningEntry(
        room_id=room.id,
        control_id=control.id if control else None,
        what=what.strip(),
        agent=agent.strip(),
        note=note.strip(),
        person=by,
        at=at,
    )
    session.add(entry)
    session.flush()
    record(session, entry, "recorded a cleaning", by=by, at=at, room=room.name,
           hood=control.name if control else None, what=entry.what, agent=entry.agent)  # fmt: skip
    return entry


def record_sample(
    session: Session,
    room: CompoundingRoom,
    kind: SampleKind,
    *,
    taken_on: date,
    result: str,
    file: KeptFile | None = None,
    by: Person,
    at: datetime,
) -> SampleEntry:
    """Record that the air or the surfaces of a room were sampled for living organisms, and what was found."""
    ensure_may(by.role, Permission.RECORD_READINGS)
    today = to_local(at, ZoneInfo(by.site.time_zone)).date()
    if taken_on > today:
        raise InvalidInput(f"Enter the day of the sampling, {day(today)} at the latest.", field="taken_on")
    if not result.strip():
        raise InvalidInput("Enter what was found, or that it is still to be read.", field="result")
    what = f"sampling of {kind.value} in {room.name}, {day(taken_on)}"
    attached = attach(session, file, what=what, by=by, at=at) if file else None
    entry = SampleEntry(
        room_id=room.id,
        kind=kind,
        taken_on=taken_on,
        result=result.strip(),
        attachment=attached,
        person=by,
        at=at,
    )
    session.add(entry)
    session.flush()
    record(session, entry, "recorded a sampling", by=by, at=at, room=room.name, kind=kind.value,
           taken_on=taken_on, result=entry.result)  # fmt: skip
    return entry
