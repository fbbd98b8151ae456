"""The pump program of one bag: what to enter, what it comes to, and what speaks against it (pumps.md 2, 7).

>>> from decimal import Decimal
>>> from pharmacy.domain.frequency_types import DaysOfCycle
>>> request = ProgramRequest(
...     mode=Mode.CONTINUOUS, volume_ml=Decimal(105), infusion_hours=Decimal(10), frequency=DaysOfCycle(2, 3),
...     route=Route.SUBCUTANEOUS, sites=1, mg_per_ml=Decimal(20), content_ml=Decimal(111),
...     prime_ml=Decimal(5), residual_ml=Decimal(1), prime_by_pump=False, kvo_ml_per_h=Decimal(0))
>>> program = program_pump(request, profile=find_profile("cadd-solis-vip"),
...     limits=get_subcutaneous_limits("magnesium-sulfate"))
>>> program.verdict.value, program.rate_ml_per_h, program.runs_for, program.delivered_mg
('ok', Decimal('10.5'), '10:00:00', Decimal('2100'))
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from pharmacy.domain.findings import Finding, Verdict, find_verdict
from pharmacy.domain.pump_checks import CHECKS, find_window
from pharmacy.domain.pump_limits import (
    SubcutaneousLimits,
    SubcutaneousUse,
    check_subcutaneous,
    get_subcutaneous_limits,
    most_in_24_hours,
)
from pharmacy.domain.pump_numbers import (
    DeliveryBasis,
    ProgramNumbers,
    ProgramRequest,
    find_numbers,
)
from pharmacy.domain.pump_profiles import Mode, PumpProfile, find_band, find_profile
from pharmacy.domain.pump_settings import (
    Setting,
    check_ranges,
    find_places,
    hours_minutes_seconds,
    list_settings,
)
from pharmacy.domain.quantities import round_half_up
from pharmacy.domain.routes import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpProgram:
    """Hold a pump program: `settings` is empty when it is refused, and a number is None where there is none.

    Rounded once: rate at the pump's step, percent 2 places, mg 0, mg per hour 1, times H:MM:SS.
    `window` is when a dose ends at the earliest and the latest; `numbers` holds the exact numbers.
    """

    verdict: Verdict
    settings: tuple[Setting, ...]
    rate_ml_per_h: Decimal | None
    error_percent: Decimal | None
    runs_for: str | None
    window: tuple[str, str] | None
    delivered_mg: Decimal | None
    mg_per_hour: Decimal | None
    profile_verified: bool
    findings: tuple[Finding, ...]
    numbers: ProgramNumbers


def program_pump(request: ProgramRequest, *, profile: PumpProfile, limits: SubcutaneousLimits) -> PumpProgram:
    """Program a pump for one dose, or say why it may not be programmed so.

    Nothing raises for a program that is wrong: a refusal is a finding. Volumes in mL, hours as decimal hours
    (calculators.md, pump; pumps.md 2 and 7).
    """
    numbers = find_numbers(request, profile=profile)
    findings = _find(request, numbers, profile=profile, limits=limits)
    verdict = find_verdict(findings)
    window = find_window(numbers, profile=profile)
    return PumpProgram(
        verdict=verdict,
        settings=() if verdict is Verdict.REFUSE else list_settings(request, numbers, profile=profile),
        rate_ml_per_h=_round(numbers.rate, _rate_places(numbers, profile)),
        error_percent=_round(None if numbers.error is None else numbers.error * 100, 2),
        runs_for=None if numbers.runs_hours is None else hours_minutes_seconds(numbers.runs_hours),
        window=None
        if window is None
        else (hours_minutes_seconds(window[0]), hours_minutes_seconds(window[1])),
        delivered_mg=_round(numbers.delivered_mg, 0),
        mg_per_hour=_round(numbers.mg_per_hour, 1),
        profile_verified=profile.is_verified,
        findings=findings,
        numbers=numbers,
    )


def _round(value: Fraction | None, places: int) -> Decimal | None:
    return None if value is None else round_half_up(value, places)


def _rate_places(numbers: ProgramNumbers, profile: PumpProfile) -> int:
    """Return the decimals of a rate in mL per hour: the pump's own where it counts by the hour, else 2."""
    if profile.per_hours != 1 or not profile.rates or numbers.step_rate is None:
        return 2
    return find_places(find_band(profile.rates, numbers.step_rate).step)


def _find(
    request: ProgramRequest, numbers: ProgramNumbers, *, profile: PumpProfile, limits: SubcutaneousLimits
) -> tuple[Finding, ...]:
    found = [finding for check in CHECKS for finding in check(request, numbers, profile)]
    if numbers.rate:
        found += check_ranges(request, numbers, profile=profile)
    if request.route is Route.SUBCUTANEOUS:
        found += check_subcutaneous(_find_use(request, numbers), limits=limits)
    return tuple(found)


def _find_use(request: ProgramRequest, numbers: ProgramNumbers) -> SubcutaneousUse:
    daily_ml = None
    if numbers.delivered_ml is not None and numbers.runs_hours:
        daily_ml = most_in_24_hours(
            numbers.delivered_ml, gap_hours=request.gap_hours, run_hours=numbers.runs_hours
        )
    return SubcutaneousUse(
        sites=request.sites,
        mg_per_ml=request.mg_per_ml,
        mosm_per_l=request.mosm_per_l,
        ml_per_hour=numbers.rate,
        ml_in_24_hours=daily_ml,
        mg_per_hour=numbers.mg_per_hour,
        mg_in_24_hours=None if daily_ml is None else daily_ml * Fraction(request.mg_per_ml),
    )


__all__ = [
    "DeliveryBasis",
    "Finding",
    "Mode",
    "ProgramNumbers",
    "ProgramRequest",
    "PumpProgram",
    "Route",
    "Setting",
    "find_profile",
    "get_subcutaneous_limits",
    "program_pump",
]
