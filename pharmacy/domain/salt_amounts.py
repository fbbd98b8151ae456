"""One amount of a salt in its four numbers: mg of the salt, mEq, mmol and mg of the element.

They are different numbers of the same thing: 2 g of magnesium sulfate is 16.24 mEq, 8.12 mmol and 197 mg of
magnesium. They come from the factors of a product's label and never from a number without its unit
(domain.md 0, trap 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pharmacy.domain.admixture import Amount
from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.quantities import Quantity, Unit


@dataclass(frozen=True, slots=True)
class SaltLabel:
    """Hold what the label of a salt's solution says of one mL, and of its ion the charge and mg in a mmol."""

    name: str
    mg_per_ml: Amount
    meq_per_ml: Amount
    charge: int
    element_mg_per_mmol: Amount


@dataclass(frozen=True, slots=True)
class SaltAmounts:
    """Hold one amount of a salt, and the volume of the solution that holds it."""

    volume: Quantity
    salt: Quantity
    equivalents: Quantity
    substance: Quantity
    element_mg: Fraction


def measure_salt(dose: Quantity, label: SaltLabel) -> SaltAmounts:
    """Measure a dose of a salt in all its numbers; it is in g or mg of the salt, any other unit is refused.

    >>> label = SaltLabel("magnesium sulfate", 500, Fraction("4.06"), 2, Fraction("24.305"))
    >>> amounts = measure_salt(Quantity.of(2, Unit.G), label)
    >>> amounts.equivalents.amount, amounts.substance.amount
    (Fraction(406, 25), Fraction(203, 25))
    """
    if dose.unit not in (Unit.G, Unit.MG):
        raise InvalidInput(
            f"The dose should be in g or mg of {label.name}; {dose.words()} is not taken for either.",
            field="dose",
        )
    salt = dose.to(Unit.MG)
    volume = salt / Quantity.of(label.mg_per_ml, Unit.MG_PER_ML)
    equivalents = volume * Quantity.of(label.meq_per_ml, Unit.MEQ_PER_ML)
    substance = Quantity(equivalents.amount / label.charge, Unit.MMOL)
    return SaltAmounts(
        volume, salt, equivalents, substance, substance.amount * Fraction(label.element_mg_per_mmol)
    )
