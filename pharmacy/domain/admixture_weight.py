"""Weights of an addition: the change of weight shows what went into a bag, its total weight does not.

The additive of a small bag weighs less than the tolerance of the whole content, so a check of the total
would pass a bag with no drug in it; only weight after less weight before is judged (pumps.md 4.7).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pharmacy.domain.admixture import Amount
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formatting import quantity
from pharmacy.domain.quantities import ensure_above_zero


@dataclass(frozen=True, slots=True)
class WeightWindow:
    """Hold what an addition should weigh, in g, and the least and most that pass; both ends pass."""

    expected_g: Fraction
    least_g: Fraction
    most_g: Fraction

    def holds(self, grams: Amount) -> bool:
        """Tell whether a weight lies in the window."""
        return self.least_g <= grams <= self.most_g


def find_weight_window(
    volume_ml: Amount, *, density_g_per_ml: Amount, tolerance_percent: Amount
) -> WeightWindow:
    """Find the window of an addition's weight from its volume and density (pumps.md 4.7).

    >>> window = find_weight_window(4, density_g_per_ml=Fraction("1.22"), tolerance_percent=5)
    >>> from pharmacy.domain.formatting import number
    >>> [number(grams) for grams in (window.expected_g, window.least_g, window.most_g)]
    ['4.88', '4.636', '5.124']
    """
    expected = ensure_above_zero(volume_ml, "volume_mL") * ensure_above_zero(
        density_g_per_ml, "density_g_per_mL"
    )
    share = ensure_above_zero(tolerance_percent, "tolerance_percent") / 100
    if share >= 1:
        raise InvalidInput("tolerance_percent should be less than 100.", field="tolerance_percent")
    return WeightWindow(expected, expected * (1 - share), expected * (1 + share))


def ensure_added_weight(*, before_g: Amount, after_g: Amount, window: WeightWindow) -> Fraction:
    """Return the change of a bag's weight in g; refuses one outside the window, with what was expected."""
    before, after = ensure_above_zero(before_g, "before_g"), ensure_above_zero(after_g, "after_g")
    change = after - before
    if not window.holds(change):
        raise Refusal(say_wrong_weight(change, window), field="after_g")
    return change


def say_wrong_weight(change_g: Amount, window: WeightWindow) -> str:
    """Say that a bag's weight changed by too little or too much, and what was expected."""
    verb, by = ("gained", change_g) if change_g >= 0 else ("lost", -change_g)
    return (
        f"The bag {verb} {quantity(by, 'g')}; the addition should weigh "
        f"{quantity(window.expected_g, 'g')}, from {quantity(window.least_g, 'g')} to "
        f"{quantity(window.most_g, 'g')}. Do not use this bag before the reason is known."
    )


def measure_overfill(
    *, filled_g: Amount, empty_g: Amount, density_g_per_ml: Amount, labelled_ml: Amount
) -> Fraction:
    """Return the mL that a maker fills over a bag's label, from its weight filled and empty (pumps.md 4.2).

    Refuses a bag that holds less than its label says.
    """
    content_g = ensure_above_zero(filled_g, "filled_g") - ensure_above_zero(empty_g, "empty_g")
    content_ml = content_g / ensure_above_zero(density_g_per_ml, "density_g_per_mL")
    overfill = content_ml - ensure_above_zero(labelled_ml, "labelled_mL")
    if overfill < 0:
        raise Refusal(
            f"By its weight the bag holds {quantity(-overfill, 'mL')} less than its label; weigh it again.",
            field="filled_g",
        )
    return overfill
