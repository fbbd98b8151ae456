"""Reads of rooms and hoods with their certifications, readings, cleanings and samplings."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, selectinload

from pharmacy.domain.errors import NotFound
from pharmacy.domain.facility_intervals import FacilityIntervals, read_facility_intervals
from pharmacy.facility.models import (
    Certification,
    CleaningEntry,
    CompoundingRoom,
    EngineeringControl,
    RoomReading,
    SampleEntry,
)
from pharmacy.formulary.queries import AdoptedKind, get_adopted_last

PAGE = 25
LogEntry = RoomReading | CleaningEntry | SampleEntry
# The logs of a room, by the word in their address.
LOGS: dict[str, type[LogEntry]] = {
    "readings": RoomReading,
    "cleanings": CleaningEntry,
    "samples": SampleEntry,
}
_NEWEST = 5


def facility_intervals(session: Session, *, site_id: int) -> FacilityIntervals:
    """Return the intervals of certification, readings and sampling that a site works by."""
    return read_facility_intervals(get_adopted_last(session, AdoptedKind.FACILITY_INTERVALS, site_id=site_id))


def get_room(session: Session, room_id: int, *, site_id: int) -> CompoundingRoom:
    """Return a room of a site."""
    room = session.get(CompoundingRoom, room_id)
    if room is None or room.site_id != site_id:
        raise NotFound("No room is recorded under this number at this site.")
    return room


def get_control(session: Session, control_id: int, *, site_id: int) -> EngineeringControl:
    """Return a hood of a site with its room."""
    control = session.get(EngineeringControl, control_id)
    if control is None or control.site_id != site_id:
        raise NotFound("No hood is recorded under this number at this site.")
    return control


def list_rooms(session: Session, *, site_id: int) -> list[CompoundingRoom]:
    """List the rooms of a site by name, with the hoods that stand in them."""
    return list(
        session.scalars(
            select(CompoundingRoom)
            .where(CompoundingRoom.site_id == site_id)
            .options(selectinload(CompoundingRoom.controls))
            .order_by(CompoundingRoom.name)
        )
    )


def list_controls(session: Session, *, site_id: int) -> list[EngineeringControl]:
    """List the hoods of a site by name."""
    return list(
        session.scalars(
            select(EngineeringControl)
            .where(EngineeringControl.site_id == site_id)
            .order_by(EngineeringControl.name)
        )
    )


def is_name_taken(
    session: Session, table: type[CompoundingRoom] | type[EngineeringControl], name: str, *, site_id: int
) -> bool:
    """Tell whether a room or a hood of a site has this name, in any letter case."""
    wanted = select(table.id).where(table.site_id == site_id, func.lower(table.name) == name.lower())
    return session.scalar(wanted.limit(1)) is not None


def list_certifications(
    session: Session, *, room_id: int | None = None, control_id: int | None = None
) -> list[Certification]:
    """List all certifications of a room or of a hood, the newest first; corrected ones too."""
    return list(
        session.scalars(
            select(Certification)
            .where(Certification.room_id == room_id if room_id else Certification.control_id == control_id)
            .order_by(Certification.done_on.desc(), Certification.id.desc())
        )
    )


def get_certification(session: Session, certification_id: int, *, site_id: int) -> Certification:
    """Return a certification of a site."""
    found = session.get(Certification, certification_id)
    if found is None or found.site_id != site_id:
        raise NotFound("No certification is recorded under this number at this site.")
    return found


def is_certification_corrected(session: Session, certification: Certification) -> bool:
    """Tell whether another row corrects this one."""
    found = select(Certification.id).where(Certification.corrects_id == certification.id)
    return session.scalar(found) is not None


def list_standing_certifications(session: Session, *, site_id: int) -> list[Certification]:
    """List the last certification of each room and hood of a site that no other corrects."""
    later = aliased(Certification)
    rows = session.scalars(
        select(Certification)
        .outerjoin(later, later.corrects_id == Certification.id)
        .where(Certification.site_id == site_id, later.id.is_(None))
        .order_by(Certification.done_on, Certification.id)
    )
    last = {(one.room_id, one.control_id): one for one in rows}
    return list(last.values())


def list_last_readings(session: Session, rooms: Collection[int]) -> dict[int, RoomReading]:
    """Return the last reading of each room."""
    newest = (
        select(func.max(RoomReading.id)).where(RoomReading.room_id.in_(rooms)).group_by(RoomReading.room_id)
    )
    rows = session.scalars(select(RoomReading).where(RoomReading.id.in_(newest)))
    return {one.room_id: one for one in rows}


def list_last_samples(session: Session, rooms: Collection[int]) -> list[SampleEntry]:
    """List the last sampling of each kind in each room."""
    newest = (
        select(SampleEntry.room_id, SampleEntry.kind, func.max(SampleEntry.taken_on).label("taken_on"))
        .where(SampleEntry.room_id.in_(rooms))
        .group_by(SampleEntry.room_id, SampleEntry.kind)
        .subquery()
    )
    rows = session.scalars(
        select(SampleEntry)
        .join(
            newest,
            (newest.c.room_id == SampleEntry.room_id)
            & (newest.c.kind == SampleEntry.kind)
            & (newest.c.taken_on == SampleEntry.taken_on),
        )
        .order_by(SampleEntry.id)
    )
    last = {(one.room_id, one.kind): one for one in rows}
    return list(last.values())


def list_log(
    session: Session, kind: str, room_id: int, *, page: int = 1, limit: int = PAGE
) -> Sequence[LogEntry]:
    """List a page of a room's readings, cleanings or samplings, the newest first; one more than it holds."""
    table = LOGS[kind]
    wanted = select(table).where(table.room_id == room_id).order_by(table.at.desc(), table.id.desc())
    return list(session.scalars(wanted.offset((page - 1) * limit).limit(limit + 1)))


def list_last_of_logs(session: Session, room_id: int) -> dict[str, Sequence[LogEntry]]:
    """List the newest entries of each log of a room."""
    return {kind: list_log(session, kind, room_id, limit=_NEWEST)[:_NEWEST] for kind in LOGS}
