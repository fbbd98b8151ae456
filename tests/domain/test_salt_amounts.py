"""A salt in mg, mEq, mmol and mg of its element (domain.md 0), and products as their labels print them."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from pharmacy.domain.admixture import Additive, BagArithmetic, Diluent, FillMethod, compute_bag
from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.quantities import Quantity, Unit, rounded_text
from pharmacy.domain.salt_amounts import SaltLabel, measure_salt
from tests.material import material_json

MAGNESIUM = SaltLabel("magnesium sulfate", 500, Decimal("4.06"), 2, Decimal("24.305"))
PRODUCTS = "07_drug_data/magnesium_products.json"
# Grams in a mole: magnesium sulfate heptahydrate (pumps.md 4.1), dextrose monohydrate.
SULFATE, DEXTROSE = Fraction("246.47"), Fraction("198.17")


@pytest.mark.parametrize(
    ("dose", "unit", "volume", "meq", "mmol", "element"),
    [
        pytest.param("2", Unit.G, "4", "16.24", "8.12", "197", id="domain.md 0: 2 g"),
        pytest.param("2000", Unit.MG, "4", "16.24", "8.12", "197", id="2,000 mg is 2 g"),
        pytest.param("1", Unit.G, "2", "8.12", "4.06", "99", id="1 g"),
        pytest.param("2", Unit.MG, "0.004", "0.01624", "0.00812", "0", id="2 mg is not 2 g"),
    ],
)
def test_one_amount_in_four_numbers(
    dose: str, unit: Unit, volume: str, meq: str, mmol: str, element: str
) -> None:
    amounts = measure_salt(Quantity.of(dose, unit), MAGNESIUM)

    assert amounts.volume == Quantity.of(volume, Unit.ML)
    assert amounts.salt == Quantity.of(dose, unit).to(Unit.MG)
    assert amounts.equivalents == Quantity.of(meq, Unit.MEQ)
    assert amounts.substance == Quantity.of(mmol, Unit.MMOL)
    assert rounded_text(amounts.element_mg, 0) == element


@pytest.mark.parametrize("unit", [Unit.MEQ, Unit.MMOL, Unit.ML, Unit.MG_PER_ML])
def test_a_dose_in_any_other_unit_is_refused_and_never_converted(unit: Unit) -> None:
    with pytest.raises(InvalidInput) as refused:
        measure_salt(Quantity.of(2, unit), MAGNESIUM)
    assert refused.value.sentence == (
        f"The dose should be in g or mg of magnesium sulfate; 2 {unit} is not taken for either."
    )
    assert refused.value.field == "dose"


def test_the_label_factor_lies_near_the_formula_weight() -> None:
    """pumps.md 4.1: 2000 ÷ 246.47 x 2 is 16.229 mEq, 8.115 mmol and 197.2 mg; the label's factor is used."""
    exact = 2000 / SULFATE
    amounts = measure_salt(Quantity.of(2, Unit.G), MAGNESIUM)

    assert rounded_text(2 * exact, 3) == "16.229"
    assert abs(amounts.substance.amount / exact - 1) < Fraction(1, 1000)
    assert rounded_text(exact * Fraction("24.305"), 1) == "197.2"


def premix(product: dict[str, Any]) -> BagArithmetic:
    """Compute a premix as its maker fills it: the salt dissolved in a fluid, which is the rest of the volume.

    A dissolved salt leaves each mL with all of its fluid's mOsm: 2 for each mmol of the salt come on top.
    """
    fluid = Fraction(50) / DEXTROSE if "dextrose" in product["product"] else Fraction(0)
    strength = Fraction(product["conc"].removesuffix(" mg/mL"))
    volume = Fraction(product["mL"])
    assert strength * volume == product["grams"] * 1000
    return compute_bag(
        dose_mg=strength * volume,
        additive=Additive(
            mg_per_ml=500,
            vial_ml=10,
            meq_per_ml=Decimal("4.06"),
            mosm_per_ml=2 * 500 / SULFATE + fluid,
        ),
        diluent=Diluent(volume, 0, fluid),
        method=FillMethod.EXACT,
        fill_ml=volume,
        prime_ml=0,
        residual_ml=0,
    )


def test_premixes_hold_the_milliequivalents_and_the_osmolarity_of_their_labels() -> None:
    products = material_json(PRODUCTS)["premix"]
    assert len(products) == 16
    for product in products:
        made = premix(product)

        assert abs(made.meq / Fraction(str(product["mEq"])) - 1) <= Fraction("0.005"), product["ndc"]
        assert rounded_text(made.mosm_per_l, 0) == str(product["mOsm_per_L"]), product["ndc"]
        assert made.mg_per_ml == made.nominal_mg_per_ml


def test_the_concentrate_is_as_its_label_prints_it() -> None:
    label = material_json(PRODUCTS)["concentrate_50pct"]["labels"][0]
    milligrams, milliosmoles, millimoles, milliequivalents = (
        found.replace(",", "") for found in re.findall(r"([\d.,]+) (?:mg |mOsmol/L|mM/mL|mEq/mL)", label)
    )

    one_ml = measure_salt(Quantity.of(milligrams, Unit.MG), MAGNESIUM)

    assert one_ml.volume == Quantity.of(1, Unit.ML)
    assert one_ml.equivalents == Quantity.of(milliequivalents, Unit.MEQ)
    assert one_ml.substance == Quantity.of(millimoles, Unit.MMOL)
    assert Fraction(milliosmoles) / 1000 == Fraction("4.06")


@pytest.mark.parametrize(("maker", "seed"), [("Baxter Viaflex", "458.1"), ("B. Braun", "460")])
def test_saline_is_as_each_maker_prints_it(maker: str, seed: str) -> None:
    """The trap of the data: 308 and 310 mOsm/L for the same 0.9%; the seed bag shows which it was made of."""
    printed = Fraction(material_json(PRODUCTS)["nacl_09"][maker]["mOsm_L"])

    made = compute_bag(
        dose_mg=2000,
        additive=Additive(500, 10, Decimal("4.06"), Decimal("4.06")),
        diluent=Diluent(100, 0, printed / 1000),
        method=FillMethod.REPLACE,
        prime_ml=0,
        residual_ml=0,
    )

    assert rounded_text(made.mosm_per_l, 1) == seed


# pumps.md 4.5: mg/mL, mL of fluid for 2 g and mL per hour over 10 hours.
@pytest.mark.parametrize(
    ("strength", "volume", "rate"), [(40, "50", "5"), (80, "25", "2.5"), (10, "200", "20"), (20, "100", "10")]
)
def test_two_grams_of_a_premix_of_pumps_4_5(strength: int, volume: str, rate: str) -> None:
    needed = Quantity.of(2, Unit.G).to(Unit.MG) / Quantity.of(strength, Unit.MG_PER_ML)

    assert needed == Quantity.of(volume, Unit.ML)
    assert needed / Quantity.of(10, Unit.HOUR) == Quantity.of(rate, Unit.ML_PER_HOUR)


def test_osmolarity_of_pumps_4_4_in_the_bag() -> None:
    """C: 45.808 mOsm in 0.1 L; A at mean overfill: 49.892 mOsm in 0.11326 L."""
    cases = [(FillMethod.REPLACE, "0", "45.808", "0.1"), (FillMethod.ADD, "9.26", "49.892", "0.11326")]
    for method, overfill, milliosmoles, litres in cases:
        made = compute_bag(
            dose_mg=2000,
            additive=Additive(500, 10, Decimal("4.06"), Decimal("4.06")),
            diluent=Diluent(100, Decimal(overfill), Decimal("0.308")),
            method=method,
            prime_ml=5,
            residual_ml=1,
        )
        assert rounded_text(made.mosm_per_l * made.total_ml / 1000, 3) == milliosmoles
        assert made.total_ml / 1000 == Fraction(litres)
