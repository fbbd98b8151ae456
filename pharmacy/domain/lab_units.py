"""Laboratory units of magnesium and potassium, converted exactly (domain.md 8)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

# How much one mmol/L is in each unit. Magnesium: 1 mmol is 24.305 mg and 2 mEq; a dL is a tenth of a litre.
_PER_MMOL_PER_L = {
    "magnesium": {"mmol/L": Fraction(1), "mEq/L": Fraction(2), "mg/dL": Fraction("2.4305")},
    "potassium": {"mmol/L": Fraction(1), "mEq/L": Fraction(1)},
}


def convert_lab(value: Decimal | Fraction, *, analyte: str, unit: str, to: str) -> Fraction | None:
    """Convert a result to another unit exactly; None for an analyte or a unit that has no known conversion.

    >>> convert_lab(Decimal("1"), analyte="magnesium", unit="mmol/L", to="mg/dL")
    Fraction(4861, 2000)
    >>> convert_lab(Decimal("1"), analyte="potassium", unit="mg/dL", to="mmol/L") is None
    True
    """
    factors = _PER_MMOL_PER_L.get(analyte, {})
    if unit not in factors or to not in factors:
        return None
    return Fraction(value) / factors[unit] * factors[to]


__all__ = ["convert_lab"]
