"""The working of a pump program: where each number comes from, for who checks it (pumps.md 2.1)."""

from __future__ import annotations

from fractions import Fraction

from pharmacy.domain.formatting import number, quantity
from pharmacy.domain.pump_numbers import ProgramNumbers, ProgramRequest
from pharmacy.domain.pump_profiles import PumpProfile, find_band
from pharmacy.domain.pump_program import PumpProgram

# Said wherever a program is shown whose profile holds a value that nobody has read in the pump's manual.
UNVERIFIED = "UNVERIFIED PUMP PROFILE – NOT FOR PATIENT USE"


def working(program: PumpProgram, *, request: ProgramRequest, profile: PumpProfile) -> list[str]:
    """Write the working of a program, one step a line; what does not exist is left out.

    The exact stands beside the programmed rate, mL per hour beside mL per 24 hours (pumps.md 2.2.7, 2.4).
    """
    numbers = program.numbers
    lines = [
        _volume_line(request, numbers),
        *_rate_lines(program, request, profile),
        _budget_line(request, numbers),
    ]
    if numbers.delivered_ml is not None and numbers.delivered_mg is not None:
        lines.append(
            f"Drug: {quantity(numbers.delivered_ml, 'mL')} × {quantity(request.mg_per_ml, 'mg/mL')}"
            f" = {quantity(numbers.delivered_mg, 'mg')} a dose."
        )
    if request.dose_mg is not None and numbers.delivered_mg is not None:
        percent = numbers.delivered_mg / Fraction(request.dose_mg) * 100
        lines.append(
            f"Of the dose of {quantity(request.dose_mg, 'mg', 2)} that is {number(percent, 2)} percent."
        )
    if program.window and profile.accuracy_percent is not None:
        lines.append(
            f"Expected to end {program.window[0]} to {program.window[1]} after the start, at an accuracy of"
            f" {number(profile.accuracy_percent)} percent either way."
        )
    return lines


def _volume_line(request: ProgramRequest, numbers: ProgramNumbers) -> str:
    volume = quantity(request.volume_ml, "mL")
    if numbers.volume_step is None:
        return f"Volume: {volume} a dose."
    step, programmed = quantity(numbers.volume_step, "mL"), quantity(numbers.volume_ml, "mL")
    return f"Volume: {volume}, rounded down to the pump's step of {step}, gives {programmed} a dose."


def _rate_lines(program: PumpProgram, request: ProgramRequest, profile: PumpProfile) -> list[str]:
    numbers = program.numbers
    hours = quantity(request.infusion_hours, "h")
    exact = f"{quantity(numbers.volume_ml, 'mL')} ÷ {hours} = {number(numbers.exact_rate, 4)} mL per hour"
    if numbers.rate is None or numbers.step_rate is None or numbers.runs_hours is None:
        return [f"Rate: {exact}, which this pump cannot run."]
    own = number(numbers.step_rate, 4)
    per = "hour" if profile.per_hours == 1 else f"{profile.per_hours} hours"
    lines = [f"Rate: {exact} exactly; the pump is set to {own} mL per {per}{_step_words(numbers, profile)}."]
    rate = number(numbers.rate, 4)
    if program.error_percent is not None:
        lines.append(f"Error of the rate: {number(program.error_percent)} percent.")
    product = number(numbers.rate * Fraction(request.infusion_hours), 4)
    lines.append(
        f"Check: {rate} mL per hour × {hours} = {product} mL for {quantity(numbers.volume_ml, 'mL')} asked;"
        f" a dose runs for {program.runs_for}."
    )
    lines.append(f"In both units: {rate} mL per hour is {number(numbers.rate * 24, 4)} mL per 24 hours.")
    lines.append(
        f"Drug rate: {rate} mL per hour × {quantity(request.mg_per_ml, 'mg/mL')}"
        f" = {number(numbers.rate * Fraction(request.mg_per_ml), 1)} mg per hour."
    )
    return lines


def _step_words(numbers: ProgramNumbers, profile: PumpProfile) -> str:
    if not profile.rates or numbers.step_rate is None:
        return ""
    return f", its step being {number(find_band(profile.rates, numbers.step_rate).step)}"


def _budget_line(request: ProgramRequest, numbers: ProgramNumbers) -> str:
    doses = request.doses_per_bag * numbers.volume_ml
    left = request.deliverable_ml - doses - request.kvo_ml
    return (
        f"Bag: {quantity(request.content_ml, 'mL')} content − {quantity(request.prime_ml, 'mL')} prime −"
        f" {quantity(request.residual_ml, 'mL')} residual − {quantity(doses, 'mL')} doses −"
        f" {quantity(request.kvo_ml, 'mL')} KVO leaves {quantity(left, 'mL')} over."
    )


__all__ = ["UNVERIFIED", "working"]
