"""What patients and nurses read: directions made from a coded order, and numbers spelled out (domain.md 3.2).

The door to the linter for dangerous abbreviations too.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.formatting import NBSP, counted, dose, quantity
from pharmacy.domain.frequency import Frequency, say
from pharmacy.domain.routes import Route
from pharmacy.domain.wording_lint import (
    UnsafeTerm,
    advise_on_wording,
    ensure_safe_wording,
    find_unsafe_wording,
)

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_STEPS = ((1_000_000, "million"), (1000, "thousand"), (100, "hundred"))
_SHOWN = re.compile(
    r"(?P<whole>[0-9]{1,7}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.(?P<decimals>[0-9]{1,6}))?", re.ASCII
)


def directions(
    *,
    dose_mg: Decimal,
    bags_per_dose: int,
    route: Route,
    infusion_hours: Decimal,
    device: str,
    rate_ml_per_h: Decimal | None,
    frequency: Frequency,
) -> str:
    """Write a patient's directions from a coded order.

    `dose_mg` is the whole dose, however many bags it takes; `device` is what the patient knows it by, such as
    `ambulatory pump`; `rate_ml_per_h` is the rate as programmed, None where no rate is set. Every number is
    exact (domain.md 3.2).

    >>> from pharmacy.domain.frequency import DaysOfCycle
    >>> text = directions(
    ...     dose_mg=Decimal(2000), bags_per_dose=1, route=Route.SUBCUTANEOUS, infusion_hours=Decimal(10),
    ...     device="ambulatory pump", rate_ml_per_h=Decimal("10.5"), frequency=DaysOfCycle(2, 3))
    >>> print(text.replace(NBSP, " ").replace(". ", ".\\n"))
    Infuse ONE bag (2 g) subcutaneously over 10 hours with your ambulatory pump at 10.5 mL per hour.
    Use on 2 of every 3 days: see your calendar.
    """
    bags = f"{_count_words(bags_per_dose).upper()} {'bag' if bags_per_dose == 1 else 'bags'}"
    amount = _amount(dose_mg) if bags_per_dose == 1 else f"{_amount(dose_mg)} in all"
    rate = "" if rate_ml_per_h is None else f" at {quantity(rate_ml_per_h, 'mL/h', 6)}"
    return (
        f"Infuse {bags} ({amount}) {route.adverb} over {_duration(infusion_hours)} with your {device}{rate}."
        f" Use {say(frequency)}."
    )


def _amount(dose_mg: Decimal) -> str:
    """Write a dose in g from 1 g on, but in mg where the mg are not whole: nothing is rounded away."""
    return dose(dose_mg) if dose_mg == dose_mg.to_integral_value() else quantity(dose_mg, "mg", 6)


def _duration(hours: Decimal) -> str:
    """Write hours for people: whole hours and minutes where they are exact.

    >>> _duration(Decimal("10.5")).replace(NBSP, " "), _duration(Decimal("1")).replace(NBSP, " ")
    ('10 hours 30 minutes', '1 hour')
    """
    minutes = Fraction(hours) * 60
    if minutes.denominator != 1 or minutes < 60 or minutes % 60 == 0:
        return quantity(hours, "h", 6)
    return f"{quantity(minutes // 60, 'h')} {counted(int(minutes % 60), 'minute')}".replace(" ", NBSP)


def spell_number(shown: str) -> str:
    """Spell a number out as it stands on a pump's screen, every decimal by itself (pumps.md 2.4).

    Takes up to 7 digits and 6 decimals, commas in thousands allowed; raises InvalidInput for anything else.

    >>> spell_number("10.5"), spell_number("10.0"), spell_number("1,240")
    ('ten point five', 'ten point zero', 'one thousand two hundred forty')
    """
    found = _SHOWN.fullmatch(shown)
    if found is None:
        raise InvalidInput("Only a number such as 10.5 can be spelled out.", field="shown")
    words = _count_words(int(found["whole"].replace(",", "")))
    decimals = found["decimals"]
    return (
        words if decimals is None else " ".join([words, "point", *(_ONES[int(digit)] for digit in decimals)])
    )


def _count_words(count: int) -> str:
    if count < 20:
        return _ONES[count]
    if count < 100:
        tens, ones = divmod(count, 10)
        return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")
    size, name = next(step for step in _STEPS if count >= step[0])
    many, rest = divmod(count, size)
    return f"{_count_words(many)} {name}" + (f" {_count_words(rest)}" if rest else "")


__all__ = [
    "UnsafeTerm",
    "advise_on_wording",
    "directions",
    "ensure_safe_wording",
    "find_unsafe_wording",
    "spell_number",
]
