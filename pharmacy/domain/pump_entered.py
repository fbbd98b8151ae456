"""A program as it stands on the pump's screen, field by field beside the sheet that it should follow.

What is typed is what the screen shows. Times are H:MM, numbers plain decimals; words stay words. In mg mode,
amounts and rates are taken to mL by the concentration on the label, so that they compare with a sheet in mL.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.pump_numbers import ProgramRequest
from pharmacy.domain.pump_profiles import Holds, PumpProfile, Screen
from pharmacy.domain.pump_settings import Setting
from pharmacy.domain.quantities import parse_quantity

_TIMES = frozenset({Holds.DURATION, Holds.TIME, Holds.CYCLE, Holds.DELAY})
_WORDS = frozenset({Holds.TEXT, Holds.UNITS})
# What a pump in mg mode shows in mg; reservoir and bag stay in mL.
_IN_MG = frozenset({Holds.VOLUME, Holds.RATE, Holds.KVO})
_TIME = re.compile(r"([0-9]{1,4}):([0-5][0-9])(?::([0-5][0-9]))?", re.ASCII)
_SPELLINGS = {"h": "hr", "hrs": "hr", "hour": "hr", "hours": "hr"}


@dataclass(frozen=True, slots=True)
class Shown:
    """Hold what one field shows, with the unit beside it; `unit` is empty where the screen shows none."""

    value: str
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.value} {self.unit}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredField:
    """Hold one field of the sheet beside what the screen shows; an amount is None where words stand there.

    `in_mg` tells that the screen shows mg; `on_pump` is in mL all the same.
    """

    screen: Screen
    setting: Setting
    shown: Shown
    in_mg: bool
    on_sheet: Fraction | None
    on_pump: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredProgram:
    """Hold a program read off the screen: the sheet's fields that were read, those that were not, and others.

    `amounts` are all numbers that the screen shows, those of another mode too. `mg_per_ml` is the
    concentration that a pump in mg mode shows, None where it shows none.
    """

    fields: tuple[EnteredField, ...]
    missing: tuple[str, ...]
    others: Mapping[str, Shown]
    amounts: Mapping[Holds, Fraction]
    in_mg: bool
    mg_per_ml: Fraction | None
    request: ProgramRequest
    profile: PumpProfile

    def on_sheet(self, holds: Holds) -> Fraction | None:
        """Return the number that the sheet says in the field that holds this; None where it says none."""
        return next((field.on_sheet for field in self.fields if field.screen.holds is holds), None)

    @property
    def volume_ml(self) -> Fraction | None:
        """Return what one dose takes as entered: its volume, or else its part of the reservoir."""
        if Holds.VOLUME in self.amounts:
            return self.amounts[Holds.VOLUME]
        reservoir = self.amounts.get(Holds.RESERVOIR)
        if reservoir is None:
            return None
        counted = self.request.prime_by_pump and self.profile.deducts_prime
        return (reservoir - Fraction(self.request.prime_ml if counted else 0)) / self.request.doses_per_bag

    @property
    def ml_per_hour(self) -> Fraction | None:
        """Return the rate as entered, or as it follows from a volume and a duration."""
        rate, duration = self.amounts.get(Holds.RATE), self.amounts.get(Holds.DURATION)
        if rate is not None:
            return rate / self.profile.per_hours
        return self.volume_ml / duration if duration and self.volume_ml is not None else None

    @property
    def hours(self) -> Fraction:
        """Return how long a dose runs as shown; the order's hours where the screen shows no time."""
        shown = self.amounts.get(Holds.TIME) or self.amounts.get(Holds.DURATION)
        return shown or Fraction(self.request.infusion_hours)


def pair_fields(
    screen_shows: Mapping[str, Shown],
    *,
    settings: Sequence[Setting],
    request: ProgramRequest,
    profile: PumpProfile,
) -> EnteredProgram:
    """Lay what the screen shows beside the sheet; raises ValueError for a sheet of another pump or mode."""
    screens = {screen.field: screen for screen in profile.list_screens(request.mode)}
    named = {one.field: one for one in settings}
    if not named or not named.keys() <= screens.keys():
        raise ValueError(f"{sorted(named)} is no sheet of {profile.profile_id} in {request.mode} mode")
    every = {screen.field: screen for screen in profile.screens} | screens
    shown = {field: (every[field], value) for field, value in screen_shows.items() if field in every}
    in_mg = any(one.holds is Holds.UNITS and _plain(value.value) == "mg" for one, value in shown.values())
    mg_per_ml = Fraction(request.mg_per_ml) if in_mg else Fraction(1)
    read = {field: _read(screen, value, mg_per_ml) for field, (screen, value) in shown.items()}
    concentration = screen_shows.get(profile.concentration_field or "")
    return EnteredProgram(
        fields=tuple(
            EnteredField(
                screen=screens[field],
                setting=setting,
                shown=screen_shows[field],
                in_mg=in_mg and screens[field].holds in _IN_MG,
                on_sheet=read_amount(setting.shown, screens[field].holds),
                on_pump=read[field],
            )
            for field, setting in named.items()
            if field in shown
        ),
        missing=tuple(field for field in named if field not in shown),
        others={field: value for field, value in screen_shows.items() if field not in named},
        amounts={every[field].holds: amount for field, amount in read.items() if amount is not None},
        in_mg=in_mg,
        mg_per_ml=None if concentration is None else _read_number(concentration.value),
        request=request,
        profile=profile,
    )


def _read(screen: Screen, shown: Shown, mg_per_ml: Fraction) -> Fraction | None:
    amount = read_amount(shown.value, screen.holds)
    return amount / mg_per_ml if amount is not None and screen.holds in _IN_MG else amount


def read_amount(text: str, holds: Holds) -> Fraction | None:
    """Read what a field shows: a number, hours for a time, None for words.

    >>> read_amount("0:10", Holds.DURATION), read_amount("10.0", Holds.RATE), read_amount("OFF", Holds.DELAY)
    (Fraction(1, 6), Fraction(10, 1), None)
    """
    if holds in _WORDS:
        return None
    return _read_time(text) if holds in _TIMES else _read_number(text)


def _read_time(text: str) -> Fraction | None:
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours + Fraction(minutes, 60) + Fraction(seconds, 3600)


def _read_number(text: str) -> Fraction | None:
    """Read a plain decimal number; None for anything else."""
    try:
        return Fraction(parse_quantity(text.strip(), field="value", zero_allowed=True))
    except InvalidInput:
        return None


def is_same(field: EnteredField) -> bool:
    """Tell whether the screen shows what the sheet says, and in the same unit where it shows a unit.

    What the pump works out itself may differ by a minute or by one step of the rate: how it rounds is not
    known.
    """
    if not is_same_unit(field):
        return False
    if field.on_sheet is None or field.on_pump is None:
        return _plain(field.shown.value) == _plain(field.setting.shown)
    return abs(field.on_sheet - field.on_pump) <= (Fraction(0) if field.setting.entered else _last(field))


def _last(field: EnteredField) -> Fraction:
    """Return one unit of the last place that the sheet shows: a minute, or a step such as 0.1."""
    if field.screen.holds in _TIMES:
        return Fraction(1, 60)
    return Fraction(Decimal(1).scaleb(-len(field.setting.shown.partition(".")[2])))


def is_same_unit(field: EnteredField) -> bool:
    """Tell whether the unit beside the value is the sheet's, however it is spelled."""
    expected = _spell(field.setting.unit)
    if field.in_mg:
        expected = ["mg" if word == "ml" else word for word in expected]
    return not field.shown.unit or _spell(field.shown.unit) == expected


def _spell(unit: str) -> list[str]:
    words = re.findall(r"[a-z]+|[0-9]+", _plain(unit))
    return [_SPELLINGS.get(word, word) for word in words if word != "per"]


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


__all__ = [
    "EnteredField",
    "EnteredProgram",
    "Shown",
    "is_same",
    "is_same_unit",
    "pair_fields",
    "read_amount",
]
