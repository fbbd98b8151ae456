"""Clinical verification: each finding at its boundary (domain.md 8; pumps.md 3.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmacy.domain.errors import NotFound
from pharmacy.domain.findings import Finding
from pharmacy.domain.lab_units import convert_lab
from pharmacy.domain.routes import Route
from pharmacy.domain.screening import (
    ChartFacts,
    Condition,
    LabResult,
    OrderFacts,
    Premix,
    Weight,
    get_screening_limits,
    screen_order,
)
from pharmacy.domain.screening_limits import load_screening_limits, read_screening_limits
from pharmacy.domain.wording import find_unsafe_wording

AT = datetime(2026, 11, 9, 14, 0, tzinfo=UTC)
LIMITS = get_screening_limits("magnesium-sulfate")
RANK = {"note": 0, "flag": 1, "refuse": 2}


def lab(value: str, unit: str = "mg/dL", *, days: int = 5, low: str = "1.7", high: str = "2.4") -> LabResult:
    return LabResult(
        value=Decimal(value),
        unit=unit,
        collected_at=AT - timedelta(days=days),
        low=Decimal(low) if low else None,
        high=Decimal(high) if high else None,
    )


ORDER = OrderFacts(
    substances=("magnesium sulfate", "sodium chloride"),
    dose_mg=Decimal(2000),
    volume_ml=Decimal(100),
    rate_ml_per_h=Decimal(10),
    gap_hours=Fraction(24),
    mg_per_ml=Decimal(20),
    mosm_per_l=Decimal("458.1"),
    route=Route.SUBCUTANEOUS,
    sites=1,
    off_label_reason="renal wasting; oral magnesium failed",
    literature="Kidney Medicine, April 2023",
    premixes=(),
    premix_reason="",
    renal_acknowledgement="",
)
CHART = ChartFacts(
    allergies=(),
    conditions=(Condition("E83.42", "Hypomagnesemia, renal magnesium wasting suspected"),),
    medications=(),
    is_pregnant=False,
    weight=Weight(Decimal("64.5"), AT - timedelta(days=6)),
    egfr=lab("92", "mL/min/1.73 m2", low="60", high=""),
    magnesium=lab("1.8"),
    potassium=lab("3.8", "mmol/L", low="3.5", high="5"),
)


def screened(**changes: Any) -> list[Finding]:
    """Screen the seed order with changes to the order or the chart, whichever has the field."""
    of_order = {name: value for name, value in changes.items() if name in OrderFacts.__slots__}
    of_chart = {name: value for name, value in changes.items() if name in ChartFacts.__slots__}
    assert len(of_order) + len(of_chart) == len(changes)
    return screen_order(replace(ORDER, **of_order), replace(CHART, **of_chart), limits=LIMITS, at=AT)


def heard(rule: str, **changes: Any) -> list[str]:
    return [str(finding.severity) for finding in screened(**changes) if finding.rule == rule]


def test_the_seed_order_has_only_its_off_label_note() -> None:
    (finding,) = screened()
    assert (finding.rule, finding.severity) == ("off-label route", "note")
    assert finding.message == (
        "The subcutaneous route is off-label for magnesium sulfate."
        " Reason: renal wasting; oral magnesium failed. Literature: Kidney Medicine, April 2023"
    )


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    assert screened(route=Route.INTRAVENOUS, allergies=("penicillin",), medications=("omeprazole",)) == []


@pytest.mark.parametrize(
    ("egfr", "acknowledged", "severities"),
    [
        ("60.1", "", []),
        ("60", "", []),
        ("59.9", "", ["flag"]),
        ("30", "", ["flag"]),
        ("29.9", "", ["refuse"]),
        ("29.9", "   ", ["refuse"]),
        ("29.9", "Dr Nephridge, by phone with read-back", ["flag"]),
        ("60", "Dr Nephridge, by phone with read-back", []),
    ],
)
def test_the_kidney(egfr: str, acknowledged: str, severities: list[str]) -> None:
    result = lab(egfr, "mL/min/1.73 m2", low="60", high="")
    assert heard("kidney", egfr=result, renal_acknowledgement=acknowledged) == severities


@pytest.mark.parametrize(
    ("rule", "field", "result", "valid"),
    [
        ("kidney", "egfr", lab("92", "mL/min/1.73 m2"), 90),
        ("magnesium level", "magnesium", lab("1.8"), 30),
        ("potassium level", "potassium", lab("3.8", "mmol/L", low="3.5", high="5"), 30),
    ],
)
def test_a_result_that_is_missing_or_old_or_not_yet_is_flagged(
    rule: str, field: str, result: LabResult, valid: int
) -> None:
    assert heard(rule, **{field: None}) == ["flag"]
    edge = AT - timedelta(days=valid)
    assert heard(rule, **{field: replace(result, collected_at=edge)}) == []
    assert heard(rule, **{field: replace(result, collected_at=edge - timedelta(seconds=1))}) == ["flag"]
    assert heard(rule, **{field: replace(result, collected_at=AT)}) == []
    assert heard(rule, **{field: replace(result, collected_at=AT + timedelta(seconds=1))}) == ["flag"]


def test_an_old_result_that_is_low_is_heard_twice() -> None:
    assert heard("kidney", egfr=lab("20", "mL/min/1.73 m2", days=91)) == ["refuse", "flag"]
    (old,) = [one.message for one in screened(egfr=lab("92", days=91)) if one.rule == "kidney"]
    assert old == "The eGFR is 91 days old; after 90 days a new one is due."


def test_a_weight_that_is_missing_or_old_is_flagged() -> None:
    assert heard("weight", weight=None) == ["flag"]
    assert heard("weight", weight=Weight(Decimal(64), AT - timedelta(days=180))) == []
    assert heard("weight", weight=Weight(Decimal(64), AT - timedelta(days=181))) == ["flag"]


@pytest.mark.parametrize(
    ("result", "severities"),
    [
        (lab("1.7"), []),
        (lab("2.4"), []),
        (lab("1.69"), ["note"]),
        (lab("1"), ["note"]),
        (lab("0.99"), ["flag"]),
        (lab("2.41"), ["flag"]),
        (lab("4.99"), ["flag"]),
        (lab("5"), ["refuse"]),
        # 2.0572 mmol/L is 5.0000246 mg/dL, 2.0571 is 4.99978.
        (lab("2.0571", "mmol/L", low="0.7", high="1.1"), ["flag"]),
        (lab("2.0572", "mmol/L", low="0.7", high="1.1"), ["refuse"]),
        (lab("4.1144", "mEq/L", low="1.3", high="1.9"), ["refuse"]),
        (lab("1.6", "mEq/L", low="1.3", high="1.9"), []),
        (lab("0.41", "mmol/L", low="0.7", high="1.1"), ["flag"]),
        (lab("1.8", "mg/L"), ["flag"]),
        (lab("1.8", low="", high=""), []),
    ],
)
def test_the_magnesium_level(result: LabResult, severities: list[str]) -> None:
    assert heard("magnesium level", magnesium=result) == severities


@pytest.mark.parametrize(
    ("value", "unit", "severities"),
    [
        ("3.5", "mmol/L", []),
        ("5", "mEq/L", []),
        ("3.4", "mmol/L", ["flag"]),
        ("5.1", "mmol/L", ["flag"]),
        ("2.79", "mEq/L", ["flag"]),
        ("2.8", "mEq/L", ["flag"]),
        ("6.19", "mmol/L", ["flag"]),
        ("6.2", "mmol/L", ["flag"]),
        ("4", "mg/dL", ["flag"]),
    ],
)
def test_the_potassium_level(value: str, unit: str, severities: list[str]) -> None:
    assert heard("potassium level", potassium=lab(value, unit, low="3.5", high="5")) == severities


@pytest.mark.parametrize(
    ("value", "said"),
    [("2.79", "critically low"), ("2.8", "is below"), ("6.19", "is above"), ("6.2", "critically high")],
)
def test_a_critical_potassium_is_told_from_one_out_of_range(value: str, said: str) -> None:
    result = lab(value, "mmol/L", low="3.5", high="5")
    (message,) = [one.message for one in screened(potassium=result) if one.rule == "potassium level"]
    assert said in message


def test_critical_values_are_said_to_be_critical() -> None:
    results = (("magnesium", lab("0.9")), ("magnesium", lab("6")), ("potassium", lab("2", "mmol/L")))
    for field, result in results:
        (message,) = [one.message for one in screened(**{field: result}) if one.rule == f"{field} level"]
        assert "critically" in message


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        ("1", "mg/dL", "mmol/L", "0.411438"),
        ("1", "mg/dL", "mEq/L", "0.822876"),
        ("2", "mEq/L", "mg/dL", "2.4305"),
        ("1", "mmol/L", "mmol/L", "1"),
    ],
)
def test_lab_units_agree_with_the_published_factors(value: str, unit: str, to: str, expected: str) -> None:
    """1 mg/dL = 0.4114 mmol/L = 0.8229 mEq/L (domain.md 8)."""
    converted = convert_lab(Decimal(value), analyte="magnesium", unit=unit, to=to)
    assert converted is not None
    assert abs(converted - Fraction(expected)) < Fraction(1, 10**6)
    assert convert_lab(Decimal(1), analyte="iron", unit="mg/dL", to="mg/dL") is None


@pytest.mark.parametrize(
    ("allergies", "severities"),
    [
        ((), []),
        (("penicillin", "adhesive tape"), []),
        (("magnesium sulfate",), ["refuse"]),
        (("Magnesium Sulphate 50%",), ["refuse"]),
        (("MAGNESIUM",), ["refuse"]),
        (("magnesium injection",), ["refuse"]),
        (("Epsom salts",), ["refuse"]),
        (("sodium chloride",), ["refuse"]),
        (("magnesium stearate",), ["flag"]),
        (("magnesium oxide tablets",), ["flag"]),
        (("morphine sulfate",), ["flag"]),
        (("Sulphate",), ["flag"]),
        (("sodium metabisulfite",), ["flag"]),
        (("sulfa",), ["note"]),
        (("Sulfamethoxazole and trimethoprim",), ["note"]),
        (("sulfites",), ["note"]),
        (("sulfa", "magnesium"), ["refuse", "note"]),
    ],
)
def test_allergies_are_matched_word_by_word(allergies: tuple[str, ...], severities: list[str]) -> None:
    assert heard("allergy", allergies=allergies) == severities


def test_allergies_nobody_asked_about_are_not_none_known() -> None:
    assert heard("allergy", allergies=None) == ["flag"]
    (finding,) = [one for one in screened(allergies=None) if one.rule == "allergy"]
    assert "Not asked is not the same as none known" in finding.message


@pytest.mark.parametrize(
    ("condition", "severities"),
    [
        (Condition("E83.42", "Hypomagnesemia"), []),
        (Condition("", "Second degree heart block"), ["refuse"]),
        (Condition("I44.2", "Complete"), ["refuse"]),
        (Condition("i44.2", ""), ["refuse"]),
        (Condition("", "old myocardial infarction"), ["refuse"]),
        (Condition("I25.2", "old"), ["refuse"]),
        (Condition("I25.1", "atherosclerosis"), []),
        (Condition("", "Myasthenia gravis"), ["refuse"]),
        (Condition("G70.00", ""), ["refuse"]),
        (Condition("", "Pregnancy, 20 weeks"), ["flag"]),
        (Condition("O09.90", "supervision"), ["flag"]),
        (Condition("", "blockage of a heart valve"), []),
        (Condition("", ""), []),
    ],
)
def test_conditions_by_word_and_by_code(condition: Condition, severities: list[str]) -> None:
    assert heard("condition", conditions=(condition,)) == severities


def test_a_pregnancy_is_flagged_however_it_is_recorded() -> None:
    assert heard("condition", is_pregnant=True) == ["flag"]
    assert heard("condition", is_pregnant=None) == []
    (finding,) = [one for one in screened(is_pregnant=True) if one.rule == "condition"]
    assert "5 to 7 days" in finding.message


@pytest.mark.parametrize(
    ("medicine", "severities"),
    [
        ("levetiracetam 500 mg tablet", []),
        ("magnesium oxide 400 mg tablet", ["note"]),
        ("Digoxin 0.125 mg", ["flag"]),
        ("hydromorphone", ["flag"]),
        ("amlodipine-benazepril", ["flag"]),
        ("gentamicin", ["flag"]),
        ("rocuronium", ["flag"]),
        ("apomorphine", []),
    ],
)
def test_medicines_that_interact(medicine: str, severities: list[str]) -> None:
    assert heard("interaction", medications=(medicine,)) == severities


@pytest.mark.parametrize(
    ("changes", "severities"),
    [
        ({"off_label_reason": ""}, ["refuse"]),
        ({"literature": " "}, ["refuse"]),
        ({"off_label_reason": "", "literature": ""}, ["refuse"]),
        ({}, ["note"]),
        ({"route": Route.INTRAVENOUS, "off_label_reason": "", "literature": ""}, []),
        ({"route": Route.EPIDURAL, "off_label_reason": ""}, ["refuse"]),
    ],
)
def test_an_off_label_route_needs_a_reason_and_literature(
    changes: dict[str, Any], severities: list[str]
) -> None:
    assert heard("off-label route", **changes) == severities


def test_what_is_missing_for_an_off_label_route_is_named() -> None:
    (message,) = [one.message for one in screened(literature="") if one.severity == "refuse"]
    assert message == "The subcutaneous route is off-label for magnesium sulfate: record literature."


@pytest.mark.parametrize(
    ("changes", "severities"),
    [
        ({}, []),
        ({"premixes": (Premix("2 g in 50 mL water", Decimal(2000)),)}, ["flag"]),
        (
            {"premixes": (Premix("2 g in 50 mL water", Decimal("2000.00")),), "premix_reason": "diluent"},
            ["note"],
        ),
        ({"premixes": (Premix("4 g in 100 mL water", Decimal(4000)),)}, []),
        ({"premixes": (Premix("a", Decimal(2000)), Premix("b", Decimal(2000)))}, ["flag", "flag"]),
    ],
)
def test_a_premix_that_would_do(changes: dict[str, Any], severities: list[str]) -> None:
    assert heard("premix", **changes) == severities


@pytest.mark.parametrize(
    ("mg", "sizes"),
    [
        ("2", ["small"]),
        ("499.9", ["small"]),
        ("500", []),
        ("8000", []),
        ("8000.1", ["large"]),
        ("20000", ["large"]),
    ],
)
def test_a_dose_that_looks_like_a_slip_of_the_unit(mg: str, sizes: list[str]) -> None:
    """However it is given: into a vein nothing else would speak against ten times the dose."""
    for route in (Route.SUBCUTANEOUS, Route.INTRAVENOUS):
        found = [one for one in screened(dose_mg=Decimal(mg), route=route) if one.rule == "dose"]
        assert [str(one.severity) for one in found] == ["flag"] * len(sizes)
        assert all(f"is unusually {size}:" in one.message for one, size in zip(found, sizes, strict=True))


def test_an_entry_adopted_without_a_largest_dose_sets_none() -> None:
    content = {**LIMITS.entry.content, "dose": {"least_expected_mg": "500", "source": "house policy"}}
    limits = read_screening_limits(replace(LIMITS.entry, content=content), subcutaneous=LIMITS.subcutaneous)

    found = screen_order(replace(ORDER, dose_mg=Decimal(8001)), CHART, limits=limits, at=AT)

    assert [one.rule for one in found] == ["off-label route"]


def use(**changes: str) -> dict[str, Any]:
    return {name: Decimal(value) for name, value in changes.items()}


# pumps.md 3.3: soft and hard, each at the limit and just above; below hard is still soft.
@pytest.mark.parametrize(
    ("rule", "subject", "changes", "severities"),
    [
        ("R9", "rate at each site", use(rate_ml_per_h="24.9"), []),
        ("R9", "rate at each site", use(rate_ml_per_h="25"), []),
        ("R9", "rate at each site", use(rate_ml_per_h="25.1"), ["flag"]),
        ("R9", "rate at each site", use(rate_ml_per_h="60"), ["flag"]),
        ("R9", "rate at each site", use(rate_ml_per_h="60.1"), ["refuse"]),
        ("R9", "volume at each site", use(volume_ml="499.9", rate_ml_per_h="100"), []),
        ("R9", "volume at each site", use(volume_ml="500", rate_ml_per_h="100"), []),
        ("R9", "volume at each site", use(volume_ml="500.1", rate_ml_per_h="100"), ["flag"]),
        ("R9", "volume at each site", use(volume_ml="1500", rate_ml_per_h="100"), ["flag"]),
        ("R9", "volume at each site", use(volume_ml="1500.1", rate_ml_per_h="100"), ["refuse"]),
        ("R10", "concentration", use(mg_per_ml="39.9"), []),
        ("R10", "concentration", use(mg_per_ml="40"), []),
        ("R10", "concentration", use(mg_per_ml="40.1"), ["flag"]),
        ("R10", "concentration", use(mg_per_ml="200"), ["flag"]),
        ("R10", "concentration", use(mg_per_ml="200.1"), ["refuse"]),
        ("R10", "osmolarity", use(mosm_per_l="499.9"), []),
        ("R10", "osmolarity", use(mosm_per_l="500"), []),
        ("R10", "osmolarity", use(mosm_per_l="500.1"), ["flag"]),
        ("R10", "osmolarity", use(mosm_per_l="900"), ["flag"]),
        ("R10", "osmolarity", use(mosm_per_l="900.1"), ["refuse"]),
        ("R11", "given in an hour", use(rate_ml_per_h="24.995"), []),
        ("R11", "given in an hour", use(rate_ml_per_h="25"), []),
        ("R11", "given in an hour", use(rate_ml_per_h="25.005"), ["flag"]),
        ("R11", "given in an hour", use(rate_ml_per_h="75"), ["flag"]),
        ("R11", "given in an hour", use(rate_ml_per_h="75.005"), ["refuse"]),
        ("R11", "given in any 24 hours", use(volume_ml="199.9"), []),
        ("R11", "given in any 24 hours", use(volume_ml="200"), []),
        ("R11", "given in any 24 hours", use(volume_ml="200.1"), ["flag"]),
        ("R11", "given in any 24 hours", use(volume_ml="400", rate_ml_per_h="20"), ["flag"]),
        ("R11", "given in any 24 hours", use(volume_ml="400.1", rate_ml_per_h="20"), ["refuse"]),
    ],
)
def test_each_subcutaneous_limit_below_at_and_above(
    rule: str, subject: str, changes: dict[str, Any], severities: list[str]
) -> None:
    found = [one for one in screened(**changes) if one.rule == rule and subject in one.message]
    assert [str(one.severity) for one in found] == severities


@pytest.mark.parametrize(
    ("changes", "rule", "severities"),
    [
        ({"rate_ml_per_h": Decimal(25)}, "R9", []),
        ({"rate_ml_per_h": Decimal("25.1")}, "R9", ["flag"]),
        ({"rate_ml_per_h": Decimal("60.1")}, "R9", ["refuse"]),
        ({"rate_ml_per_h": Decimal("50.2"), "sites": 2}, "R9", ["flag"]),
        ({"volume_ml": Decimal("500.1"), "rate_ml_per_h": Decimal(24)}, "R9", ["flag"]),
        ({"mg_per_ml": Decimal("40.1")}, "R10", ["flag"]),
        ({"mosm_per_l": Decimal("500.1")}, "R10", ["flag"]),
        ({"mosm_per_l": Decimal("900.1")}, "R10", ["refuse"]),
        ({"mosm_per_l": None}, "R10", []),
        ({"mg_per_ml": Decimal("80.1"), "rate_ml_per_h": Decimal(5)}, "R11", ["refuse"]),
        ({"gap_hours": Fraction(12)}, "R11", []),
        # Every 18 hours, 10 hours each: any 24 hours hold 1.6 doses at most.
        ({"gap_hours": Fraction(18), "mg_per_ml": Decimal(25)}, "R11", []),
        ({"gap_hours": Fraction(18), "mg_per_ml": Decimal("25.1")}, "R11", ["flag"]),
        ({"gap_hours": Fraction(8), "volume_ml": Decimal(80)}, "R11", ["flag"]),
        ({"gap_hours": Fraction(12), "mg_per_ml": Decimal("40")}, "R11", ["flag"]),
    ],
)
def test_the_subcutaneous_limits_are_those_of_the_pump_program(
    changes: dict[str, Any], rule: str, severities: list[str]
) -> None:
    assert heard(rule, **changes) == severities


@pytest.mark.parametrize(
    ("changes", "rule", "severities"),
    [
        ({"mg_per_ml": Decimal(200)}, "concentration", []),
        ({"mg_per_ml": Decimal("200.1")}, "concentration", ["refuse"]),
        ({"rate_ml_per_h": Decimal(450)}, "rate", []),
        ({"rate_ml_per_h": Decimal("450.1")}, "rate", ["refuse"]),
        ({"rate_ml_per_h": Decimal(450)}, "R9", []),
    ],
)
def test_elsewhere_the_label_is_the_limit(changes: dict[str, Any], rule: str, severities: list[str]) -> None:
    assert heard(rule, route=Route.INTRAVENOUS, **changes) == severities


def test_the_gravest_findings_come_first_and_all_can_be_read_aloud() -> None:
    found = screened(
        allergies=None,
        egfr=lab("12.5", "mL/min/1.73 m2", days=200),
        magnesium=lab("5.1"),
        potassium=None,
        weight=None,
        mg_per_ml=Decimal("250"),
        mosm_per_l=Decimal(1000),
        dose_mg=Decimal(20),
        medications=("digoxin", "magnesium oxide"),
        conditions=(Condition("G70.00", "Myasthenia gravis"),),
        premixes=(Premix("magnesium sulfate 20 mg", Decimal(20)),),
        literature="",
    )
    assert len({one.rule for one in found}) >= 11
    ranks = [RANK[one.severity] for one in found]
    assert ranks == sorted(ranks, reverse=True)
    for finding in found:
        assert find_unsafe_wording(finding.message) == [], finding.message


@settings(max_examples=80)
@given(st.decimals("5", "120", places=1), st.decimals("0", "100", places=1), st.integers(0, 400))
def test_a_worse_kidney_is_never_judged_more_mildly(egfr: Decimal, better: Decimal, days: int) -> None:
    def grave(value: Decimal) -> int:
        heard_of = heard("kidney", egfr=lab(str(value), "mL/min/1.73 m2", days=days))
        return max((RANK[one] for one in heard_of), default=-1)

    assert grave(egfr) >= grave(egfr + better)


@settings(max_examples=80)
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_in_the_chart_can_be_screened(first: str, second: str) -> None:
    found = screened(allergies=(first, second), conditions=(Condition(first, second),), medications=(second,))
    assert all(one.message for one in found)


def test_the_limits_that_ship_are_not_checked_by_a_pharmacist_and_are_well_formed() -> None:
    assert not LIMITS.entry.is_checked
    assert LIMITS.subcutaneous.entry.key == "magnesium-sulfate"
    with pytest.raises(NotFound, match="potassium"):
        get_screening_limits("potassium-chloride")
    entry = load_screening_limits()["magnesium-sulfate"].entry
    for broken in (
        {},
        {**entry.content, "kidney": {"soft": "60", "hard": "30", "source": "x"}},
        {**entry.content, "label": {**entry.content["label"], "source": ""}},
        {**entry.content, "label": {**entry.content["label"], "routes": ["by mouth"]}},
    ):
        with pytest.raises(ValueError, match="magnesium-sulfate|Route"):
            read_screening_limits(replace(entry, content=broken), subcutaneous=LIMITS.subcutaneous)
