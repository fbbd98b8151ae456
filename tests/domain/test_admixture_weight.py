"""Weights of an addition against pumps.md 4.2 and 4.7."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.admixture_weight import (
    ensure_added_weight,
    find_weight_window,
    measure_overfill,
)
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formatting import NBSP
from pharmacy.domain.quantities import rounded_text

MAGNESIUM, SALINE = Decimal("1.22"), Decimal("1.0046")
FOUR_ML = find_weight_window(4, density_g_per_ml=MAGNESIUM, tolerance_percent=5)


@pytest.mark.parametrize(
    ("volume", "density", "places", "expected", "least", "most"),
    [
        pytest.param("4", MAGNESIUM, 3, "4.88", "4.636", "5.124", id="4.7: 4.00 mL of 50%"),
        pytest.param("4.24", MAGNESIUM, 3, "5.173", "4.914", "5.431", id="4.7: 4.24 mL of 50%"),
        pytest.param("96", SALINE, 2, "96.44", "91.62", "101.26", id="4.7: 96 mL of saline"),
        pytest.param("101.76", SALINE, 2, "102.23", "97.12", "107.34", id="4.7: 101.76 mL of saline"),
    ],
)
def test_windows_of_pumps_4_7(
    volume: str, density: Decimal, places: int, expected: str, least: str, most: str
) -> None:
    window = find_weight_window(Decimal(volume), density_g_per_ml=density, tolerance_percent=5)

    weights = (window.expected_g, window.least_g, window.most_g)
    assert tuple(rounded_text(grams, places) for grams in weights) == (expected, least, most)


@pytest.mark.parametrize(
    ("change", "passes"),
    [
        ("0", False),
        ("4.635999", False),
        ("4.636", True),
        ("4.88", True),
        ("5.124", True),
        ("5.124001", False),
        ("9.76", False),
    ],
    ids=["nothing added", "below", "at the least", "expected", "at the most", "above", "added twice"],
)
def test_the_change_of_weight_is_judged_to_the_ends_of_the_window(change: str, passes: bool) -> None:
    before = Decimal("119.77")

    if passes:
        added = ensure_added_weight(before_g=before, after_g=before + Decimal(change), window=FOUR_ML)
        assert added == Fraction(change)
    else:
        with pytest.raises(Refusal) as refused:
            ensure_added_weight(before_g=before, after_g=before + Decimal(change), window=FOUR_ML)
        assert refused.value.field == "after_g"
        shown = rounded_text(Fraction(change), 3)
        assert refused.value.sentence.replace(NBSP, " ") == (
            f"The bag gained {shown} g; the addition should weigh 4.88 g, from 4.636 g to 5.124 g. "
            "Do not use this bag before the reason is known."
        )


def test_a_bag_that_lost_weight_is_refused_as_that() -> None:
    with pytest.raises(Refusal, match=r"The bag lost 4\.88.g; the addition"):
        ensure_added_weight(before_g=Decimal("119.77"), after_g=Decimal("114.89"), window=FOUR_ML)


def test_a_check_of_the_total_weight_would_pass_a_bag_with_no_magnesium() -> None:
    """pumps.md 4.7: 5 percent of a content of 109.26 mL is more than the whole 4.88 g additive."""
    diluent_g = Decimal("109.26") * SALINE
    total = find_weight_window(
        Decimal("109.26") + 4,
        density_g_per_ml=Fraction(diluent_g + 4 * MAGNESIUM) / Fraction("113.26"),
        tolerance_percent=5,
    )

    assert rounded_text(total.expected_g, 1) == "114.6"
    assert rounded_text(FOUR_ML.expected_g / total.expected_g * 100, 2) == "4.26"
    assert rounded_text(total.expected_g - total.least_g, 1) == "5.7"
    assert total.holds(diluent_g), "the total of a bag without any additive lies in the window"
    with pytest.raises(Refusal, match="The bag gained 0.g"):
        ensure_added_weight(before_g=diluent_g, after_g=diluent_g, window=FOUR_ML)


def test_the_empty_bag_cancels_in_the_change() -> None:
    for tare in (Decimal(1), Decimal(10), Decimal("14.5")):
        assert ensure_added_weight(before_g=tare, after_g=tare + Decimal("4.9"), window=FOUR_ML) == Fraction(
            "4.9"
        )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"volume_ml": 0}, "volume_mL"),
        ({"density_g_per_ml": 0}, "density_g_per_mL"),
        ({"tolerance_percent": 0}, "tolerance_percent"),
        ({"tolerance_percent": -1}, "tolerance_percent"),
    ],
)
def test_a_window_of_nothing_is_refused(changes: dict[str, Any], field: str) -> None:
    case: dict[str, Any] = {"volume_ml": 4, "density_g_per_ml": MAGNESIUM, "tolerance_percent": 5}
    with pytest.raises(InvalidInput) as refused:
        find_weight_window(**(case | changes))
    assert refused.value.sentence == f"{field} should be greater than 0."
    assert refused.value.field == field


def test_a_tolerance_that_would_pass_an_empty_syringe_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        find_weight_window(4, density_g_per_ml=MAGNESIUM, tolerance_percent=100)
    assert refused.value.sentence == "tolerance_percent should be less than 100."
    assert refused.value.field == "tolerance_percent"
    assert find_weight_window(4, density_g_per_ml=MAGNESIUM, tolerance_percent=99).least_g > 0


@pytest.mark.parametrize("field", ["before_g", "after_g"])
def test_a_bag_without_weight_is_refused(field: str) -> None:
    case: dict[str, Any] = {"before_g": 120, "after_g": Decimal("124.88"), "window": FOUR_ML}
    with pytest.raises(InvalidInput, match=f"^{field} should be greater than 0") as refused:
        ensure_added_weight(**(case | {field: 0}))
    assert refused.value.field == field


# pumps.md 4.2: (filled - empty) ÷ 1.0046 g/mL - 100.
BAG: dict[str, Any] = {"empty_g": 10, "density_g_per_ml": SALINE, "labelled_ml": 100}


@pytest.mark.parametrize(
    ("filled", "overfill"), [("110.46", "0"), ("119.762596", "9.26"), ("122.605614", "12.09")]
)
def test_overfill_of_pumps_4_2_by_weight(filled: str, overfill: str) -> None:
    assert measure_overfill(filled_g=Decimal(filled), **BAG) == Fraction(overfill)


def test_a_bag_under_its_label_is_refused() -> None:
    with pytest.raises(Refusal, match="By its weight the bag holds 1.mL less than its label") as refused:
        measure_overfill(filled_g=Decimal("110.46") - SALINE, **BAG)
    assert refused.value.field == "filled_g"


@pytest.mark.parametrize(
    ("field", "named"),
    [
        ("filled_g", "filled_g"),
        ("empty_g", "empty_g"),
        ("density_g_per_ml", "density_g_per_mL"),
        ("labelled_ml", "labelled_mL"),
    ],
)
def test_an_overfill_of_nothing_is_refused(field: str, named: str) -> None:
    with pytest.raises(InvalidInput, match=f"^{named} should be greater than 0"):
        measure_overfill(**({"filled_g": 120} | BAG | {field: 0}))


@given(
    st.decimals("0.01", "60", places=2),
    st.decimals("0.7", "2", places=3),
    st.integers(1, 20),
    st.integers(-30, 30),
)
def test_a_weight_passes_within_its_percentage_of_what_was_expected(
    volume: Decimal, density: Decimal, tolerance: int, off: int
) -> None:
    window = find_weight_window(volume, density_g_per_ml=density, tolerance_percent=tolerance)
    grams = Fraction(volume) * Fraction(density) * (100 + off) / 100

    assert window.holds(grams) is (abs(off) <= tolerance)
