"""The blind double check: what the pump's screen shows, against the sheet and against itself (pumps.md 2.5).

A second person types what stands on the screen, field by field. Any difference stops: there is nothing to
agree with. The sentence names the likely mistake where one is known.

>>> from pharmacy.domain.frequency_types import DaysOfCycle
>>> from pharmacy.domain.pump_limits import get_subcutaneous_limits
>>> from pharmacy.domain.pump_profiles import Mode, find_profile
>>> from pharmacy.domain.pump_program import program_pump
>>> from pharmacy.domain.routes import Route
>>> request = ProgramRequest(
...     mode=Mode.CONTINUOUS, volume_ml=Decimal(100), infusion_hours=Decimal(10), frequency=DaysOfCycle(1, 1),
...     route=Route.SUBCUTANEOUS, sites=1, mg_per_ml=Decimal(20), content_ml=Decimal(106),
...     prime_ml=Decimal(5), residual_ml=Decimal(1), prime_by_pump=False, kvo_ml_per_h=Decimal(0))
>>> profile = find_profile("cadd-legacy-1")
>>> sheet = program_pump(request, profile=profile, limits=get_subcutaneous_limits("magnesium-sulfate"))
>>> screen = {"Reservoir Volume": Shown("100", "mL"), "Continuous Rate": Shown("10", "mL/24 hrs")}
>>> found = check_readback(screen, settings=sheet.settings, request=request, profile=profile)
>>> [(one.rule, one.severity.value) for one in found]
[('R14', 'refuse'), ('R4', 'refuse')]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from pharmacy.domain.findings import Finding, Severity, refuse
from pharmacy.domain.formatting import quantity
from pharmacy.domain.frequency import needs_calendar
from pharmacy.domain.pump_entered import (
    EnteredField,
    EnteredProgram,
    Shown,
    is_same,
    is_same_unit,
    pair_fields,
)
from pharmacy.domain.pump_mistakes import READ_BACK, BagNumbers, find_mistake, say_speed
from pharmacy.domain.pump_numbers import ProgramRequest
from pharmacy.domain.pump_profiles import Holds, PumpProfile
from pharmacy.domain.pump_settings import Setting

# A read-back program may miss its volume by 1 percent, and by 0.5 mL where that is more (pumps.md 2.2.5).
_PART, _LEAST_ML = Fraction(1, 100), Fraction(1, 2)
_NOT_IN_USE = "not in use"
_NO_BAG_NUMBERS = BagNumbers()


def check_readback(
    screen_shows: Mapping[str, Shown],
    *,
    settings: Sequence[Setting],
    request: ProgramRequest,
    profile: PumpProfile,
    bag: BagNumbers = _NO_BAG_NUMBERS,
) -> tuple[Finding, ...]:
    """Compare an entered program with the sheet that was made from `request`, and with itself.

    `screen_shows` has the value of each field as shown, by the field's name on the sheet. An empty answer is
    agreement. A refusal stops the pump from going out; mg mode with the label's concentration is a flag.
    Raises ValueError when the settings are not of this pump and mode (pumps.md 2.2.5, 2.5, 7).
    """
    program = pair_fields(screen_shows, settings=settings, request=request, profile=profile)
    differences = [
        *_check_completeness(program),
        *(one for field in program.fields for one in _check_field(field, program, bag)),
        *_check_mg_mode(program),
    ]
    return (*differences, *_check_itself(program, differs=bool(differences)))


def _check_completeness(program: EnteredProgram) -> Iterator[Finding]:
    for field in program.missing:
        yield refuse(READ_BACK, f"{field} was not read: type what the screen shows there.")
    for field, shown in program.others.items():
        if program.in_mg and field == program.profile.concentration_field:
            continue
        yield refuse(*_say_other(field, shown, program))


def _say_other(field: str, shown: Shown, program: EnteredProgram) -> tuple[str, str]:
    """Say why the screen shows a field that the sheet does not have."""
    request, profile = program.request, program.profile
    message = f"{field} shows {shown} and is not on the sheet"
    elsewhere = [one for one in profile.screens if one.field == field]
    if not elsewhere:
        return READ_BACK, f"{message}: the pump is set up in another way."
    message = f"{message}: the pump is not in {request.mode} mode."
    if elsewhere[0].holds is Holds.CYCLE and needs_calendar(request.frequency):
        return "R13", f"{message} No cycle can hold {request.frequency.text}."
    return READ_BACK, message


def _check_field(field: EnteredField, program: EnteredProgram, bag: BagNumbers) -> Iterator[Finding]:
    if is_same(field) or (program.in_mg and field.screen.holds is Holds.UNITS):
        return
    said = f"{field.screen.field} shows {_say_shown(field)} and the sheet says {_say_sheet(field)}"
    rule, reason = _explain(field, program, bag)
    speed = say_speed(program) if field.screen.holds in (Holds.RATE, Holds.DURATION, Holds.TIME) else ""
    yield refuse(rule, "; ".join(filter(None, [f"{said}: {reason}" if reason else said, speed])) + ".")


def _say_shown(field: EnteredField) -> str:
    unit = field.shown.unit or (field.setting.unit.replace("mL", "mg") if field.in_mg else "")
    return str(Shown(field.shown.value, unit))


def _say_sheet(field: EnteredField) -> str:
    unit = "" if ":" in field.setting.shown else field.setting.unit
    return str(Shown(field.setting.shown, unit))


def _explain(field: EnteredField, program: EnteredProgram, bag: BagNumbers) -> tuple[str, str]:
    """Find the rule and the words for a field that differs; the words are empty where nothing is known."""
    if not is_same_unit(field):
        rule = "R14" if field.screen.holds is Holds.RATE else READ_BACK
        return rule, "the unit is another one"
    match field.screen.holds:
        case Holds.RESERVOIR if field.shown.value.strip().casefold() == _NOT_IN_USE:
            return "R16", "without a volume to count down the pump does not stop by itself"
        case Holds.KVO if field.on_pump and not field.on_sheet:
            return "R8", _say_kvo(field.on_pump, program.request)
        case Holds.DELAY:
            return "R12", _say_delay(field, program.profile)
        case Holds.CYCLE if _is_too_long(field.on_pump, program.profile.cycle_most_hours):
            return "R12", f"the longest cycle of the {program.profile.name} is shorter"
    mistake = find_mistake(field, program, bag=bag)
    return (READ_BACK, "") if mistake is None else (mistake.rule, mistake.words)


def _say_kvo(ml_per_hour: Fraction, request: ProgramRequest) -> str:
    ml = ml_per_hour * request.idle_hours
    drug = quantity(ml * Fraction(request.mg_per_ml), "mg")
    added = f"it would add {quantity(ml, 'mL')} and {drug} of drug to each dose"
    return f"perhaps left from an earlier program; {added}"


def _say_delay(field: EnteredField, profile: PumpProfile) -> str:
    most = profile.delay_most_hours
    if most is not None and _is_too_long(field.on_pump, most):
        return f"the {profile.name} delays a start by {quantity(most, 'h')} at most"
    return "the infusion would not begin when it is started"


def _is_too_long(hours: Fraction | None, most: Decimal | None) -> bool:
    return hours is not None and most is not None and hours > most


def _check_mg_mode(program: EnteredProgram) -> Iterator[Finding]:
    """Let mg mode pass only with the concentration on the label, and say what it comes to in mL (R17)."""
    if not program.in_mg:
        return
    label, shown = Fraction(program.request.mg_per_ml), program.mg_per_ml
    volume, rate = program.volume_ml, program.ml_per_hour
    on_label = quantity(label, "mg/mL")
    if not shown:
        field = program.profile.concentration_field
        yield refuse("R17", f"The pump counts in mg: read {field}, which must be {on_label} as on the label.")
    elif shown != label:
        message = f"The pump counts in mg at {quantity(shown, 'mg/mL')} and the label says {on_label}"
        if volume is not None:
            given, meant = quantity(volume * label / shown, "mL"), quantity(volume, "mL")
            message = f"{message}: it would give {given} where {meant} are meant"
        yield refuse("R17", f"{message}.")
    elif volume is not None and rate is not None:
        message = (
            f"The pump counts in mg at {on_label}. In mL that is {quantity(volume, 'mL')} at"
            f" {quantity(rate, 'mL/h')}. Only where the pharmacy permits mg mode."
        )
        yield Finding("R17", Severity.FLAG, message)


def _check_itself(program: EnteredProgram, *, differs: bool) -> Iterator[Finding]:
    yield from _check_product(program, Severity.REFUSE if differs else Severity.FLAG)
    yield from _check_range(program)
    yield from _check_bag(program)
    yield from _check_doses(program)


def _check_product(program: EnteredProgram, severity: Severity) -> Iterator[Finding]:
    """Check rate × time = volume as entered (pumps.md 2.2.5).

    A sheet that was flagged for its rate can be read back as it is: then this is a flag again, no refusal.
    """
    rate, volume, hours = program.ml_per_hour, program.volume_ml, program.hours
    if rate is None or volume is None:
        return
    if abs(rate * hours - volume) <= max(volume * _PART, _LEAST_ML):
        return
    message = (
        f"{quantity(rate, 'mL/h')} × {quantity(hours, 'h')} is {quantity(rate * hours, 'mL')}, and the pump"
        f" is set to {quantity(volume, 'mL')}."
    )
    yield Finding("R4", severity, message)


def _check_range(program: EnteredProgram) -> Iterator[Finding]:
    profile, rate = program.profile, program.ml_per_hour
    if rate is None or not profile.rates:
        return
    most = Fraction(profile.rates[-1].most) / profile.per_hours
    if rate > most:
        message = f"{quantity(rate, 'mL/h')} is more than the {quantity(most, 'mL/h')} of the {profile.name}."
        yield refuse("R3", message)


def _check_bag(program: EnteredProgram) -> Iterator[Finding]:
    if program.volume_ml is None:
        return
    deliverable, need = program.request.deliverable_ml, program.volume_ml * program.request.doses_per_bag
    if need <= deliverable:
        return
    message = (
        f"The pump is set to {quantity(need, 'mL')} and the bag can deliver {quantity(deliverable, 'mL')}: it"
        f" is {quantity(need - deliverable, 'mL')} short."
    )
    yield refuse("R5", message)


def _check_doses(program: EnteredProgram) -> Iterator[Finding]:
    """Refuse a cycle with more doses in the reservoir than the bag was made for (R7)."""
    reservoir, cycle = program.amounts.get(Holds.RESERVOIR), program.amounts.get(Holds.CYCLE)
    if reservoir is None or cycle is None or not program.volume_ml:
        return
    doses = int(reservoir / program.volume_ml)
    if doses <= program.request.doses_per_bag:
        return
    connected = (doses - 1) * cycle + program.hours
    message = (
        f"The reservoir is set to {doses} doses: the pump starts each by itself, and bag and needle stay in"
        f" for {quantity(connected, 'h')}."
    )
    yield refuse("R7", message)


__all__ = ["BagNumbers", "Shown", "check_readback"]
