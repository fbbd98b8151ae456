"""What the pump gives of a bag by its delivery basis: pumps.md 4.3, findings 3 and 4."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pharmacy.domain.admixture import Additive, BagArithmetic, Diluent, FillMethod, compute_bag
from pharmacy.domain.admixture_delivery import deliver
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.pump_numbers import DeliveryBasis
from pharmacy.domain.quantities import rounded_text

WHOLE, NOMINAL, EXACT = DeliveryBasis.WHOLE_BAG, DeliveryBasis.NOMINAL_VOLUME, DeliveryBasis.EXACT_FILL


def bag(method: str, overfill: str = "9.26", fill: str | None = None) -> BagArithmetic:
    return compute_bag(
        dose_mg=2000,
        additive=Additive(500, 10, Decimal("4.06"), Decimal("4.06")),
        diluent=Diluent(100, Decimal(overfill), Decimal("0.308")),
        method=FillMethod(method),
        fill_ml=None if fill is None else Decimal(fill),
        prime_ml=5,
        residual_ml=1,
    )


@pytest.mark.parametrize(
    ("made", "basis", "volume", "milligrams", "percent"),
    [
        pytest.param(bag("add"), WHOLE, "107.26", "1894", "94.7", id="4.3 A 9.26, whole bag"),
        pytest.param(bag("add"), NOMINAL, "100", "1766", "88.3", id="4.3 A 9.26, at 100 mL"),
        pytest.param(bag("replace"), WHOLE, "103.26", "1890", "94.5", id="4.3 B 9.26, whole bag"),
        pytest.param(bag("replace"), NOMINAL, "100", "1830", "91.5", id="4.3 B 9.26, at 100 mL"),
        pytest.param(bag("exact", fill="106"), EXACT, "100", "2000", "100", id="4.3 C 106"),
        pytest.param(bag("exact", fill="108"), WHOLE, "102", "2040", "102", id="an exact fill run dry"),
    ],
)
def test_what_is_delivered_by_each_basis(
    made: BagArithmetic, basis: DeliveryBasis, volume: str, milligrams: str, percent: str
) -> None:
    run = deliver(made, basis)

    assert run.pump_volume_ml is not None and run.delivered_mg is not None
    assert run.delivered_percent is not None
    assert rounded_text(run.pump_volume_ml, 2) == volume
    assert rounded_text(run.delivered_mg, 0) == milligrams
    assert rounded_text(run.delivered_percent, 1) == percent


@pytest.mark.parametrize(
    ("made", "basis"),
    [
        pytest.param(bag("add", "0"), NOMINAL, id="98 mL deliverable"),
        pytest.param(bag("replace", "5"), NOMINAL, id="99 mL deliverable"),
        pytest.param(bag("exact", fill="105.99"), EXACT, id="99.99 mL deliverable"),
    ],
)
def test_a_volume_that_the_bag_cannot_deliver_is_refused(made: BagArithmetic, basis: DeliveryBasis) -> None:
    with pytest.raises(Refusal, match="pump_volume_mL should be at most"):
        deliver(made, basis)


@pytest.mark.parametrize("method", ["add", "replace"])
def test_an_exact_fill_basis_needs_an_exact_fill(method: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        deliver(bag(method), EXACT)
    assert refused.value.sentence == (
        "delivery_basis exact_fill belongs to a bag that is filled by the exact method."
    )
    assert refused.value.field == "delivery_basis"


def test_no_basis_delivers_two_grams_from_a_two_gram_bag() -> None:
    """pumps.md 4.3, finding 3: prime and residual cost 5 to 6 percent; only an exact fill makes up."""
    for method in ("add", "replace"):
        for overfill in ("0", "6.15", "12.09"):
            most = deliver(bag(method, overfill), WHOLE).delivered_percent
            assert most is not None and 94 <= most < 95
