"""The likely mistake behind a wrong number on the pump's screen (pumps.md 2.4, 2.5).

Each function lists the numbers that people are known to enter in a field by mistake; the first that stands
there names it. What is not recognised stays an unexplained difference, and stops the check all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from pharmacy.domain.formatting import number, quantity
from pharmacy.domain.pump_entered import EnteredField, EnteredProgram
from pharmacy.domain.pump_profiles import Holds
from pharmacy.domain.pump_settings import hours_minutes_seconds

READ_BACK = "read-back"
_TENFOLD = tuple(Fraction(10) ** power for power in (1, -1, 2, -2, 3, -3))
# How far the number of another unit may be off and still be that number, rounded to a step.
_ROUNDED = Fraction(5, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class BagNumbers:
    """Hold what stands on the bag's label beside its volume and could be entered by mistake."""

    dose_mg: Decimal | None = None
    meq: Decimal | None = None
    container_ml: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Mistake:
    """Hold a known mistake: the number that it leaves in the field, the rule that names it, and the words."""

    amount: Fraction
    rule: str
    words: str
    within: Fraction = Fraction(0)

    def leaves(self, amount: Fraction) -> bool:
        """Tell whether this mistake would leave this number."""
        return abs(amount - self.amount) <= self.amount * self.within


def find_mistake(field: EnteredField, program: EnteredProgram, *, bag: BagNumbers) -> Mistake | None:
    """Find the mistake that a wrong number in a field points to; None where none is known."""
    on_sheet, on_pump = field.on_sheet, field.on_pump
    if on_sheet is None or on_pump is None:
        return None
    match field.screen.holds:
        case Holds.RATE:
            known = _list_for_rate(on_sheet, program, bag)
        case Holds.VOLUME | Holds.RESERVOIR | Holds.CONTENT:
            known = _list_for_volume(field, on_sheet, program, bag)
        case Holds.DURATION | Holds.TIME | Holds.CYCLE:
            known = _list_for_time(on_sheet)
        case _:
            known = iter(())
    return next((mistake for mistake in known if mistake.amount and mistake.leaves(on_pump)), None)


def _list_for_rate(on_sheet: Fraction, program: EnteredProgram, bag: BagNumbers) -> Iterator[Mistake]:
    shown = program.volume_ml
    volume = program.on_sheet(Holds.VOLUME) or program.on_sheet(Holds.RESERVOIR)
    if volume is not None and shown == on_sheet:
        yield Mistake(volume, "R4", "rate and volume are swapped")
    per_hours = program.profile.per_hours
    if per_hours == 1:
        words = "that is the number for mL per 24 hours; this pump counts in mL per hour"
        yield Mistake(on_sheet * 24, "R14", words, _ROUNDED)
    else:
        words = f"that is the mL-per-hour number; this pump counts in mL per {per_hours} hours"
        yield Mistake(on_sheet / per_hours, "R14", words, _ROUNDED)
    if volume is not None:
        yield Mistake(volume, "R4", "that is the volume, not the rate")
    yield from _list_drug_numbers(on_sheet / per_hours, program, bag, what="rate")
    yield from _list_tenfold(on_sheet)
    yield Mistake(on_sheet * 60, READ_BACK, "hours were taken for minutes")
    yield Mistake(on_sheet / 60, READ_BACK, "minutes were taken for hours")


def _list_for_volume(
    field: EnteredField, on_sheet: Fraction, program: EnteredProgram, bag: BagNumbers
) -> Iterator[Mistake]:
    rate, volume = program.on_sheet(Holds.RATE), program.amounts.get(Holds.VOLUME)
    if rate is not None:
        swapped = program.amounts.get(Holds.RATE) == on_sheet
        words = "rate and volume are swapped" if swapped else "that is the rate, not the volume"
        yield Mistake(rate, "R4", words)
    if field.screen.holds is Holds.RESERVOIR and volume is not None and volume > on_sheet:
        words = "the pump raised it by itself when a larger volume to infuse was entered"
        yield Mistake(volume, "R6", words)
    yield from _list_drug_numbers(on_sheet, program, bag, what="volume")
    yield from _list_bag_volumes(field, on_sheet, program, bag)
    yield from _list_tenfold(on_sheet)


def _list_bag_volumes(
    field: EnteredField, on_sheet: Fraction, program: EnteredProgram, bag: BagNumbers
) -> Iterator[Mistake]:
    request, dose = program.request, program.on_sheet(Holds.VOLUME) or on_sheet
    if bag.container_ml is not None:
        words = "that is the size of the container, and not what is to run out of it"
        yield Mistake(Fraction(bag.container_ml), "R6", words)
    if field.screen.holds is Holds.CONTENT:
        yield Mistake(dose, "R6", "that is one dose; this pump is told all that the bag holds")
        return
    yield Mistake(
        Fraction(request.content_ml), "R6", "that is all that the bag holds, prime and residual too"
    )
    prime = Fraction(request.prime_ml)
    yield Mistake(on_sheet + prime, "R6", "the prime was added to it")
    yield Mistake(on_sheet - prime, "R6", "the prime was taken off it")
    for doses in (2, 3):
        words = f"that is {doses} doses: the next would run without anybody at the pump"
        yield Mistake(on_sheet * doses, "R7", words)


def _list_drug_numbers(
    ml: Fraction, program: EnteredProgram, bag: BagNumbers, *, what: str
) -> Iterator[Mistake]:
    """List the drug's own numbers: mg of this volume or rate, then the dose in mg, g and mEq."""
    milligrams = ml * Fraction(program.request.mg_per_ml)
    yield Mistake(milligrams, READ_BACK, f"that is the {what} in mg, not in mL")
    if bag.dose_mg is not None:
        dose = Fraction(bag.dose_mg)
        yield Mistake(dose, READ_BACK, f"that is the dose in mg, not a {what} in mL")
        yield Mistake(dose / 1000, READ_BACK, f"that is the dose in g, not a {what} in mL")
    if bag.meq is not None:
        yield Mistake(Fraction(bag.meq), READ_BACK, f"that is the dose in mEq, not a {what} in mL", _ROUNDED)


def _list_tenfold(on_sheet: Fraction) -> Iterator[Mistake]:
    for times in _TENFOLD:
        size = f"{number(times)} times" if times > 1 else f"one {number(1 / times)}th of"
        yield Mistake(on_sheet * times, READ_BACK, f"that is {size} what is meant: look at the decimal point")


def _list_for_time(on_sheet: Fraction) -> Iterator[Mistake]:
    yield Mistake(on_sheet / 60, READ_BACK, "minutes stand where hours are meant")
    yield Mistake(on_sheet * 60, READ_BACK, "hours stand where minutes are meant")


def say_speed(program: EnteredProgram) -> str:
    """Say how long the program would run as entered and how far that is from the order, or nothing.

    Within 1 percent nothing is said.
    """
    rate, volume = program.ml_per_hour, program.volume_ml
    if not rate or not volume:
        return ""
    runs, ordered = volume / rate, Fraction(program.request.infusion_hours)
    how = "slow" if runs > ordered else "fast"
    times = max(runs / ordered, ordered / runs)
    if times <= Fraction(101, 100):
        return ""
    words = quantity(runs, "h") if runs.denominator == 1 else hours_minutes_seconds(runs)
    return f"it would run for {words}, {number(times, 2)} times too {how}"


__all__ = ["READ_BACK", "BagNumbers", "Mistake", "find_mistake", "say_speed"]
