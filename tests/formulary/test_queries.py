"""Products by their codes, and the numbers of a bag from the formula and its products."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from pharmacy.domain.barcodes import has_valid_check_digit, normalize_ndc
from pharmacy.domain.errors import NotFound, Refusal
from pharmacy.formulary.queries import (
    compute_bag_of,
    find_products_by_code,
    get_formula,
    get_product,
    list_approved_formulas,
    list_premixes,
    list_products,
)
from tests.material import material_json
from tests.statements import counted_statements


def test_the_sample_bag_has_the_numbers_of_its_rules(session):
    (formula,) = list_approved_formulas(session, site_id=1)

    bag = compute_bag_of(formula)

    assert (bag.additive_ml, bag.total_ml, bag.deliverable_ml, bag.pump_volume_ml) == (4, 111, 105, 105)
    assert bag.mg_per_ml == Fraction(2000, 111) and bag.meq == Fraction("16.24")
    assert round(bag.delivered_mg) == 1892 and round(float(bag.delivered_percent), 1) == 94.6


@pytest.mark.parametrize(
    ("basis", "method", "fill", "pump", "delivered"),
    [
        ("whole_bag", "add", None, 105, Fraction(210000, 111)),
        ("nominal_volume", "add", None, 100, Fraction(200000, 111)),
        ("exact_fill", "exact", Decimal(106), 100, 2000),
        ("whole_bag", "replace", None, 101, Fraction(202000, 107)),
    ],
)
def test_what_the_pump_gives_follows_the_delivery_basis(session, basis, method, fill, pump, delivered):
    (formula,) = list_approved_formulas(session, site_id=1)
    with session.no_autoflush:
        formula.delivery_basis, formula.method, formula.fill_ml = basis, method, fill
        bag = compute_bag_of(formula)

    assert (bag.pump_volume_ml, bag.delivered_mg) == (pump, delivered)
    session.rollback()


def test_a_product_without_its_label_values_makes_no_bag(session):
    (formula,) = list_approved_formulas(session, site_id=1)
    formula.diluent.overfill_ml = None

    with pytest.raises(Refusal, match="sodium chloride 0.9%, 100 mL bag: its overfill is not recorded"):
        compute_bag_of(formula)


def test_products_are_found_by_ndc_and_gtin_and_only_at_their_site(session, database):
    with counted_statements(database) as seen:
        products = list_products(session, site_id=1)
        codes = {(code.system, code.value): one for one in products for code in one.codes}
    assert len(seen) == 2 and len(codes) == 2 * len(products)
    for (system, value), product in codes.items():
        assert find_products_by_code(session, system, value, site_id=1) == [product]
        assert find_products_by_code(session, system, value, site_id=2) == []
        if system == "gtin":
            assert has_valid_check_digit(value) and value.startswith("003") and len(value) == 14
    assert find_products_by_code(session, "gtin", "31722039410", site_id=1) == []
    (premix,) = list_premixes(session, "magnesium sulfate", site_id=1)
    assert premix.mg_per_ml * premix.volume_ml == 2000


def test_unknown_and_other_sites_records_are_not_found(session):
    for get in (get_formula, get_product):
        assert get(session, 1, site_id=1).id == 1
        for number, site_id in ((1, 2), (999, 1)):
            with pytest.raises(NotFound):
                get(session, number, site_id=site_id)


def test_the_sample_premix_is_as_its_label_says(session):
    (premix,) = list_premixes(session, "magnesium sulfate", site_id=1)
    shown = premix.codes[0].shown

    row = next(
        one for one in material_json("07_drug_data/magnesium_products.json")["premix"] if one["ndc"] == shown
    )

    assert (premix.mg_per_ml * premix.volume_ml, premix.volume_ml) == (row["grams"] * 1000, row["mL"])
    assert premix.mosm_per_ml * 1000 == row["mOsm_per_L"]
    assert premix.meq_per_ml * premix.volume_ml == Decimal(str(row["mEq"]))
    assert normalize_ndc(shown).ndc11 == premix.codes[0].value
