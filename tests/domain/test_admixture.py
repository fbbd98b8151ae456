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
    SYRINGE_SIZES_ML,
    Additive,
    BagArithmetic,
    Diluent,
    FillMethod,
    choose_syringe,
    compute_bag,
    compute_batch,
)
from pharmacy.domain.admixture_working import working
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formatting import NBSP
from pharmacy.domain.quantities import rounded_text

MAGNESIUM = Additive(mg_per_ml=500, vial_ml=10, meq_per_ml=Decimal("4.06"), mosm_per_ml=Decimal("4.06"))
SALINE = Diluent(volume_ml=100, overfill_ml=0, mosm_per_ml=Decimal("0.308"))


def bag(method: str, overfill: str = "0", **changes: Any) -> BagArithmetic:
    """Compute the seed bag: 2 g in 100 mL, prime 5 mL, residual 1 mL (pumps.md 4.3)."""
    case: dict[str, Any] = {
        "dose_mg": 2000,
        "additive": MAGNESIUM,
        "diluent": replace(SALINE, overfill_ml=Decimal(overfill)),
        "method": FillMethod(method),
        "fill_ml": 106 if method == "exact" else None,
        "prime_ml": 5,
        "residual_ml": 1,
    }
    return compute_bag(**(case | changes))


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


def test_overfill_plays_no_part_in_an_exact_fill() -> None:
    assert bag("exact", "12").mosm_per_l == bag("exact", "0").mosm_per_l


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
    ("changes", "field"), [({"additive_ml": 0}, "additive"), ({"vial_ml": 0}, "vial"), ({"bags": 0}, "bags")]
)
def test_a_batch_of_nothing_is_refused(changes: dict[str, Any], field: str) -> None:
    case: dict[str, Any] = {"additive_ml": 4, "vial_ml": 10, "bags": 1, "pool": True}
    with pytest.raises(InvalidInput, match=field):
        compute_batch(**(case | changes))


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
