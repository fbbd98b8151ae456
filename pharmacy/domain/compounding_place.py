"""Where bags are made: which category a hood in its room allows, and why (domain.md 1.4).

A hood out of service, not certified or not ISO 5 stops the work; a room only ever lowers the category.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from pharmacy.domain.beyond_use_limits import Category, Preparation
from pharmacy.domain.elapsed import after_hours
from pharmacy.domain.facility_intervals import FacilityIntervals, SampleKind, find_sampling_due
from pharmacy.domain.formatting import day, moment
from pharmacy.domain.statuses import ControlStatus, RoomStatus


class RoomKind(StrEnum):
    """What kind of place a room is for compounding."""

    CLEANROOM_SUITE = "cleanroom_suite"
    SEGREGATED_AREA = "segregated_area"
    UNCLASSIFIED = "unclassified"


ROOM_KIND_WORDS = {
    RoomKind.CLEANROOM_SUITE: "cleanroom suite",
    RoomKind.SEGREGATED_AREA: "segregated compounding area",
    RoomKind.UNCLASSIFIED: "unclassified room",
}


class ControlKind(StrEnum):
    """What kind of primary engineering control a hood is."""

    LAMINAR_HOOD = "laminar_hood"
    BIOLOGICAL_CABINET = "biological_safety_cabinet"
    RABS = "rabs"
    ISOLATOR = "isolator"


CONTROL_KIND_WORDS = {
    ControlKind.LAMINAR_HOOD: "laminar airflow workbench",
    ControlKind.BIOLOGICAL_CABINET: "biological safety cabinet",
    ControlKind.RABS: "restricted access barrier system",
    ControlKind.ISOLATOR: "pharmaceutical isolator",
}


@dataclass(frozen=True, slots=True)
class Certified:
    """Hold one certification: when, what was found, and its ISO classes; `ante_iso` is of a suite only."""

    done_on: date
    passed: bool
    iso: int | None
    ante_iso: int | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """Hold the last readings of a room: when they were taken, and whether the pressure was in range."""

    at: datetime
    pressure_holds: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Hold what is known of a hood in its room now; `sampled` are the last days of each kind of sampling."""

    control: str
    control_status: ControlStatus
    control_certified: Certified | None
    room: str
    room_kind: RoomKind
    room_status: RoomStatus
    room_certified: Certified | None
    read: Read | None
    sampled: Mapping[SampleKind, date]


@dataclass(frozen=True, slots=True)
class Allowed:
    """Hold the category of what is made at a place: None when nothing may be made, with every reason."""

    category: Category | None
    reasons: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Say every reason in a row."""
        return " ".join(self.reasons)


_RANK = {Category.ONE: 1, Category.TWO: 2, Category.THREE: 3}


def judge_place(
    place: Place, wanted: Category, *, intervals: FacilityIntervals, at: datetime, zone: ZoneInfo
) -> Allowed:
    """Judge which category may be made at a place at an instant, `wanted` at the most.

    The reasons say what stops the work, or what lowered the category.
    """
    today = at.astimezone(zone).date()
    stops = _list_stops(place, intervals, at=at, zone=zone, today=today)
    if stops:
        return Allowed(None, tuple(stops))
    if wanted is Category.IMMEDIATE:
        return Allowed(None, ("Immediate use is no route for home dispensing.",))
    caps = (*_list_caps_of_room(place, intervals, today), *_list_caps_of_samples(place, intervals, today))
    lower = [(most, reason) for most, reason in caps if _RANK[most] < _RANK[wanted]]
    category = min((most for most, _ in lower), key=lambda most: _RANK[most], default=wanted)
    return Allowed(category, tuple(reason for _, reason in lower))


def allow_there(preparation: Preparation, allowed: Allowed) -> Preparation:
    """Return a preparation as the place allows it: of the lower category where it allows no more."""
    return preparation if allowed.category is None else replace(preparation, category=allowed.category)


def _list_stops(
    place: Place, intervals: FacilityIntervals, *, at: datetime, zone: ZoneInfo, today: date
) -> list[str]:
    stops = []
    if place.control_status is not ControlStatus.IN_SERVICE:
        stops.append(f"{place.control} is out of service; a pharmacist puts it back.")
    if place.room_status is RoomStatus.OUT_OF_SERVICE:
        stops.append(f"{place.room} is out of service; a pharmacist puts it back.")
    if place.room_kind is RoomKind.UNCLASSIFIED:
        stops.append(f"{place.room} is neither a cleanroom suite nor a segregated compounding area.")
    wrong = find_fault(place.control_certified, intervals, today=today, most_iso=intervals.hood_iso)
    if wrong:
        stops.append(
            f"{place.control}: {wrong} Only immediate use would be allowed, which is no route for home "
            "dispensing. Take another hood."
        )
    if place.read is None:
        stops.append(f"No readings of {place.room} are recorded; record them first.")
    elif at > (until := after_hours(place.read.at, intervals.reading_hours)):
        stops.append(
            f"The readings of {place.room} were good until {moment(until, zone)}; record them first."
        )
    return stops


def _list_caps_of_room(place: Place, intervals: FacilityIntervals, today: date) -> list[tuple[Category, str]]:
    if place.room_kind is RoomKind.SEGREGATED_AREA:
        return [(Category.ONE, f"{place.room} is a segregated compounding area: Category 1 at most.")]
    caps = []
    if place.room_status is RoomStatus.OUT_OF_CLASSIFICATION:
        caps.append(f"{place.room} is out of classification")
    wrong = find_fault(
        place.room_certified, intervals, today=today, most_iso=intervals.buffer_iso, ante=intervals.ante_iso
    )
    if wrong:
        caps.append(f"{place.room} is out of classification ({wrong.rstrip('.')})")
    if place.read is not None and not place.read.pressure_holds:
        caps.append(f"{place.room} is out of classification (the last pressure reading is out of range)")
    return [(Category.ONE, f"{cap}: Category 1 at most.") for cap in caps]


def _list_caps_of_samples(
    place: Place, intervals: FacilityIntervals, today: date
) -> list[tuple[Category, str]]:
    caps = []
    for kind in SampleKind:
        last = place.sampled.get(kind)
        due = None if last is None else find_sampling_due(last, kind, Category.THREE, intervals)
        if due is None or today > due:
            since = "was never recorded" if due is None else f"was due {day(due)}"
            caps.append((Category.TWO, f"Sampling of {kind.value} in {place.room} {since}: no Category 3."))
    return caps


def find_fault(
    certified: Certified | None,
    intervals: FacilityIntervals,
    *,
    today: date,
    most_iso: int,
    ante: int | None = None,
) -> str:
    """Find what is wrong with a certification on a day, as a sentence; empty when it holds."""
    if certified is None:
        return "no certification is recorded."
    if not certified.passed:
        return f"it failed its certification on {day(certified.done_on)}."
    due = intervals.find_certification_due(certified.done_on)
    if today > due:
        return f"its certification was good until {day(due)}."
    if certified.iso is None or certified.iso > most_iso:
        return f"it was certified as {_say_iso(certified.iso)}, not ISO {most_iso}."
    if ante is not None and (certified.ante_iso is None or certified.ante_iso > ante):
        return f"its ante-room was certified as {_say_iso(certified.ante_iso)}, not ISO {ante}."
    return ""


def _say_iso(iso: int | None) -> str:
    return "of no class" if iso is None else f"ISO {iso}"
