"""The checks of where a bag's volume goes: content, reservoir, a second dose, keep-vein-open (R4 to R8).

pumps.md 2.3 and 7; one function a rule.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from pharmacy.domain.findings import Finding, Severity, refuse
from pharmacy.domain.formatting import counted, number, quantity
from pharmacy.domain.frequency import needs_calendar
from pharmacy.domain.pump_numbers import ProgramNumbers, ProgramRequest, stops_by_volume
from pharmacy.domain.pump_profiles import Holds, Mode, PumpProfile
from pharmacy.domain.quantities import round_down
from pharmacy.domain.routes import Route


def _check_content(request: ProgramRequest, numbers: ProgramNumbers, profile: PumpProfile) -> list[Finding]:
    found: list[Finding] = []
    content, prime = _exact(request.content_ml), _exact(request.prime_ml)
    need, deliverable = numbers.volume_ml * request.doses_per_bag + request.kvo_ml, request.deliverable_ml
    if deliverable < need:
        message = (
            f"The program needs {_exact(need)}, and {_exact(deliverable)} can be delivered:"
            f" {content} less {prime} to prime and {_exact(request.residual_ml)} left in the bag."
            f" It is {_exact(need - deliverable)} short."
        )
        found.append(refuse("R5", message))
    if profile.capacity_ml is not None and request.content_ml > profile.capacity_ml:
        holds = quantity(profile.capacity_ml, "mL")
        found.append(refuse("R5", f"The {profile.name} holds {holds}, less than the {content} to be filled."))
    return found


def _check_reservoir(request: ProgramRequest, numbers: ProgramNumbers, profile: PumpProfile) -> list[Finding]:
    screen = profile.find_screen(request.mode, Holds.RESERVOIR)
    if screen is None:
        return []
    found: list[Finding] = []
    if request.prime_by_pump and request.prime_ml:
        message = (
            f"Prime first, then set {screen.field}: it is not known that this pump counts its prime down."
        )
        if profile.deducts_prime:
            prime = quantity(request.prime_ml, "mL")
            message = (
                f"{screen.field} includes {prime} that the pump counts down as it primes: set it before."
            )
        found.append(Finding("R6", Severity.NOTE, message))
    doses = numbers.volume_ml * request.doses_per_bag
    if screen.band and round_down(doses, screen.band.step) != doses:
        message = f"{screen.field} goes up to a whole {quantity(screen.band.step, 'mL')} to hold the doses."
        found.append(Finding("R6", Severity.NOTE, message))
    if request.kvo_ml and request.doses_per_bag > 1:
        kvo = quantity(request.kvo_ml, "mL")
        message = f"{screen.field} counts the doses only, and KVO takes {kvo} of it: the last ends short."
        found.append(Finding("R6", Severity.FLAG, message))
    return found


def _check_bag_volume(
    request: ProgramRequest, numbers: ProgramNumbers, profile: PumpProfile
) -> list[Finding]:
    """Check a field that is told the bag's content: its step must not make it too small for the program."""
    screen = profile.find_screen(request.mode, Holds.CONTENT)
    if screen is None or screen.band is None:
        return []
    bag = round_down(request.content_ml, screen.band.step)
    prime = Fraction(request.prime_ml) if request.prime_by_pump else Fraction(0)
    need = numbers.volume_ml * request.doses_per_bag + request.kvo_ml + prime
    if bag >= need:
        return []
    shown, wanted = quantity(bag, "mL"), quantity(need, "mL")
    return [
        refuse("R6", f"{screen.field} would be {shown}, less than the {wanted} that the pump takes from it.")
    ]


def _check_what_is_left(
    request: ProgramRequest, numbers: ProgramNumbers, profile: PumpProfile
) -> list[Finding]:
    left = request.deliverable_ml - request.doses_per_bag * numbers.volume_ml
    shown = quantity(left, "mL")
    if numbers.volume_ml and left >= numbers.volume_ml:
        severity = Severity.FLAG if profile.is_programmable else Severity.REFUSE
        after = counted(request.doses_per_bag, "dose")
        return [
            Finding("R7", severity, f"After {after} the bag still holds {shown}, enough for another dose.")
        ]
    if not profile.is_programmable and left > 0:
        message = f"The {profile.name} empties itself: it gives {shown} more than was ordered."
        return [Finding("R4", Severity.FLAG, message)]
    return []


def _check_doses_in_one_run(
    request: ProgramRequest, _: ProgramNumbers, profile: PumpProfile
) -> list[Finding]:
    doses = request.doses_per_bag
    if doses == 1 or request.mode is not Mode.CONTINUOUS:
        return []
    # Without idle time the doses are one infusion, except where the calendar has days of rest.
    has_rest = request.idle_hours > 0 or needs_calendar(request.frequency)
    if profile.is_programmable and not has_rest:
        return []
    if stops_by_volume(profile, request.mode):
        message = f"The bag holds {doses} doses: starting the pump again gives the next one at once."
        return [Finding("R7", Severity.FLAG, message)]
    message = f"The {profile.name} does not stop between doses in this mode: {doses} doses would run as one."
    return [refuse("R7", message)]


def _check_kvo(request: ProgramRequest, _: ProgramNumbers, profile: PumpProfile) -> list[Finding]:
    if not request.kvo_ml_per_h:
        return []
    found: list[Finding] = []
    if request.route is Route.SUBCUTANEOUS:
        drug = quantity(request.kvo_ml * Fraction(request.mg_per_ml), "mg")
        message = (
            f"KVO must be 0 subcutaneously: there is no vein to keep open, and it would add {drug} of drug."
        )
        found.append(refuse("R8", message))
    return found + _check_kvo_field(request, profile)


def _check_kvo_field(request: ProgramRequest, profile: PumpProfile) -> list[Finding]:
    kvo, screen = request.kvo_ml_per_h, profile.find_screen(request.mode, Holds.KVO)
    if screen is None:
        return [refuse("R8", f"The {profile.name} has no KVO field in {request.mode} mode.")]
    if screen.band is None:
        return [refuse("R8", f"The range of {screen.field} on the {profile.name} is not known.")]
    if kvo > screen.band.most or round_down(kvo, screen.band.step) != kvo:
        most, step = number(screen.band.most), number(screen.band.step)
        message = (
            f"{screen.field} on the {profile.name} goes to {most} in steps of {step}, not to {number(kvo)}."
        )
        return [refuse("R8", message)]
    return []


def _exact(volume: Fraction | Decimal) -> str:
    """Write a volume with all its decimals, so that a shortage of any size can be seen."""
    return quantity(volume, "mL", 6)


BUDGET_CHECKS = (
    _check_content,
    _check_reservoir,
    _check_bag_volume,
    _check_what_is_left,
    _check_doses_in_one_run,
    _check_kvo,
)

__all__ = ["BUDGET_CHECKS"]
