"""What a record must say: steps in the order of the work, and a weight that can be checked."""

from decimal import Decimal

import pytest

from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formula_record import ensure_stages_in_order, ensure_weighable
from pharmacy.domain.opened_containers import ContainerKind
from pharmacy.domain.preparation_stages import Stage
from pharmacy.domain.product_containers import ProductContainer, needs_label_hours, opened_as


def test_stages_follow_the_work():
    ensure_stages_in_order([])
    ensure_stages_in_order(list(Stage))
    ensure_stages_in_order([Stage.FINISH, Stage.FINISH])
    with pytest.raises(InvalidInput, match=r"Step 3 \(before the first bag\) comes before step 2") as caught:
        ensure_stages_in_order([Stage.SETUP, Stage.DILUENT, Stage.SETUP])
    assert caught.value.field == "steps"


@pytest.mark.parametrize(
    ("density", "tolerance", "sentence"),
    [
        (None, None, None),
        ("1.2", None, None),
        ("1.2", "5", None),
        ("1.2", "99.999999", None),
        ("1.2", "0", "more than 0 and less than 100"),
        ("1.2", "100", "more than 0 and less than 100"),
        (None, "5", "magnesium has no density on record"),
    ],
)
def test_a_tolerance_needs_a_density_and_lies_below_100_percent(density, tolerance, sentence):
    def check():
        ensure_weighable(
            "magnesium",
            density_g_per_ml=None if density is None else Decimal(density),
            tolerance_percent=None if tolerance is None else Decimal(tolerance),
        )

    if sentence is None:
        check()
        return
    with pytest.raises(Refusal, match=sentence) as caught:
        check()
    assert caught.value.field == "weight_tolerance_percent"


def test_each_container_has_the_clock_of_its_kind():
    assert {one: opened_as(one) for one in ProductContainer} == {
        ProductContainer.SINGLE_DOSE_VIAL: ContainerKind.SINGLE_DOSE,
        ProductContainer.MULTIPLE_DOSE_VIAL: ContainerKind.MULTIPLE_DOSE,
        ProductContainer.BULK_PACKAGE: ContainerKind.BULK_PACKAGE,
        ProductContainer.AMPULE: ContainerKind.AMPULE,
        ProductContainer.BAG: ContainerKind.SINGLE_DOSE,
        ProductContainer.PREMIXED_BAG: ContainerKind.SINGLE_DOSE,
    }
    assert [one for one in ProductContainer if needs_label_hours(one)] == [ProductContainer.BULK_PACKAGE]
