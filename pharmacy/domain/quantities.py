"""Exact quantities: a decimal amount with its unit, and the one place where results are rounded.

Rules compute in `Fraction` or `Decimal` and round once at the end (calculators.md, Output quantities).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from pharmacy.domain.errors import InvalidInput, Refusal

_QUANTITY = re.compile(r"[0-9]{1,7}(\.[0-9]{1,6})?", re.ASCII)


class Unit(StrEnum):
    """The units a record or a rule may carry; no other is converted or guessed."""

    G = "g"
    MG = "mg"
    MEQ = "mEq"
    MMOL = "mmol"
    ML = "mL"
    HOUR = "h"
    MG_PER_ML = "mg/mL"
    MEQ_PER_ML = "mEq/mL"
    MG_PER_HOUR = "mg/h"
    ML_PER_HOUR = "mL/h"


# Units of one kind, in the smaller of them; between kinds nothing is converted.
_MG_IN = {Unit.G: 1000, Unit.MG: 1}
# What dividing or multiplying two units gives; a pair that is not here is refused.
_QUOTIENTS = {
    (Unit.MG, Unit.ML): Unit.MG_PER_ML,
    (Unit.MEQ, Unit.ML): Unit.MEQ_PER_ML,
    (Unit.MG, Unit.HOUR): Unit.MG_PER_HOUR,
    (Unit.ML, Unit.HOUR): Unit.ML_PER_HOUR,
    (Unit.MG, Unit.MG_PER_ML): Unit.ML,
    (Unit.ML, Unit.ML_PER_HOUR): Unit.HOUR,
    (Unit.MG, Unit.MG_PER_HOUR): Unit.HOUR,
}
_PRODUCTS = {
    frozenset({Unit.MG_PER_ML, Unit.ML}): Unit.MG,
    frozenset({Unit.MEQ_PER_ML, Unit.ML}): Unit.MEQ,
    frozenset({Unit.ML_PER_HOUR, Unit.HOUR}): Unit.ML,
    frozenset({Unit.MG_PER_HOUR, Unit.HOUR}): Unit.MG,
    frozenset({Unit.MG_PER_ML, Unit.ML_PER_HOUR}): Unit.MG_PER_HOUR,
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """Hold an exact amount with its unit; sums of different units are refused.

    >>> Quantity.of("2000", Unit.MG) / Quantity.of("500", Unit.MG_PER_ML)
    Quantity(amount=Fraction(4, 1), unit=<Unit.ML: 'mL'>)
    >>> Quantity.of("2", Unit.G) + Quantity.of("2", Unit.MEQ)
    Traceback (most recent call last):
    ...
    pharmacy.domain.errors.Refusal: 2 g and 2 mEq are different kinds of quantity and cannot be added.
    """

    amount: Fraction
    unit: Unit

    @classmethod
    def of(cls, amount: str | int | Decimal | Fraction, unit: Unit) -> Quantity:
        """Make a quantity from an exact amount; a binary float is a TypeError."""
        if isinstance(amount, float):
            raise TypeError("a quantity is never a binary float")
        return cls(Fraction(amount), unit)

    def words(self) -> str:
        """Write the amount with its unit, for a refusal."""
        return f"{decimal_text(round_half_up(self.amount, 6))} {self.unit}"

    def _refuse(self, other: Quantity, verb: str) -> Refusal:
        return Refusal(
            f"{self.words()} and {other.words()} are different kinds of quantity and cannot be {verb}."
        )

    def __add__(self, other: Quantity) -> Quantity:
        if self.unit is not other.unit:
            raise self._refuse(other, "added")
        return Quantity(self.amount + other.amount, self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        if self.unit is not other.unit:
            raise self._refuse(other, "subtracted")
        return Quantity(self.amount - other.amount, self.unit)

    def __mul__(self, other: Quantity) -> Quantity:
        unit = _PRODUCTS.get(frozenset({self.unit, other.unit}))
        if unit is None:
            raise self._refuse(other, "multiplied")
        return Quantity(self.amount * other.amount, unit)

    def __truediv__(self, other: Quantity) -> Quantity:
        unit = _QUOTIENTS.get((self.unit, other.unit))
        if unit is None:
            raise self._refuse(other, "divided")
        if other.amount == 0:
            raise Refusal(f"Nothing can be divided by 0 {other.unit}.")
        return Quantity(self.amount / other.amount, unit)

    def to(self, unit: Unit) -> Quantity:
        """Return the same amount in another unit of its kind, g or mg; any other pair is refused."""
        if unit is self.unit:
            return self
        if unit not in _MG_IN or self.unit not in _MG_IN:
            raise Refusal(
                f"{self.words()} cannot be written in {unit}: they are different kinds of quantity."
            )
        return Quantity(self.amount * _MG_IN[self.unit] / _MG_IN[unit], unit)

    def times(self, count: int) -> Quantity:
        """Return this quantity `count` times."""
        return Quantity(self.amount * count, self.unit)


def parse_quantity(text: str, *, field: str, zero_allowed: bool = False) -> Decimal:
    """Read a decimal quantity as the contract writes it: up to 7 digits and 6 decimals, ASCII only.

    Raises InvalidInput naming `field` (calculators.md, quantities).

    >>> parse_quantity("10.40", field="rate")
    Decimal('10.40')
    """
    if not _QUANTITY.fullmatch(text):
        raise InvalidInput(
            f"{field} should be a plain number of at most 7 digits and 6 decimals, such as 10.4.",
            field=field,
        )
    value = Decimal(text)
    if value == 0 and not zero_allowed:
        raise InvalidInput(f"{field} should be greater than 0.", field=field)
    return value


def round_half_up(value: Fraction | Decimal | int, places: int) -> Decimal:
    """Round an exact value half up (away from zero) to `places` decimals.

    >>> round_half_up(Fraction(-1, 8), 2)
    Decimal('-0.13')
    """
    exact = Fraction(value)
    scaled = abs(exact) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if exact >= 0 else -whole).scaleb(-places)


def round_down(value: Fraction | Decimal | int, step: Fraction | Decimal) -> Fraction:
    """Round an exact value that is not negative down to a whole number of `step`."""
    return Fraction(value) // Fraction(step) * Fraction(step)


def round_to_step(value: Fraction | Decimal | int, step: Fraction | Decimal) -> Fraction:
    """Round an exact value that is not negative half up to a whole number of `step`."""
    ratio = Fraction(value) / Fraction(step)
    return (2 * ratio.numerator + ratio.denominator) // (2 * ratio.denominator) * Fraction(step)


def decimal_text(value: Decimal | int) -> str:
    """Write an exact decimal without trailing zeros, with a leading zero, without an exponent.

    >>> decimal_text(Decimal("10.40")), decimal_text(Decimal("1E+2")), decimal_text(Decimal("-0.00"))
    ('10.4', '100', '0')
    """
    text = f"{Decimal(value):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def rounded_text(value: Fraction | Decimal | int, places: int) -> str:
    """Round half up once and write without trailing zeros, as every calculator answers.

    >>> rounded_text(Fraction(2000, 111), 3)
    '18.018'
    """
    return decimal_text(round_half_up(value, places))


def ensure_above_zero(value: Fraction | Decimal | int, field: str) -> Fraction:
    """Return a value exactly; one that is not greater than 0 is refused by the name of its field."""
    if value <= 0:
        raise InvalidInput(f"{field} should be greater than 0.", field=field)
    return Fraction(value)


__all__ = [
    "Quantity",
    "Unit",
    "decimal_text",
    "ensure_above_zero",
    "parse_quantity",
    "round_down",
    "round_half_up",
    "round_to_step",
    "rounded_text",
]
