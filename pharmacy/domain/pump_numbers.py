"""The arithmetic of a pump program: programmed volume, rate, its error, how long it runs (pumps.md 2.2, 2.3).

Exact fractions throughout. The volume is rounded down to the pump's step, never asking for more than is
there; the rate goes to the nearest step, half up, and its error is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from pharmacy.domain.frequency_schedule import shortest_gap_hours
from pharmacy.domain.frequency_types import Frequency
from pharmacy.domain.pump_profiles import Holds, Mode, PumpProfile, find_band
from pharmacy.domain.quantities import round_down, round_to_step
from pharmacy.domain.routes import Route


class DeliveryBasis(StrEnum):
    """What the dose of a bag is measured by (pumps.md 4.3)."""

    WHOLE_BAG = "whole_bag"
    NOMINAL_VOLUME = "nominal_volume"
    EXACT_FILL = "exact_fill"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramRequest:
    """Hold what a pump program is made from: one dose, its bag, its set and the route.

    Volumes in mL, rates in mL per hour. `dose_mg` and `delivery_basis` come together or not at all.
    """

    mode: Mode
    volume_ml: Decimal
    infusion_hours: Decimal
    frequency: Frequency
    route: Route
    sites: int
    mg_per_ml: Decimal
    content_ml: Decimal
    prime_ml: Decimal
    residual_ml: Decimal
    prime_by_pump: bool
    kvo_ml_per_h: Decimal
    doses_per_bag: int = 1
    mosm_per_l: Decimal | None = None
    dose_mg: Decimal | None = None
    delivery_basis: DeliveryBasis | None = None

    @property
    def gap_hours(self) -> Fraction:
        """Return the shortest nominal gap between two starts."""
        return shortest_gap_hours(self.frequency, infusion_hours=self.infusion_hours)

    @property
    def idle_hours(self) -> Fraction:
        """Return the hours between the end of a dose and the next start; 0 when they overlap."""
        return max(Fraction(0), self.gap_hours - Fraction(self.infusion_hours))

    @property
    def deliverable_ml(self) -> Fraction:
        """Return what prime and residual leave to deliver; negative when they are more than the content."""
        return Fraction(self.content_ml) - Fraction(self.prime_ml) - Fraction(self.residual_ml)

    @property
    def kvo_ml(self) -> Fraction:
        """Return what keep-vein-open takes from the bag between doses."""
        return Fraction(self.kvo_ml_per_h) * self.doses_per_bag * self.idle_hours


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramNumbers:
    """Hold the exact numbers of a program; None where there is none.

    `set_hours` are the hours that the rate follows from; `step_rate` is the rate as the pump counts it;
    `runs_hours` is one dose at the programmed rate; `delivered_ml` one dose as it arrives.
    """

    volume_ml: Fraction
    volume_step: Decimal | None
    set_hours: Fraction
    exact_rate: Fraction
    step_rate: Fraction | None
    rate: Fraction | None
    error: Fraction | None
    runs_hours: Fraction | None
    delivered_ml: Fraction | None
    delivered_mg: Fraction | None
    mg_per_hour: Fraction | None


def find_numbers(request: ProgramRequest, *, profile: PumpProfile) -> ProgramNumbers:
    """Work out a program's numbers for a pump, exactly; a mode that the pump does not have has no step."""
    step = find_volume_step(profile, request.mode)
    volume = Fraction(request.volume_ml) if step is None else round_down(request.volume_ml, step)
    set_hours = _set_hours(request, profile)
    exact = volume / Fraction(request.infusion_hours)
    step_rate = _step_rate(profile, request.mode, volume / set_hours) if set_hours else None
    rate = None if step_rate is None else step_rate / profile.per_hours
    delivered = _delivered(request, profile, volume) if rate else None
    concentration = Fraction(request.mg_per_ml)
    return ProgramNumbers(
        volume_ml=volume,
        volume_step=step,
        set_hours=set_hours,
        exact_rate=exact,
        step_rate=step_rate,
        rate=rate,
        error=(rate - exact) / exact if rate is not None and exact else None,
        runs_hours=delivered / rate if rate and delivered is not None else None,
        delivered_ml=delivered,
        delivered_mg=None if delivered is None else delivered * concentration,
        mg_per_hour=None if rate is None else rate * concentration,
    )


def find_volume_step(profile: PumpProfile, mode: Mode) -> Decimal | None:
    """Find the step of the field that ends a dose: its volume, or else the reservoir that is counted to 0."""
    screen = profile.find_screen(mode, Holds.VOLUME) or profile.find_screen(mode, Holds.RESERVOIR)
    return screen.band.step if screen and screen.band else None


def stops_by_volume(profile: PumpProfile, mode: Mode) -> bool:
    """Tell whether the pump stops after one dose by itself, however much is in the bag."""
    return profile.find_screen(mode, Holds.VOLUME) is not None


def _set_hours(request: ProgramRequest, profile: PumpProfile) -> Fraction:
    """Return the hours that the rate follows from: whole minutes where the time is typed in, else exact."""
    hours = Fraction(request.infusion_hours)
    for holds in (Holds.DURATION, Holds.TIME):
        screen = profile.find_screen(request.mode, holds)
        if screen and screen.entered:
            return round_to_step(hours, Fraction(1, 60))
    return hours


def _step_rate(profile: PumpProfile, mode: Mode, rate: Fraction) -> Fraction:
    """Bring a rate in mL per hour to the pump's own count and step; one set by a duration is not rounded."""
    own = rate * profile.per_hours
    if not profile.is_programmable or profile.find_screen(mode, Holds.DURATION):
        return own
    return round_to_step(own, find_band(profile.rates, own).step)


def _delivered(request: ProgramRequest, profile: PumpProfile, volume: Fraction) -> Fraction:
    """Return one dose as it arrives; a device that cannot be programmed empties itself."""
    if profile.is_programmable:
        return volume
    return max(Fraction(0), request.deliverable_ml) / request.doses_per_bag


__all__ = [
    "DeliveryBasis",
    "ProgramNumbers",
    "ProgramRequest",
    "find_numbers",
    "find_volume_step",
    "stops_by_volume",
]
