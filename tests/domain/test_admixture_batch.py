"""Vials, waste and syringes against pumps.md 4.6 and vials drawn one by one."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.admixture import (
    SYRINGE_SIZES_ML,
    choose_syringe,
    compute_batch,
)
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formatting import NBSP

# pumps.md 4.6: bags of 4 mL, then vials and waste for 2 mL, 10 mL unpooled, 10 mL pooled, 20 and 50 mL.
TABLE_4_6 = {
    1: ((2, 0), (1, 6), (1, 6), (1, 16), (1, 46)),
    2: ((4, 0), (1, 2), (1, 2), (1, 12), (1, 42)),
    3: ((6, 0), (2, 8), (2, 8), (1, 8), (1, 38)),
    4: ((8, 0), (2, 4), (2, 4), (1, 4), (1, 34)),
    5: ((10, 0), (3, 10), (2, 0), (1, 0), (1, 30)),
    6: ((12, 0), (3, 6), (3, 6), (2, 16), (1, 26)),
    7: ((14, 0), (4, 12), (3, 2), (2, 12), (1, 22)),
    8: ((16, 0), (4, 8), (4, 8), (2, 8), (1, 18)),
    9: ((18, 0), (5, 14), (4, 4), (2, 4), (1, 14)),
    10: ((20, 0), (5, 10), (4, 0), (2, 0), (1, 10)),
    12: ((24, 0), (6, 12), (5, 2), (3, 12), (1, 2)),
    14: ((28, 0), (7, 14), (6, 4), (3, 4), (2, 44)),
    18: ((36, 0), (9, 18), (8, 8), (4, 8), (2, 28)),
    20: ((40, 0), (10, 20), (8, 0), (4, 0), (2, 20)),
}


@pytest.mark.parametrize("bags", TABLE_4_6)
def test_table_of_pumps_4_6(bags: int) -> None:
    columns = ((2, False), (10, False), (10, True), (20, False), (50, False))

    for (vial, pool), expected in zip(columns, TABLE_4_6[bags], strict=True):
        batch = compute_batch(additive_ml=4, vial_ml=vial, bags=bags, pool=pool)
        assert (batch.vials, batch.waste_ml, batch.total_additive_ml) == (*expected, 4 * bags)


@pytest.mark.parametrize(("vial", "bags"), [(10, 2), (20, 4), (50, 11)])
def test_an_exact_fill_of_4_24_ml_takes_whole_bags_from_a_vial(vial: int, bags: int) -> None:
    drawn = Decimal("4.24")

    assert compute_batch(additive_ml=drawn, vial_ml=vial, bags=bags, pool=False).vials == 1
    assert compute_batch(additive_ml=drawn, vial_ml=vial, bags=bags + 1, pool=False).vials == 2


def test_a_bag_that_needs_more_than_a_vial_takes_whole_vials_of_its_own() -> None:
    batch = compute_batch(additive_ml=5, vial_ml=2, bags=3, pool=False)

    assert (batch.vials, batch.waste_ml) == (9, 3)
    assert compute_batch(additive_ml=5, vial_ml=2, bags=3, pool=True).vials == 8


def test_a_vial_that_holds_exactly_one_bag() -> None:
    assert compute_batch(additive_ml=10, vial_ml=10, bags=3, pool=False).vials == 3


@pytest.mark.parametrize(
    ("volume", "size"),
    [
        *(("0.01", 1), ("1", 1), ("1.01", 3), ("3", 3), ("4", 5), ("4.24", 5), ("5", 5), ("5.001", 10)),
        *(("10", 10), ("20", 20), ("20.5", 30), ("30.1", 60), ("60", 60)),
    ],
)
def test_the_smallest_syringe_that_holds_the_volume(volume: str, size: int) -> None:
    assert choose_syringe(Decimal(volume)) == size
    assert size in SYRINGE_SIZES_ML


@pytest.mark.parametrize("volume", ["60.01", "0", "-1"])
def test_a_volume_that_no_syringe_holds_is_refused(volume: str) -> None:
    with pytest.raises(Refusal):
        choose_syringe(Decimal(volume))


def test_a_volume_too_large_for_a_syringe_is_refused_with_the_largest() -> None:
    with pytest.raises(Refusal) as refused:
        choose_syringe(61)
    assert refused.value.sentence.replace(NBSP, " ") == (
        "No single syringe holds 61 mL; the largest is 60 mL. Draw it in parts."
    )
    with pytest.raises(InvalidInput, match="^volume should be greater than 0"):
        choose_syringe(0)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"additive_ml": 0}, "additive_ml", "additive_ml should be greater than 0."),
        ({"vial_ml": 0}, "additive.vial_mL", "additive.vial_mL should be greater than 0."),
        ({"bags": 0}, "bags", "bags should be at least 1."),
    ],
)
def test_a_refused_batch_names_its_field(changes: dict[str, Any], field: str, sentence: str) -> None:
    case: dict[str, Any] = {"additive_ml": 4, "vial_ml": 10, "bags": 1, "pool": True}
    with pytest.raises(InvalidInput) as refused:
        compute_batch(**(case | changes))
    assert (refused.value.sentence, refused.value.field) == (sentence, field)


def test_a_batch_keeps_what_it_was_asked() -> None:
    batch = compute_batch(additive_ml=Decimal("4.24"), vial_ml=10, bags=3, pool=True)

    assert (batch.bags, batch.pool, batch.vial_ml, batch.additive_ml) == (3, True, 10, Fraction("4.24"))


def open_vials(drawn: Fraction, vial: Fraction, bags: int, *, pool: bool) -> int:
    """Count vials by drawing bag after bag, as a technician does."""
    vials, left = 0, Fraction(0)
    for _ in range(bags):
        if not pool and left < drawn:
            left = Fraction(0)
        while left < drawn:
            vials, left = vials + 1, left + vial
        left = left - drawn if pool or drawn <= vial else Fraction(0)
    return vials


@given(
    st.decimals("0.5", "30", places=2), st.sampled_from([2, 10, 20, 50]), st.integers(1, 30), st.booleans()
)
def test_every_batch_is_drawn_vial_by_vial(drawn: Decimal, vial: int, bags: int, pool: bool) -> None:
    batch = compute_batch(additive_ml=drawn, vial_ml=vial, bags=bags, pool=pool)

    assert batch.vials == open_vials(Fraction(drawn), Fraction(vial), bags, pool=pool)
    assert batch.waste_ml == batch.vials * vial - Fraction(drawn) * bags >= 0
