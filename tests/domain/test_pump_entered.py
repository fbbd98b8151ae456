"""How what the screen shows is read, and when it is the same as the sheet."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from pharmacy.domain.pump_entered import Shown, pair_fields, read_amount
from pharmacy.domain.pump_profiles import Holds, find_profile
from tests.pump_readings import LEGACY_1, read_back
from tests.pump_requests import CYCLE, PLUS, SOLIS, make_request, program


@pytest.mark.parametrize(
    ("unit", "rule"),
    [
        ("mL/24 hrs", None),
        ("ml / 24 hr", None),
        ("mL per 24 hours", None),
        ("mL/24h", None),
        ("", None),
        ("mL/hr", "R14"),
        ("mg/24 hrs", "R14"),
    ],
)
def test_the_unit_beside_the_rate(unit: str, rule: str | None) -> None:
    found = read_back(LEGACY_1, {}, units={"Continuous Rate": unit})
    assert [one[0] for one in found] == ([rule] if rule else [])
    assert not rule or f"240 {unit} and the sheet says 240 mL/24 hrs: the unit is another one" in found[0][2]


def test_a_volume_in_another_unit_is_a_difference() -> None:
    ((rule, severity, message),) = read_back(SOLIS, {}, units={"Infusion Volume": "mg"})
    assert (rule, severity) == ("read-back", "refuse")
    assert "Infusion Volume shows 100.0 mg and the sheet says 100.0 mL: the unit is another one" in message


@pytest.mark.parametrize(
    ("time", "rate", "agrees"), [("10:01", "10.0", True), ("9:59", "10.0", True), ("10:02", "10.0", False)]
)
def test_what_the_pump_works_out_may_differ_by_its_last_place(time: str, rate: str, agrees: bool) -> None:
    assert (read_back(SOLIS, {"Infusion Time": time, "Infusion Rate": rate}) == []) is agrees


@pytest.mark.parametrize(("rate", "agrees"), [("10.1", True), ("9.9", True), ("10.2", False), ("9.8", False)])
def test_a_rate_that_the_pump_works_out_may_differ_by_one_step(rate: str, agrees: bool) -> None:
    found = read_back("sapphire", {"Rate": rate})
    assert any(message.startswith("Rate shows") for _, _, message in found) is not agrees


@pytest.mark.parametrize(
    "typed", [{"Infusion Rate": "10"}, {"KVO Rate": "0"}, {"Infusion Volume": "100.00"}, {"Units": " ML "}]
)
def test_the_same_number_or_word_written_otherwise_agrees(typed: dict[str, str | None]) -> None:
    assert read_back(SOLIS, typed) == []


def test_a_time_may_show_seconds() -> None:
    assert read_back(PLUS, {"Dose Duration": "10:00:00"}, **CYCLE) == []
    assert read_amount("1:30:36", Holds.DURATION) == Fraction("1.51")
    found = read_back(PLUS, {"Dose Duration": "10:00:01"}, **CYCLE)
    assert [one[:2] for one in found] == [("read-back", "refuse")]
    assert read_amount("1:60", Holds.TIME) is None


@pytest.mark.parametrize(("by_pump", "volume"), [(True, "100"), (False, "105")])
def test_a_reservoir_that_ends_the_dose_counts_the_prime_only_where_the_pump_does(
    by_pump: bool, volume: str
) -> None:
    profile = find_profile(PLUS)
    assert profile is not None
    counting = replace(profile, deducts_prime=True)
    entered = pair_fields(
        {"Reservoir Volume": Shown("105")},
        settings=program(PLUS).settings,
        request=make_request(prime_by_pump=by_pump),
        profile=counting,
    )
    assert entered.volume_ml == Fraction(volume)


def test_what_is_entered_may_not_differ_at_all() -> None:
    assert read_back("sapphire", {"Time": "10:01"}) != []
    assert read_back(SOLIS, {"Infusion Rate": "10.1"}) != []
