"""What screening hears in an order: dose, route, limits, a premix (domain.md 8, pumps.md 3.3)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmacy.domain.errors import NotFound
from pharmacy.domain.routes import Route
from pharmacy.domain.screening import (
    Condition,
    Premix,
    get_screening_limits,
    screen_order,
)
from pharmacy.domain.screening_limits import load_screening_limits, read_screening_limits
from pharmacy.domain.wording import find_unsafe_wording
from tests.screened import AT, CHART, LIMITS, ORDER, RANK, heard, lab, screened


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
