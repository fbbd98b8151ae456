"""The working of a bag and its batch, line by line (pumps.md 4.8)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pharmacy.domain.admixture import (
    compute_batch,
)
from pharmacy.domain.admixture_working import working
from pharmacy.domain.formatting import NBSP
from tests.seed_bag import bag

WORKING = {
    "add": [
        "Additive: 2,000 mg ÷ 500 mg/mL = 4 mL.",
        "Add 4 mL to 109.26 mL of diluent (100 mL labelled and 9.26 mL overfill): total 113.26 mL.",
        "Concentration: 2,000 mg ÷ 113.26 mL = 17.658 mg/mL, 88.29 percent of the nominal 20 mg/mL.",
        "The bag holds 4 mL x 4.06 mEq/mL = 16.24 mEq.",
        "Osmolarity: (4 mL x 4.06 mOsm/mL + 109.26 mL x 0.308 mOsm/mL) ÷ 113.26 mL x 1,000 = 440.5 mOsm/L.",
        "Deliverable: 113.26 mL - 5 mL prime - 1 mL residual = 107.26 mL.",
        "Delivered: 100 mL x 17.658 mg/mL = 1,766 mg, 88.29 percent of the dose.",
        "Batch: 5 bags x 4 mL = 20 mL of additive; 3 vials of 10 mL (each vial for whole bags only); "
        "waste 10 mL.",
    ],
    "replace": [
        "Additive: 2,000 mg ÷ 500 mg/mL = 4 mL.",
        "Withdraw 4 mL from 109.26 mL of diluent (100 mL labelled and 9.26 mL overfill), "
        "which leaves 105.26 mL.",
        "Add 4 mL of additive: total 109.26 mL.",
    ],
    "exact": [
        "Additive: 106 mL x 2,000 mg ÷ 100 mL ÷ 500 mg/mL = 4.24 mL.",
        "Put 101.76 mL of diluent and 4.24 mL of additive into an empty container: total 106 mL.",
        "Concentration: 2,120 mg ÷ 106 mL = 20 mg/mL, 100 percent of the nominal 20 mg/mL.",
    ],
}


@pytest.mark.parametrize("method", WORKING)
def test_the_working_shows_each_number_with_its_arithmetic(method: str) -> None:
    made = bag(method, "9.26", pump_volume_ml=100)
    batch = compute_batch(additive_ml=made.additive_ml, vial_ml=10, bags=5, pool=False)

    lines = [line.replace(NBSP, " ") for line in working(made, batch)]

    assert lines[: len(WORKING[method])] == WORKING[method]


def test_the_working_leaves_out_what_was_not_asked() -> None:
    lines = working(bag("add"))

    assert not any(line.startswith(("Delivered", "Batch")) for line in lines)
    assert "1 vial of" in working(bag("add"), compute_batch(additive_ml=4, vial_ml=10, bags=2, pool=True))[-1]


def test_the_working_says_when_remnants_are_pooled() -> None:
    batch = compute_batch(additive_ml=4, vial_ml=10, bags=5, pool=True)

    assert working(bag("add"), batch)[-1].replace(NBSP, " ") == (
        "Batch: 5 bags x 4 mL = 20 mL of additive; 2 vials of 10 mL (remnants pooled within the batch); "
        "waste 0 mL."
    )


def test_milligrams_in_the_working_are_shown_to_a_thousandth() -> None:
    lines = working(bag("add", dose_mg=Decimal("2000.1234")))

    assert lines[0].replace(NBSP, " ") == "Additive: 2,000.123 mg ÷ 500 mg/mL = 4 mL."
