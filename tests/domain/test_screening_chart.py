"""What screening hears in a chart: kidney, labs, weight, allergies, conditions, medicines (domain.md 8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from pharmacy.domain.lab_units import convert_lab
from pharmacy.domain.screening import (
    Condition,
    LabResult,
    Weight,
)
from tests.screened import AT, heard, lab, screened


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
