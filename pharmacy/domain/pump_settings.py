"""The rows of a programming sheet: every field of the pump, in screen order, as entered (pumps.md 1.3).

`value` follows the pharmacy's number rule; `shown` is what stands on the pump's screen, such as 10.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from pharmacy.domain.findings import Finding, Severity
from pharmacy.domain.formatting import number
from pharmacy.domain.pump_numbers import ProgramNumbers, ProgramRequest
from pharmacy.domain.pump_profiles import FIXED, Band, Holds, PumpProfile, Screen, find_band
from pharmacy.domain.quantities import decimal_text, round_down, round_half_up, rounded_text

# The rule that speaks when a value lies outside its field's range; where there is none, the profile's own.
_RULES = {Holds.RESERVOIR: "R6", Holds.CONTENT: "R6"}


@dataclass(frozen=True, slots=True)
class Setting:
    """Hold one field of the pump: `entered` false means that the pump works it out itself."""

    field: str
    value: str
    unit: str
    entered: bool
    shown: str


def list_settings(
    request: ProgramRequest, numbers: ProgramNumbers, *, profile: PumpProfile
) -> tuple[Setting, ...]:
    """List the fields of the pump in screen order; needs a program that has a rate."""
    return tuple(
        Setting(screen.field, *_write(screen, request, numbers, profile))
        for screen in profile.list_screens(request.mode)
    )


def _write(
    screen: Screen, request: ProgramRequest, numbers: ProgramNumbers, profile: PumpProfile
) -> tuple[str, str, bool, str]:
    if screen.holds in FIXED:
        value = shown = screen.text_when_primed if request.prime_by_pump else screen.text
    elif screen.holds in (Holds.DURATION, Holds.TIME, Holds.CYCLE):
        value = shown = _write_time(screen, request, numbers)
    else:
        amount = find_amount(screen, request, numbers, profile=profile)
        value = rounded_text(amount, 2)
        shown = _show(amount, _find_band(screen, profile, amount))
    return value, screen.unit, screen.entered, shown


def find_amount(
    screen: Screen, request: ProgramRequest, numbers: ProgramNumbers, *, profile: PumpProfile
) -> Fraction:
    """Find the number that a field holds, at the field's step; needs a program that has a rate."""
    match screen.holds:
        case Holds.RESERVOIR:
            return find_reservoir(screen, request, numbers, profile=profile)
        case Holds.CONTENT:
            content = Fraction(request.content_ml)
            return round_down(content, screen.band.step) if screen.band else content
        case Holds.VOLUME:
            return numbers.volume_ml
        case Holds.KVO:
            return Fraction(request.kvo_ml_per_h)
        case Holds.DOSES:
            return Fraction(request.doses_per_bag)
        case Holds.RATE if numbers.step_rate is not None:
            return numbers.step_rate
        case _:
            raise ValueError(f"{screen.field} does not hold a number here")


def find_reservoir(
    screen: Screen, request: ProgramRequest, numbers: ProgramNumbers, *, profile: PumpProfile
) -> Fraction:
    """Find the reservoir volume: the doses, and the prime only where the pump counts its own prime (R6).

    A sum between two steps goes up, because the field must hold the doses (pumps.md 2.3).
    """
    prime = Fraction(request.prime_ml) if request.prime_by_pump and profile.deducts_prime else Fraction(0)
    exact = numbers.volume_ml * request.doses_per_bag + prime
    if screen.band is None:
        return exact
    down = round_down(exact, screen.band.step)
    return down if down == exact else down + Fraction(screen.band.step)


def _find_band(screen: Screen, profile: PumpProfile, amount: Fraction) -> Band | None:
    if screen.holds is Holds.RATE and profile.is_programmable:
        return find_band(profile.rates, amount)
    return screen.band


def _show(amount: Fraction, band: Band | None) -> str:
    if band is None:
        return rounded_text(amount, 2)
    places = find_places(band.step)
    return f"{round_half_up(amount, places):.{places}f}"


def find_places(step: Decimal) -> int:
    """Return the decimals that a step needs.

    >>> find_places(Decimal("0.1")), find_places(Decimal("1"))
    (1, 0)
    """
    return len(decimal_text(step).partition(".")[2])


def _write_time(screen: Screen, request: ProgramRequest, numbers: ProgramNumbers) -> str:
    if screen.holds is Holds.CYCLE:
        return hours_minutes(request.gap_hours)
    hours = numbers.set_hours if screen.entered else numbers.runs_hours
    if hours is None:
        raise ValueError(f"{screen.field} does not hold a time here")
    return hours_minutes(hours)


def hours_minutes(hours: Fraction) -> str:
    """Write hours as the pump does, H:MM, half up.

    >>> hours_minutes(Fraction(500, 21))
    '23:49'
    """
    whole, minutes = divmod(int(round_half_up(hours * 60, 0)), 60)
    return f"{whole}:{minutes:02}"


def hours_minutes_seconds(hours: Fraction) -> str:
    """Write hours as H:MM:SS, half up.

    >>> hours_minutes_seconds(Fraction(500, 21))
    '23:48:34'
    """
    minutes, seconds = divmod(int(round_half_up(hours * 3600, 0)), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def check_ranges(request: ProgramRequest, numbers: ProgramNumbers, *, profile: PumpProfile) -> list[Finding]:
    """Find every volume that a field of the pump cannot take."""
    found: list[Finding] = []
    for screen in profile.list_screens(request.mode):
        if screen.band is None or screen.holds is Holds.KVO:
            continue
        amount = find_amount(screen, request, numbers, profile=profile)
        if not screen.band.least <= amount <= screen.band.most:
            found.append(
                Finding(
                    _RULES.get(screen.holds, "R2"),
                    Severity.REFUSE,
                    f"{screen.field} would be {number(amount, 2)}; the {profile.name} takes"
                    f" {number(screen.band.least)} to {number(screen.band.most)} in {screen.unit} there.",
                )
            )
    return found


__all__ = [
    "Setting",
    "check_ranges",
    "find_amount",
    "find_places",
    "find_reservoir",
    "hours_minutes",
    "hours_minutes_seconds",
    "list_settings",
]
