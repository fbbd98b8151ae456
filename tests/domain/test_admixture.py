"""Bag arithmetic against the tables of pumps.md 4.3 and 4.6 and slow oracles."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.admixture import (
    Additive,
    BagArithmetic,
    Diluent,
    FillMethod,
    compute_bag,
)
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formatting import NBSP
from pharmacy.domain.quantities import rounded_text
from tests.seed_bag import MAGNESIUM, SALINE, bag

# pumps.md 4.3: method, overfill, then as printed there: total, mg/mL, percent of 20 mg/mL, mOsm/L,
# mg delivered at a pump volume of 100, 104 and 110 mL, deliverable mL and its mg.
TABLE_4_3 = [
    ("add", "0", "104", "19.231", "96.2", "452.3", "1923", "2000", None, "98", "1885"),
    ("add", "5", "109", "18.349", "91.7", "445.7", "1835", "1908", None, "103", "1890"),
    ("add", "6.15", "110.15", "18.157", "90.8", "444.3", "1816", "1888", "1997", "104.15", "1891"),
    ("add", "7", "111", "18.018", "90.1", "443.2", "1802", "1874", "1982", "105", "1892"),
    ("add", "9.26", "113.26", "17.658", "88.3", "440.5", "1766", "1836", "1942", "107.26", "1894"),
    ("add", "10.2", "114.2", "17.513", "87.6", "439.4", "1751", "1821", "1926", "108.2", "1895"),
    ("add", "12.09", "116.09", "17.228", "86.1", "437.3", "1723", "1792", "1895", "110.09", "1897"),
    ("replace", "0", "100", "20", "100", "458.1", "2000", None, None, "94", "1880"),
    ("replace", "5", "105", "19.048", "95.2", "450.9", "1905", "1981", None, "99", "1886"),
    ("replace", "6.15", "106.15", "18.841", "94.2", "449.4", "1884", "1959", None, "100.15", "1887"),
    ("replace", "7", "107", "18.692", "93.5", "448.3", "1869", "1944", None, "101", "1888"),
    ("replace", "9.26", "109.26", "18.305", "91.5", "445.4", "1830", "1904", None, "103.26", "1890"),
    ("replace", "10.2", "110.2", "18.149", "90.7", "444.2", "1815", "1887", "1996", "104.2", "1891"),
    ("replace", "12.09", "112.09", "17.843", "89.2", "441.9", "1784", "1856", "1963", "106.09", "1893"),
    ("exact", "0", "106", "20", "100", "458.1", "2000", "2080", None, "100", "2000"),
]


@pytest.mark.parametrize("row", TABLE_4_3, ids=lambda row: f"{row[0]} {row[1]}")
def test_table_of_pumps_4_3(row: tuple[str | None, ...]) -> None:
    method, overfill, total, concentration, percent, osmolarity, *delivered, deliverable, most = row
    made = bag(str(method), str(overfill))

    assert rounded_text(made.total_ml, 2) == total
    assert rounded_text(made.mg_per_ml, 3) == concentration
    assert rounded_text(made.percent_of_nominal, 1) == percent
    assert rounded_text(made.mosm_per_l, 1) == osmolarity
    assert rounded_text(made.deliverable_ml, 2) == deliverable
    assert rounded_text(made.deliverable_ml * made.mg_per_ml, 0) == most
    for volume, milligrams in zip((100, 104, 110), delivered, strict=True):
        if milligrams is not None and volume <= made.deliverable_ml:
            run = bag(str(method), str(overfill), pump_volume_ml=volume)
            assert run.delivered_mg is not None
            assert rounded_text(run.delivered_mg, 0) == milligrams
            assert run.delivered_percent == run.delivered_mg / 20
        else:
            with pytest.raises(Refusal, match="pump_volume_mL"):
                bag(str(method), str(overfill), pump_volume_ml=volume)


@pytest.mark.parametrize(
    ("method", "additive", "withdraw", "diluent", "meq"),
    [
        ("add", "4", "0", "109.26", "16.24"),
        ("replace", "4", "4", "105.26", "16.24"),
        ("exact", "4.24", "0", "101.76", "17.21"),
    ],
)
def test_volumes_and_milliequivalents_of_one_bag(
    method: str, additive: str, withdraw: str, diluent: str, meq: str
) -> None:
    made = bag(method, "9.26")

    assert rounded_text(made.additive_ml, 2) == additive
    assert rounded_text(made.withdraw_ml, 2) == withdraw
    assert rounded_text(made.diluent_ml, 2) == diluent
    assert rounded_text(made.meq, 2) == meq


def test_the_tidier_recipe_of_pumps_4_6() -> None:
    made = bag("exact", fill_ml=105, prime_ml=4, pump_volume_ml=100)

    assert (made.additive_ml, made.mg_per_ml, made.delivered_mg) == (Fraction("4.2"), 20, 2000)


@pytest.mark.parametrize("method", list(FillMethod))
def test_a_bag_knows_how_it_was_filled(method: FillMethod) -> None:
    assert bag(method.value).method is method


def test_overfill_plays_no_part_in_an_exact_fill() -> None:
    assert bag("exact", "12").mosm_per_l == bag("exact", "0").mosm_per_l


def test_an_additive_as_large_as_the_diluent_is_allowed_and_larger_is_refused() -> None:
    whole = bag("replace", "5", dose_mg=500 * 105)

    assert (whole.diluent_ml, whole.mg_per_ml) == (0, 500)
    with pytest.raises(Refusal, match="cannot replace as much diluent"):
        bag("replace", "5", dose_mg=500 * 105 + 1)
    assert bag("exact", dose_mg=500 * 100).diluent_ml == 0
    with pytest.raises(Refusal, match="more than the fill"):
        bag("exact", dose_mg=500 * 100 + 1)


def test_exact_needs_its_fill_and_no_other_method_takes_one() -> None:
    with pytest.raises(InvalidInput, match="fill_mL is missing"):
        bag("exact", fill_ml=None)
    for method in ("add", "replace"):
        with pytest.raises(InvalidInput, match="fill_mL belongs to the exact method only"):
            bag(method, fill_ml=100)


def test_the_pump_volume_may_be_what_is_deliverable_and_no_more() -> None:
    assert bag("add", pump_volume_ml=98).delivered_percent == Fraction(98, 104) * 100
    with pytest.raises(Refusal, match=r"at most 98.mL, what the bag can deliver; it is 0\.000001.mL more"):
        bag("add", pump_volume_ml=Decimal("98.000001"))


def test_a_bag_that_delivers_nothing_is_refused() -> None:
    assert bag("add", prime_ml=102).deliverable_ml == 1
    for prime in (103, 104):
        with pytest.raises(Refusal, match="leave something to deliver"):
            bag("add", prime_ml=prime)


def test_without_a_pump_volume_nothing_is_said_of_delivery() -> None:
    assert (bag("add").delivered_mg, bag("add").delivered_percent) == (None, None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"dose_mg": 0}, "dose_mg"),
        ({"additive": replace(MAGNESIUM, mg_per_ml=0)}, "additive.mg_per_mL"),
        ({"additive": replace(MAGNESIUM, meq_per_ml=0)}, "additive.meq_per_mL"),
        ({"additive": replace(MAGNESIUM, mosm_per_ml=0)}, "additive.mosm_per_mL"),
        ({"diluent": replace(SALINE, volume_ml=0)}, "diluent.volume_mL"),
        ({"diluent": replace(SALINE, overfill_ml=-1)}, "diluent.overfill_mL"),
        ({"diluent": replace(SALINE, mosm_per_ml=-1)}, "diluent.mosm_per_mL"),
        ({"prime_ml": -1}, "prime_mL"),
        ({"residual_ml": -1}, "residual_mL"),
        ({"pump_volume_ml": 0}, "pump_volume_mL"),
    ],
)
def test_an_amount_out_of_range_is_refused_by_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        bag("add", **changes)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("method", "changes", "field", "sentence"),
    [
        (
            "replace",
            {"dose_mg": 53_000},
            "additive",
            "additive: 106 mL of additive cannot replace as much diluent; the bag holds 100 mL.",
        ),
        (
            "exact",
            {"dose_mg": 50_500},
            "additive",
            "additive: 107.06 mL of additive is more than the fill of 106 mL.",
        ),
        (
            "exact",
            {"fill_ml": None},
            "fill_mL",
            "fill_mL is missing; the exact method fills a container to it.",
        ),
        ("exact", {"fill_ml": 0}, "fill_mL", "fill_mL should be greater than 0."),
        (
            "add",
            {"fill_ml": 106},
            "fill_mL",
            "fill_mL belongs to the exact method only; leave it out here.",
        ),
        (
            "add",
            {"prime_ml": 103},
            "prime_mL",
            "prime_mL and residual_mL should leave something to deliver; together they take the whole bag.",
        ),
        (
            "add",
            {"pump_volume_ml": 99},
            "pump_volume_mL",
            "pump_volume_mL should be at most 98 mL, what the bag can deliver; it is 1 mL more.",
        ),
        (
            "add",
            {"prime_ml": Decimal("5.000001"), "pump_volume_ml": 99},
            "pump_volume_mL",
            "pump_volume_mL should be at most 97.999999 mL, what the bag can deliver; "
            "it is 1.000001 mL more.",
        ),
        ("add", {"pump_volume_ml": 0}, "pump_volume_mL", "pump_volume_mL should be greater than 0."),
        ("add", {"residual_ml": -1}, "residual_mL", "residual_mL should be 0 or more."),
    ],
)
def test_a_refusal_is_a_sentence_for_its_field(
    method: str, changes: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(Refusal) as refused:
        bag(method, **changes)
    assert refused.value.sentence.replace(NBSP, " ") == sentence
    assert refused.value.field == field


amounts = st.decimals("0.1", "500", places=2)
small = st.decimals("0", "20", places=2)


@given(
    st.sampled_from(list(FillMethod)), st.integers(1, 9000), amounts, amounts, small, amounts, small, small
)
def test_every_bag_is_the_plain_formulas(
    method: FillMethod,
    dose: int,
    strength: Decimal,
    volume: Decimal,
    overfill: Decimal,
    fill: Decimal,
    prime: Decimal,
    residual: Decimal,
) -> None:
    additive = Additive(strength, 10, Decimal("4.06"), Decimal("3.5"))
    diluent = Diluent(volume, overfill, Decimal("0.308"))
    v, o = Fraction(volume), Fraction(overfill)
    if method is FillMethod.ADD:
        drug = dose / Fraction(strength)
        total, held = v + o + drug, Fraction(dose)
    elif method is FillMethod.REPLACE:
        drug = dose / Fraction(strength)
        total, held = v + o, Fraction(dose)
    else:
        held = Fraction(fill) * dose / v
        drug, total = held / Fraction(strength), Fraction(fill)
    allowed = drug <= total and total - Fraction(prime) - Fraction(residual) > 0

    def make() -> BagArithmetic:
        return compute_bag(
            dose_mg=dose,
            additive=additive,
            diluent=diluent,
            method=method,
            fill_ml=fill if method is FillMethod.EXACT else None,
            prime_ml=prime,
            residual_ml=residual,
        )

    if not allowed:
        with pytest.raises(Refusal):
            make()
        return
    made = make()
    assert (made.additive_ml, made.total_ml, made.mg_per_ml) == (drug, total, held / total)
    assert made.diluent_ml + made.additive_ml == made.total_ml
    assert made.withdraw_ml == (drug if method is FillMethod.REPLACE else 0)
    assert made.percent_of_nominal == (held / total) / (dose / v) * 100
    assert made.meq == drug * Fraction("4.06")
    milliosmoles = drug * Fraction("3.5") + (total - drug) * Fraction("0.308")
    assert made.mosm_per_l * total / 1000 == milliosmoles
    assert made.deliverable_ml + Fraction(prime) + Fraction(residual) == total
