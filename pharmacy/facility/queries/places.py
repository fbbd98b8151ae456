"""What is known of each place where bags are made, as the rule takes it and as a worksheet keeps it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from pharmacy.domain.compounding_place import (
    CONTROL_KIND_WORDS,
    ROOM_KIND_WORDS,
    Certified,
    Place,
    Read,
)
from pharmacy.domain.facility_intervals import FacilityIntervals, SampleKind
from pharmacy.domain.formatting import iso_instant
from pharmacy.domain.quantities import decimal_text
from pharmacy.facility.models import Certification, EngineeringControl, RoomReading, SampleEntry
from pharmacy.facility.queries.rooms import (
    list_last_readings,
    list_last_samples,
    list_standing_certifications,
)


@dataclass(frozen=True, kw_only=True)
class KnownPlace:
    """Hold a hood in its room with the records that say what may be made there."""

    control: EngineeringControl
    control_certification: Certification | None
    room_certification: Certification | None
    reading: RoomReading | None
    samples: tuple[SampleEntry, ...]

    def as_place(self) -> Place:
        """Return the place as the rule takes it."""
        control, room = self.control, self.control.room
        return Place(
            control=control.name,
            control_status=control.status,
            control_certified=_certified(self.control_certification),
            room=room.name,
            room_kind=room.kind,
            room_status=room.status,
            room_certified=_certified(self.room_certification),
            read=Read(self.reading.at, self.reading.pressure_holds) if self.reading else None,
            sampled={one.kind: one.taken_on for one in self.samples},
        )


def _certified(found: Certification | None) -> Certified | None:
    return None if found is None else Certified(found.done_on, found.passed, found.iso, found.ante_iso)


def read_places(session: Session, controls: Sequence[EngineeringControl]) -> list[KnownPlace]:
    """Read what is known of hoods of one site; three statements for all."""
    if not controls:
        return []
    rooms = {one.room_id for one in controls}
    certified = {
        (one.room_id, one.control_id): one
        for one in list_standing_certifications(session, site_id=controls[0].site_id)
    }
    readings = list_last_readings(session, rooms)
    samples: dict[int, list[SampleEntry]] = defaultdict(list)
    for one in list_last_samples(session, rooms):
        samples[one.room_id].append(one)
    return [
        KnownPlace(
            control=control,
            control_certification=certified.get((None, control.id)),
            room_certification=certified.get((control.room_id, None)),
            reading=readings.get(control.room_id),
            samples=tuple(samples[control.room_id]),
        )
        for control in controls
    ]


def describe_place(known: KnownPlace, intervals: FacilityIntervals) -> dict[str, Any]:
    """Describe a place in plain values, as a worksheet keeps it for years."""
    control, room, reading = known.control, known.control.room, known.reading
    sampled = {one.kind: one.taken_on for one in known.samples}
    return {
        "control_id": control.id,
        "control": control.name,
        "control_kind": CONTROL_KIND_WORDS[control.kind],
        "control_identity": f"{control.maker}, serial {control.serial_number}",
        "control_certification": _describe(known.control_certification, intervals),
        "room_id": room.id,
        "room": room.name,
        "room_kind": ROOM_KIND_WORDS[room.kind],
        "room_status": room.status.value,
        "room_certification": _describe(known.room_certification, intervals),
        "reading": _describe_reading(reading),
        "sampled": {kind.value: _iso(sampled.get(kind)) for kind in SampleKind},
        "intervals": intervals.key,
        "notice": intervals.notice,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _describe(found: Certification | None, intervals: FacilityIntervals) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "id": found.id,
        "done_on": found.done_on.isoformat(),
        "passed": found.passed,
        "good_until": intervals.find_certification_due(found.done_on).isoformat(),
        "iso": found.iso,
        "ante_iso": found.ante_iso,
        "certified_by": found.certified_by,
        "report": found.report,
    }


def _describe_reading(reading: RoomReading | None) -> dict[str, Any] | None:
    if reading is None:
        return None
    pressure = reading.pressure_inches
    return {
        "at": iso_instant(reading.at),
        "by": reading.person.name,
        "temperature_c": decimal_text(reading.temperature_c),
        "humidity_percent": decimal_text(reading.humidity_percent),
        "pressure_inches": None if pressure is None else decimal_text(pressure),
        "out_of_range": reading.out_of_range,
    }
