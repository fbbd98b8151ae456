"""What each pump can be told: its screens in order, their ranges and steps, as reviewed data (pumps.md 1).

Nothing about a pump is written into a rule. A value that nobody has read in the manual of the pump that the
pharmacy owns stays unverified, and a profile with one such value says so on every sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Any

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.quantities import parse_quantity
from pharmacy.domain.reference_data import ReferenceEntry, load_entries
from pharmacy.domain.routes import Route

_FILE = "pump_profiles.toml"
_CONFIDENCES = frozenset({"found", "high", "medium", "low"})


class Mode(StrEnum):
    """How the pump is asked to run."""

    CONTINUOUS = "continuous"
    INTERMITTENT = "intermittent"


class Holds(StrEnum):
    """What stands in a field of the pump: words that never change in a mode, or a number of the program."""

    TEXT = "text"
    UNITS = "units"
    DELAY = "delay"
    RESERVOIR = "reservoir"
    CONTENT = "content"
    VOLUME = "volume"
    RATE = "rate"
    DURATION = "duration"
    TIME = "time"
    CYCLE = "cycle"
    KVO = "kvo"
    DOSES = "doses"


# Fields whose words stand in the profile.
FIXED = frozenset({Holds.TEXT, Holds.UNITS, Holds.DELAY})


@dataclass(frozen=True, slots=True)
class Band:
    """Hold a range of values and the step at which they can be entered there."""

    least: Decimal
    most: Decimal
    step: Decimal


@dataclass(frozen=True, slots=True)
class Screen:
    """Hold one field of the pump; `band` is None where its range is not known or not a number."""

    field: str
    modes: frozenset[Mode]
    holds: Holds
    unit: str
    entered: bool
    text: str
    text_when_primed: str
    band: Band | None


@dataclass(frozen=True, slots=True)
class Remark:
    """Hold a sentence that the sheet must carry in these modes and on these routes."""

    modes: frozenset[Mode]
    routes: frozenset[Route]
    text: str


@dataclass(frozen=True, slots=True)
class PumpProfile:
    """Hold what is known of a pump; None stands for a fact that is not known.

    `rates` are in mL per `per_hours`, lowest band first; a device without rates cannot be programmed.
    """

    profile_id: str
    entry: ReferenceEntry
    per_hours: int
    rates: tuple[Band, ...]
    screens: tuple[Screen, ...]
    remarks: tuple[Remark, ...]
    routes: frozenset[Route] | None
    cycle_most_hours: Decimal | None
    delay_most_hours: Decimal | None
    concentration_field: str | None
    deducts_prime: bool | None
    accuracy_percent: Decimal | None
    capacity_ml: Decimal | None
    is_verified: bool

    @property
    def name(self) -> str:
        """Return the pump's name for people."""
        return self.entry.title

    @property
    def is_programmable(self) -> bool:
        """Tell whether a rate can be set on this device."""
        return bool(self.rates)

    def list_screens(self, mode: Mode) -> tuple[Screen, ...]:
        """List the fields of a mode in screen order; empty when the pump has no such mode."""
        return tuple(screen for screen in self.screens if mode in screen.modes)

    def find_screen(self, mode: Mode, holds: Holds) -> Screen | None:
        """Find the field of a mode that holds this."""
        return next((screen for screen in self.list_screens(mode) if screen.holds is holds), None)


@cache
def load_profiles() -> Mapping[str, PumpProfile]:
    """Load every pump profile that ships, by its id; data that is not well formed is a ValueError."""
    return {key: read_profile(key, entry) for key, entry in load_entries(_FILE).items()}


def find_profile(profile_id: str) -> PumpProfile | None:
    """Find a pump profile by its id.

    >>> find_profile("cadd-legacy-plus").name
    'CADD-Legacy PLUS 6500'
    >>> find_profile("unheard-of") is None
    True
    """
    return load_profiles().get(profile_id)


def read_profile(profile_id: str, entry: ReferenceEntry) -> PumpProfile:
    """Read one profile from its reviewed entry; raises ValueError naming what is wrong with its form."""
    try:
        return _read_profile(profile_id, entry)
    except (KeyError, TypeError, ArithmeticError, InvalidInput) as error:
        raise ValueError(f"{_FILE}: {profile_id}: {error!r}") from None


def _read_profile(profile_id: str, entry: ReferenceEntry) -> PumpProfile:
    content = entry.content
    rate: Mapping[str, Any] | None = content.get("rate")
    facts: Mapping[str, Mapping[str, Any]] = content.get("facts", {})
    remarks: list[Mapping[str, Any]] = content.get("remarks", [])
    screens: list[Mapping[str, Any]] = content["screens"]
    values = [*([rate] if rate else []), *facts.values(), *remarks, *screens]
    known = {name: fact["value"] for name, fact in facts.items()}
    return PumpProfile(
        profile_id=profile_id,
        entry=entry,
        per_hours=rate["per_hours"] if rate else 1,
        rates=tuple(_read_band(band) for band in rate["bands"]) if rate else (),
        screens=tuple(_read_screen(screen) for screen in screens),
        remarks=tuple(_read_remark(remark) for remark in remarks),
        routes=frozenset(map(Route, known["routes"])) if "routes" in known else None,
        cycle_most_hours=_decimal(known.get("cycle_most_hours")),
        delay_most_hours=_decimal(known.get("delay_most_hours")),
        concentration_field=known.get("concentration_field"),
        deducts_prime=known.get("deducts_prime"),
        accuracy_percent=_decimal(known.get("accuracy_percent")),
        capacity_ml=_decimal(known.get("capacity_ml")),
        is_verified=entry.is_checked and all([_is_verified(value) for value in values]),
    )


def _is_verified(value: Mapping[str, Any]) -> bool:
    if not value["source"] or value["confidence"] not in _CONFIDENCES:
        raise TypeError(f"{value} should have a source and a confidence")
    if not isinstance(value["verified"], bool):
        raise TypeError(f"verified should be true or false in {value}")
    return value["verified"]


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else parse_quantity(text, field="a profile value", zero_allowed=True)


def _read_band(band: Mapping[str, str]) -> Band:
    return Band(least=Decimal(band["least"]), most=Decimal(band["most"]), step=Decimal(band["step"]))


def _read_screen(screen: Mapping[str, Any]) -> Screen:
    holds = Holds(screen["holds"])
    text = screen["text"] if holds in FIXED else ""
    return Screen(
        field=screen["field"],
        modes=frozenset(map(Mode, screen["modes"])),
        holds=holds,
        unit=screen.get("unit", ""),
        entered=screen.get("entered", True),
        text=text,
        text_when_primed=screen.get("text_when_primed", text),
        band=_read_band(screen) if "step" in screen else None,
    )


def _read_remark(remark: Mapping[str, Any]) -> Remark:
    return Remark(
        modes=frozenset(map(Mode, remark["modes"])),
        routes=frozenset(map(Route, remark.get("routes", list(Route)))),
        text=remark["text"],
    )


def find_band(bands: tuple[Band, ...], value: Fraction) -> Band:
    """Find the band that a value falls in: the highest that begins at or below it, else the lowest."""
    return next((band for band in reversed(bands) if value >= band.least), bands[0])


__all__ = [
    "FIXED",
    "Band",
    "Holds",
    "Mode",
    "PumpProfile",
    "Remark",
    "Screen",
    "find_band",
    "find_profile",
    "load_profiles",
    "read_profile",
]
