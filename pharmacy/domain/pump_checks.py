"""The checks of a pump program, one function a rule, named as in pumps.md 7 (R2, R3, R12 to R15, R25)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from pharmacy.domain.findings import Finding, Severity, refuse
from pharmacy.domain.formatting import number, quantity
from pharmacy.domain.frequency import needs_calendar
from pharmacy.domain.pump_budget import BUDGET_CHECKS
from pharmacy.domain.pump_numbers import DeliveryBasis, ProgramNumbers, ProgramRequest
from pharmacy.domain.pump_profiles import Mode, PumpProfile
from pharmacy.domain.pump_settings import hours_minutes_seconds
from pharmacy.domain.routes import Route

# Percent of the exact rate: an error up to the first is noted, up to the second flagged (pumps.md 2.2.4).
_NOTED_ERROR, _FLAGGED_ERROR = Fraction(1, 100), Fraction(5, 100)
Check = Callable[[ProgramRequest, ProgramNumbers, PumpProfile], list[Finding]]


def _check_pump(request: ProgramRequest, _: ProgramNumbers, profile: PumpProfile) -> list[Finding]:
    found = [
        Finding("R2", Severity.NOTE, remark.text)
        for remark in profile.remarks
        if request.mode in remark.modes and request.route in remark.routes
    ]
    if not profile.list_screens(request.mode):
        found.append(Finding("R2", Severity.REFUSE, f"The {profile.name} has no {request.mode} mode."))
    if profile.routes is not None and request.route not in profile.routes:
        message = f"The routes known for the {profile.name} do not include {request.route}."
        found.append(Finding("R2", Severity.FLAG, message))
    return found


def _check_rate(request: ProgramRequest, numbers: ProgramNumbers, profile: PumpProfile) -> list[Finding]:
    if not numbers.rate or numbers.error is None or numbers.step_rate is None:
        exact = number(numbers.exact_rate, 4)
        return [
            refuse("R3", f"{exact} mL per hour is 0 at the step of the {profile.name}: nothing would run.")
        ]
    found: list[Finding] = []
    if profile.rates:
        least, most = profile.rates[0].least, profile.rates[-1].most
        if not least <= numbers.step_rate <= most:
            own = f"{number(numbers.step_rate, 2)} mL per {_period(profile)}"
            message = f"The rate would be {own}; the {profile.name} runs {number(least)} to {number(most)}."
            found.append(refuse("R3", message))
    return found + _check_error(numbers.error, exact=numbers.exact_rate, rate=numbers.rate)


def _check_error(error: Fraction, *, exact: Fraction, rate: Fraction) -> list[Finding]:
    if not error:
        return []
    severity = Severity.NOTE if abs(error) <= _NOTED_ERROR else Severity.FLAG
    severity = Severity.REFUSE if abs(error) > _FLAGGED_ERROR else severity
    off = number(error * 100, 2)
    message = (
        f"The exact rate is {number(exact, 4)} mL per hour and the pump's is {number(rate, 4)}, an error of"
        f" {'less than 0.01' if off == '0' else off} percent."
    )
    return [Finding("R3", severity, message)]


def _period(profile: PumpProfile) -> str:
    return "hour" if profile.per_hours == 1 else f"{profile.per_hours} hours"


def _check_cycle(request: ProgramRequest, numbers: ProgramNumbers, profile: PumpProfile) -> list[Finding]:
    hours, gap = Fraction(request.infusion_hours), request.gap_hours
    shown, between = quantity(hours, "h"), quantity(gap, "h")
    if request.mode is Mode.CONTINUOUS:
        if hours <= gap:
            return []
        return [refuse("R12", f"An infusion of {shown} overlaps the next one, {between} after its start.")]
    # As the pump runs it: the time that is typed in, or what the stepped rate comes to.
    runs = max(hours, numbers.set_hours, numbers.runs_hours or Fraction(0))
    if runs >= gap:
        longer = "" if runs == hours else f", which the pump runs in {hours_minutes_seconds(runs)},"
        message = f"An infusion of {shown}{longer} leaves no idle time in a cycle of {between}."
        message += " Use the continuous mode."
        return [refuse("R12", message)]
    most = profile.cycle_most_hours
    if most is None:
        return [
            refuse("R12", f"The longest cycle of the {profile.name} is not known: read it in its manual.")
        ]
    if gap > most:
        message = f"A cycle of {between} is longer than the {quantity(most, 'h')} of the {profile.name}."
        return [refuse("R12", f"{message} Use a single continuous run and the calendar.")]
    return []


def _check_calendar(request: ProgramRequest, _: ProgramNumbers, profile: PumpProfile) -> list[Finding]:
    if not needs_calendar(request.frequency):
        return []
    words = request.frequency.text
    if request.mode is Mode.INTERMITTENT:
        message = (
            f"No pump cycle can hold {words}. Program a single continuous run and start it by the calendar."
        )
        return [refuse("R13", message)]
    message = (
        f"One run each time the pump is started. The pump does not know {words}: the calendar tells the days."
    )
    return [Finding("R13", Severity.NOTE, message)]


def _check_rate_unit(request: ProgramRequest, numbers: ProgramNumbers, profile: PumpProfile) -> list[Finding]:
    if profile.per_hours == 1 or numbers.step_rate is None or numbers.rate is None:
        return []
    own, hourly = number(numbers.step_rate, 2), number(numbers.rate, 2)
    per = _period(profile)
    message = f"This pump counts in mL per {per}: {own} mL per {per} is {hourly} mL per hour."
    return [Finding("R14", Severity.NOTE, message)]


def _check_dose(request: ProgramRequest, numbers: ProgramNumbers, _: PumpProfile) -> list[Finding]:
    if request.dose_mg is None or numbers.delivered_mg is None:
        return []
    percent = numbers.delivered_mg / Fraction(request.dose_mg) * 100
    severity = find_dose_severity(percent, whole_bag=request.delivery_basis is DeliveryBasis.WHOLE_BAG)
    if severity is None:
        return []
    given, ordered = quantity(numbers.delivered_mg, "mg"), quantity(request.dose_mg, "mg", 2)
    message = f"{given} of {ordered} are delivered, {number(percent, 2)} percent of the dose."
    return [Finding("R15", severity, message)]


def find_dose_severity(percent: Fraction, *, whole_bag: bool) -> Severity | None:
    """Judge the delivered part of a dose: 95 to 105 percent is right (R15).

    >>> find_dose_severity(Fraction(94), whole_bag=True), find_dose_severity(Fraction(105), whole_bag=False)
    (<Severity.NOTE: 'note'>, None)
    """
    if 95 <= percent <= 105:
        return None
    if percent > 105:
        return Severity.FLAG if percent <= 110 else Severity.REFUSE
    mild, grave = (Severity.NOTE, Severity.FLAG) if whole_bag else (Severity.FLAG, Severity.REFUSE)
    return mild if percent >= 90 else grave


def _check_connected(request: ProgramRequest, _: ProgramNumbers, profile: PumpProfile) -> list[Finding]:
    if (
        request.route is not Route.SUBCUTANEOUS
        or request.mode is not Mode.INTERMITTENT
        or not request.idle_hours
    ):
        return []
    idle = quantity(request.idle_hours, "h")
    message = (
        f"The pump starts the next dose by itself after {idle} idle, where the patient has disconnected."
    )
    return [Finding("R25", Severity.FLAG, message)]


def _check_window(request: ProgramRequest, numbers: ProgramNumbers, profile: PumpProfile) -> list[Finding]:
    window = find_window(numbers, profile=profile)
    if profile.is_programmable or window is None or profile.accuracy_percent is None:
        return []
    earliest, latest = map(hours_minutes_seconds, window)
    percent = number(profile.accuracy_percent)
    message = (
        f"Expected to end between {earliest} and {latest} after the start, at {percent} percent either way."
    )
    return [Finding("window", Severity.NOTE, message)]


def find_window(numbers: ProgramNumbers, *, profile: PumpProfile) -> tuple[Fraction, Fraction] | None:
    """Find the hours after which a dose ends at the earliest and the latest, at the device's accuracy."""
    if numbers.runs_hours is None or profile.accuracy_percent is None:
        return None
    part = Fraction(profile.accuracy_percent) / 100
    return numbers.runs_hours / (1 + part), numbers.runs_hours / (1 - part)


CHECKS: tuple[Check, ...] = (
    _check_pump,
    _check_rate,
    *BUDGET_CHECKS,
    _check_cycle,
    _check_calendar,
    _check_rate_unit,
    _check_dose,
    _check_connected,
    _check_window,
)

__all__ = ["CHECKS", "find_dose_severity", "find_window"]
