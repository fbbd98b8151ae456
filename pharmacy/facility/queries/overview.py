"""What rooms and hoods need: certification, readings and sampling, and what may be made where now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Site
from pharmacy.domain.beyond_use_limits import Category
from pharmacy.domain.compounding_place import Allowed, RoomKind, judge_place
from pharmacy.domain.elapsed import after_hours
from pharmacy.domain.facility_intervals import FacilityIntervals, SampleKind, find_sampling_due
from pharmacy.domain.local_time import to_local
from pharmacy.facility.models import Certification, CompoundingRoom, EngineeringControl, RoomReading
from pharmacy.facility.queries.places import KnownPlace, read_places
from pharmacy.facility.queries.rooms import (
    facility_intervals,
    list_last_readings,
    list_last_samples,
    list_rooms,
    list_standing_certifications,
)


@dataclass(frozen=True, kw_only=True)
class Due:
    """Hold something that is due: its last good day, None for never done, and whether it is past."""

    until: date | None
    is_late: bool


@dataclass(frozen=True, kw_only=True)
class HoodView:
    """Hold a hood with its certification's last good day and what may be made there now, at the most."""

    known: KnownPlace
    certification_due: Due
    allowed: Allowed


@dataclass(frozen=True, kw_only=True)
class RoomView:
    """Hold a room with its hoods, and when certification, readings and sampling are due there.

    `certification_due` is None where a room has no class; sampling is due as for Categories 1 and 2.
    """

    room: CompoundingRoom
    certification: Certification | None
    certification_due: Due | None
    reading: RoomReading | None
    reading_is_late: bool
    sampling_due: dict[SampleKind, Due]
    hoods: tuple[HoodView, ...]
    notice: str


def read_rooms(session: Session, *, site_id: int, at: datetime) -> list[RoomView]:
    """Read every room of a site with its hoods, in a fixed number of statements."""
    return _read(session, list_rooms(session, site_id=site_id), site_id=site_id, at=at)


def read_room(session: Session, room: CompoundingRoom, *, at: datetime) -> RoomView:
    """Read one room with its hoods."""
    return _read(session, [room], site_id=room.site_id, at=at)[0]


def read_control(session: Session, control: EngineeringControl, *, at: datetime) -> HoodView:
    """Read one hood with what may be made there now."""
    view = read_room(session, control.room, at=at)
    return next(one for one in view.hoods if one.known.control.id == control.id)


def _read(
    session: Session, rooms: Sequence[CompoundingRoom], *, site_id: int, at: datetime
) -> list[RoomView]:
    if not rooms:
        return []
    intervals = facility_intervals(session, site_id=site_id)
    zone = ZoneInfo(session.get_one(Site, site_id).time_zone)
    ids = [one.id for one in rooms]
    readings = list_last_readings(session, ids)
    certified = {one.room_id: one for one in list_standing_certifications(session, site_id=site_id)}
    sampled = {(one.room_id, one.kind): one.taken_on for one in list_last_samples(session, ids)}
    places = read_places(session, [hood for room in rooms for hood in room.controls])
    return [
        _view(
            room,
            certified.get(room.id),
            readings.get(room.id),
            {kind: sampled.get((room.id, kind)) for kind in SampleKind},
            [one for one in places if one.control.room_id == room.id],
            intervals=intervals,
            at=at,
            zone=zone,
        )
        for room in rooms
    ]


def _view(
    room: CompoundingRoom,
    certification: Certification | None,
    reading: RoomReading | None,
    sampled: dict[SampleKind, date | None],
    places: Sequence[KnownPlace],
    *,
    intervals: FacilityIntervals,
    at: datetime,
    zone: ZoneInfo,
) -> RoomView:
    today = to_local(at, zone).date()
    has_class = room.kind is RoomKind.CLEANROOM_SUITE
    late = reading is None or at > after_hours(reading.at, intervals.reading_hours)
    return RoomView(
        room=room,
        certification=certification,
        certification_due=_certification_due(certification, intervals, today) if has_class else None,
        reading=reading,
        reading_is_late=late,
        sampling_due={kind: _sampling_due(sampled[kind], kind, intervals, today) for kind in SampleKind},
        hoods=tuple(
            HoodView(
                known=one,
                certification_due=_certification_due(one.control_certification, intervals, today),
                allowed=judge_place(one.as_place(), Category.THREE, intervals=intervals, at=at, zone=zone),
            )
            for one in places
        ),
        notice=intervals.notice,
    )


def _certification_due(found: Certification | None, intervals: FacilityIntervals, today: date) -> Due:
    until = None if found is None else intervals.find_certification_due(found.done_on)
    return Due(until=until, is_late=until is None or today > until)


def _sampling_due(last: date | None, kind: SampleKind, intervals: FacilityIntervals, today: date) -> Due:
    until = None if last is None else find_sampling_due(last, kind, Category.TWO, intervals)
    return Due(until=until, is_late=until is None or today > until)
