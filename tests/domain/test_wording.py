"""Directions from coded orders, what a program says, and spelled numbers (domain.md 3.2 and 3.3)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.formatting import NBSP, dose, quantity
from pharmacy.domain.frequency import parse_frequency
from pharmacy.domain.routes import Route
from pharmacy.domain.wording import (
    directions,
    find_unsafe_wording,
    spell_number,
)
from tests.pump_requests import NOT_PROGRAMMABLE, PROGRAMMABLE, program

SEED: dict[str, Any] = {
    "dose_mg": Decimal(2000),
    "bags_per_dose": 1,
    "route": Route.SUBCUTANEOUS,
    "infusion_hours": Decimal(10),
    "device": "ambulatory pump",
    "rate_ml_per_h": Decimal("10.5"),
    "frequency": "2 of every 3 days",
}


def directed(**changes: Any) -> str:
    given_order = SEED | changes
    frequency = parse_frequency(given_order.pop("frequency"))
    return directions(frequency=frequency, **given_order).replace(NBSP, " ")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {},
            "Infuse ONE bag (2 g) subcutaneously over 10 hours with your ambulatory pump at 10.5 mL per hour."
            " Use on 2 of every 3 days: see your calendar.",
        ),
        (
            {"frequency": "daily", "rate_ml_per_h": Decimal("10.0")},
            "Infuse ONE bag (2 g) subcutaneously over 10 hours with your ambulatory pump at 10 mL per hour."
            " Use once a day, every day.",
        ),
        (
            {"bags_per_dose": 2, "dose_mg": Decimal(4000), "infusion_hours": Decimal("10.5")},
            "Infuse TWO bags (4 g in all) subcutaneously over 10 hours 30 minutes with your ambulatory pump"
            " at 10.5 mL per hour. Use on 2 of every 3 days: see your calendar.",
        ),
        (
            {"route": Route.INTRAVENOUS, "dose_mg": Decimal("500.5"), "frequency": "MWF"},
            "Infuse ONE bag (500.5 mg) intravenously over 10 hours with your ambulatory pump"
            " at 10.5 mL per hour. Use every Monday, Wednesday and Friday.",
        ),
        (
            {"device": "elastomeric device", "rate_ml_per_h": None, "infusion_hours": Decimal(1)},
            "Infuse ONE bag (2 g) subcutaneously over 1 hour with your elastomeric device."
            " Use on 2 of every 3 days: see your calendar.",
        ),
        (
            {"dose_mg": Decimal("2000.5"), "infusion_hours": Decimal("1.005"), "frequency": "q12h"},
            "Infuse ONE bag (2,000.5 mg) subcutaneously over 1.005 hours with your ambulatory pump at"
            " 10.5 mL per hour. Use every 12 hours (2 times a day).",
        ),
    ],
)
def test_directions_are_made_from_the_coded_order(changes: dict[str, Any], expected: str) -> None:
    assert directed(**changes) == expected


@settings(max_examples=80)
@given(
    st.decimals("1", "20000", places=1),
    st.integers(1, 12),
    st.sampled_from(list(Route)),
    st.decimals("0.1", "48", places=2),
    st.decimals("0.1", "400", places=1),
    st.sampled_from(
        ["daily", "every 2 days", "2 of 3 days", "q8h", "q36h", "MWF", "weekly on Sunday", "continuous"]
    ),
)
def test_directions_pass_our_own_linter_and_lose_no_digit(
    dose_mg: Decimal, bags: int, route: Route, hours: Decimal, rate: Decimal, frequency: str
) -> None:
    text = directed(
        dose_mg=dose_mg,
        bags_per_dose=bags,
        route=route,
        infusion_hours=hours,
        rate_ml_per_h=rate,
        frequency=frequency,
    )
    assert find_unsafe_wording(text) == []
    assert quantity(rate, "mL/h", 6).replace(NBSP, " ") in text
    amount = re.search(r"\(([\d.,]+) (m?g)", text)
    assert amount
    assert Decimal(amount[1].replace(",", "")) * (1000 if amount[2] == "g" else 1) == dose_mg
    assert dose(dose_mg)


@pytest.mark.parametrize("pump", [*PROGRAMMABLE, *NOT_PROGRAMMABLE])
def test_what_a_pump_program_says_passes_our_own_linter(pump: str) -> None:
    """Messages only: the numbers on the pump's own screen are printed as the pump shows them."""
    bad = {"infusion_hours": "1.1", "content_ml": "400.5", "mg_per_ml": "250.001", "mosm_per_l": "1000.5"}
    for changes in (
        {},
        {**bad, "prime_by_pump": True, "kvo_ml_per_h": "50.05", "doses_per_bag": 2},
        {**bad, "mode": "intermittent", "frequency": "MWF", "dose_mg": "1000", "delivery_basis": "whole_bag"},
        {"volume_ml": "0.5", "infusion_hours": "23.7", "frequency": "every 2 hours", "content_ml": "6"},
        {"content_ml": "5", "route": "intraperitoneal", "mode": "intermittent", "frequency": "every 9 days"},
    ):
        for finding in program(pump, **changes).findings:
            assert find_unsafe_wording(finding.message) == [], finding.message


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        ("10.5", "ten point five"),
        ("10.0", "ten point zero"),
        ("0.1", "zero point one"),
        ("4.17", "four point one seven"),
        ("100", "one hundred"),
        ("106", "one hundred six"),
        ("240", "two hundred forty"),
        ("1240", "one thousand two hundred forty"),
        ("1,240", "one thousand two hundred forty"),
        ("21", "twenty-one"),
        ("99.9", "ninety-nine point nine"),
        ("19", "nineteen"),
        ("1,000,000", "one million"),
        ("0", "zero"),
        ("0.05", "zero point zero five"),
        ("9999999", "nine million nine hundred ninety-nine thousand nine hundred ninety-nine"),
    ],
)
def test_a_number_is_spelled_as_it_is_shown(shown: str, words: str) -> None:
    assert spell_number(shown) == words


@pytest.mark.parametrize("shown", ["", "10:00", "OFF", "10.", ".5", "-1", "1,00", "1e3", "１０", "12345678"])
def test_what_is_no_number_is_not_spelled(shown: str) -> None:
    with pytest.raises(InvalidInput):
        spell_number(shown)


@settings(max_examples=150)
@given(st.integers(0, 9_999_999))
def test_no_two_numbers_are_spelled_the_same(count: int) -> None:
    """Add the words up again."""
    sizes = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
    total = part = 0
    for word in spell_number(str(count)).replace("-", " ").split():
        if word == "hundred":
            part *= 100
        elif word in sizes:
            total, part = total + part * sizes[word], 0
        else:
            part += next(one for one in range(100) if spell_number(str(one)) == word)
    assert total + part == count
