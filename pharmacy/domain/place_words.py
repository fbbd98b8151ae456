"""The place of a preparation in words, as it was frozen when preparation started.

A frozen place is a table of plain values, kept for years with the worksheet. Where none was frozen, the words
are empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pharmacy.domain.formatting import day, moment, quantity
from pharmacy.domain.room_readings import CELSIUS, INCHES, PERCENT

Place = Mapping[str, Any] | None


def say_made_in(place: Place) -> str:
    """Say where the bags of a worksheet are made, on its paper."""
    return f"{place['control']}, {place['room']}" if place else "The hood is chosen at the start"


def say_hood(place: Place) -> str:
    """Say which hood it was, and its certification; empty where none was frozen."""
    if not place:
        return ""
    kind, identity = place["control_kind"], place["control_identity"]
    return f"{place['control']}, {kind}, {identity}; {_say_certified(place['control_certification'])}"


def say_room(place: Place) -> str:
    """Say which room it was, its certification, and in which category the bags are made there."""
    if not place:
        return ""
    words = [f"{place['room']}, {place['room_kind']}"]
    if place["room_certification"]:
        words.append(_say_certified(place["room_certification"]))
    return "; ".join([*words, f"made as Category {place['category']}"])


def say_lowered(place: Place) -> str:
    """Say that the place allowed less than the formula asks for, and why; empty where it did not."""
    if not place or not place["lowered_because"]:
        return ""
    reasons = " ".join(place["lowered_because"])
    return (
        f"Made as Category {place['category']}; the formula asks for Category {place['formula_category']}. "
        f"{reasons} The beyond-use date follows."
    )


def say_conditions(place: Place, zone: ZoneInfo) -> str:
    """Say what was read in the room before the start, and what was out of range."""
    reading = place["reading"] if place else None
    if not reading:
        return ""
    words = [
        quantity(Decimal(reading["temperature_c"]), CELSIUS),
        f"humidity {quantity(Decimal(reading['humidity_percent']), PERCENT)}",
    ]
    if reading["pressure_inches"] is not None:
        words.append(f"pressure difference {quantity(Decimal(reading['pressure_inches']), INCHES)}")
    words.append(f"read {moment(datetime.fromisoformat(reading['at']), zone)} by {reading['by']}")
    return f"{', '.join(words)}. {reading['out_of_range'] or 'In range'}"


def _say_certified(one: Mapping[str, Any] | None) -> str:
    if one is None:
        return "not certified"
    iso = f"ISO {one['iso']}" if one["iso"] else "no class"
    ante = f", ante-room ISO {one['ante_iso']}" if one["ante_iso"] else ""
    dates = [day(date.fromisoformat(one[name])) for name in ("done_on", "good_until")]
    return (
        f"{iso}{ante}, certified {dates[0]} by {one['certified_by']}, report {one['report']}, "
        f"good until {dates[1]}"
    )
