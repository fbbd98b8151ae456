"""Where a bag's volume goes, each rule at its boundary (R5 to R8, pumps.md 2.3)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.pump_requests import (
    CYCLE,
    IV,
    PLUS,
    SOLIS,
    make_request,
    program,
    rules,
    shown,
    worst,
)


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        ({"content_ml": "106"}, True),
        ({"content_ml": "105.99"}, False),
        ({"content_ml": "106", "prime_ml": "5.01"}, False),
        ({"content_ml": "106", "residual_ml": "1.01"}, False),
        ({"content_ml": "106", "prime_ml": "5", "prime_by_pump": True}, True),
        ({"content_ml": "206", "doses_per_bag": 2, **CYCLE, **IV}, True),
        ({"content_ml": "205.9", "doses_per_bag": 2, **CYCLE, **IV}, False),
        ({"content_ml": "107.4", "kvo_ml_per_h": "0.1", **CYCLE, **IV}, True),
        ({"content_ml": "107.3", "kvo_ml_per_h": "0.1", **CYCLE, **IV}, False),
        ({"content_ml": "3"}, False),
    ],
)
def test_r5_what_the_bag_can_deliver(changes: dict[str, Any], fits: bool) -> None:
    made = program(SOLIS, **changes)
    assert worst(made, "R5") == ("" if fits else "refuse")
    assert bool(made.settings) is fits


@pytest.mark.parametrize(
    ("pump", "by_pump", "reservoir", "note"),
    [
        (SOLIS, True, "105.0", "note"),
        (SOLIS, False, "100.0", ""),
        # Whether it counts its own prime is not known, so it is not in the field and the sheet says so.
        (PLUS, True, "100", "note"),
        (PLUS, False, "100", ""),
    ],
)
def test_r6_the_reservoir_includes_the_prime_only_where_the_pump_counts_it(
    pump: str, by_pump: bool, reservoir: str, note: str
) -> None:
    made = program(pump, prime_by_pump=by_pump)
    assert shown(made)["Reservoir Volume"] == reservoir
    assert worst(made, "R6") == note
    assert made.verdict == "ok"


def test_r6_the_bag_volume_of_the_curlin_is_the_content() -> None:
    made = program("curlin-6000", content_ml="113.26", prime_by_pump=True)
    assert shown(made)["BAG Vol"] == "113"


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"content_ml": "100", "prime_ml": "0", "residual_ml": "0"}, False),
        # The field takes whole mL, so 100.9 in the bag is entered as 100.
        ({"content_ml": "100.9", "volume_ml": "100.9", "prime_ml": "0", "residual_ml": "0"}, True),
        ({"content_ml": "105.9", "prime_ml": "5.9", "residual_ml": "0"}, False),
        ({"content_ml": "105.9", "prime_ml": "5.9", "residual_ml": "0", "prime_by_pump": True}, True),
        ({"content_ml": "200.9", "doses_per_bag": 2, "prime_ml": "0.9", "residual_ml": "0"}, False),
        ({"content_ml": "200.9", "volume_ml": "100.4", "doses_per_bag": 2, "prime_ml": "0"}, True),
        ({"content_ml": "101.4", "kvo_ml_per_h": "0.1", "prime_ml": "0", "residual_ml": "0"}, True),
        ({"content_ml": "102", "kvo_ml_per_h": "0.1", "prime_ml": "0", "residual_ml": "0"}, False),
    ],
)
def test_r6_the_bag_volume_must_hold_what_the_pump_takes_from_it(
    changes: dict[str, Any], refused: bool
) -> None:
    made = program("curlin-6000", **{**CYCLE, **IV, **changes})
    assert worst(made, "R6") == ("refuse" if refused else "")


def test_r6_a_reservoir_holds_all_doses_and_kvo_between_them_shortens_the_last() -> None:
    two = {"content_ml": "250", "doses_per_bag": 2, **CYCLE, **IV}
    assert shown(program(PLUS, **two))["Reservoir Volume"] == "200"
    assert worst(program(PLUS, **two), "R6") == ""
    assert worst(program(PLUS, **two, kvo_ml_per_h="0.1"), "R6") == "flag"
    assert worst(program(PLUS, content_ml="150", kvo_ml_per_h="0.1", **CYCLE, **IV), "R6") == ""


def test_r6_a_reservoir_beyond_the_field_is_refused() -> None:
    made = program(
        PLUS, volume_ml="10000", infusion_hours="200", content_ml="20000", frequency="every 9 days"
    )
    assert worst(made, "R6") == "refuse"
    dose = program(PLUS, **CYCLE, **IV, volume_ml="1001", content_ml="2000", infusion_hours="20")
    assert worst(dose, "R2") == "refuse"


def test_r6_a_reservoir_that_goes_up_to_its_step_says_so() -> None:
    assert worst(program(PLUS, **CYCLE, volume_ml="99.5"), "R6") == "note"
    assert worst(program(PLUS, **CYCLE, volume_ml="50.5", content_ml="120", doses_per_bag=2), "R6") == ""


@pytest.mark.parametrize(
    ("content", "severity"), [("205.9", ""), ("206", "flag"), ("206.1", "flag"), ("306", "flag")]
)
def test_r7_a_second_dose_in_the_bag(content: str, severity: str) -> None:
    assert worst(program(SOLIS, content_ml=content), "R7") == severity
    # A device that empties itself would give it.
    assert worst(program("elastomeric", content_ml=content), "R7") == severity.replace("flag", "refuse")


@pytest.mark.parametrize(
    ("pump", "changes", "severity"),
    [
        (PLUS, {}, "refuse"),
        ("cadd-legacy-1", {}, "refuse"),
        ("elastomeric", {}, "refuse"),
        (SOLIS, {}, "flag"),
        ("curlin-6000", {}, "flag"),
        # Back to back there is nothing between two doses.
        (PLUS, {"infusion_hours": "24"}, ""),
        (PLUS, {"frequency": "continuous"}, ""),
    ],
)
def test_r7_doses_that_would_run_as_one(pump: str, changes: dict[str, Any], severity: str) -> None:
    made = program(pump, content_ml="206", doses_per_bag=2, **changes)
    assert worst(made, "R7") == severity


@pytest.mark.parametrize(
    ("pump", "changes", "refused"),
    [
        (SOLIS, {}, True),
        (SOLIS, IV, False),
        (SOLIS, {**IV, **CYCLE}, False),
        (PLUS, IV, True),
        (PLUS, {**IV, **CYCLE}, False),
        ("cadd-legacy-1", IV, True),
        ("cadd-prizm-vip", IV, True),
        ("elastomeric", IV, True),
        ("bodyguard-323", IV, True),
        (SOLIS, {**IV, "kvo_ml_per_h": "10"}, False),
        (SOLIS, {**IV, "kvo_ml_per_h": "10.1"}, True),
        (SOLIS, {**IV, "kvo_ml_per_h": "0.15"}, True),
        ("sapphire", {**IV, "kvo_ml_per_h": "20"}, False),
        ("sapphire", {**IV, "kvo_ml_per_h": "20.1"}, True),
    ],
)
def test_r8_keep_vein_open(pump: str, changes: dict[str, Any], refused: bool) -> None:
    made = program(pump, **{"content_ml": "900", "kvo_ml_per_h": "0.1", **changes})
    assert worst(made, "R8") == ("refuse" if refused else "")


def test_kvo_runs_between_all_doses_of_a_bag() -> None:
    request = make_request(
        kvo_ml_per_h="0.1", infusion_hours="5", frequency="every 12 hours", doses_per_bag=2
    )
    assert request.kvo_ml == Fraction("1.4")


def test_the_freedom60_holds_one_syringe() -> None:
    assert worst(program("freedom60", volume_ml="54", content_ml="60"), "R5") == ""
    assert worst(program("freedom60", volume_ml="54", content_ml="60.1"), "R5") == "refuse"


def test_a_device_that_empties_itself_gives_what_it_holds() -> None:
    made = program("elastomeric", content_ml="113.26", dose_mg="2000", delivery_basis="nominal_volume")
    assert worst(made, "R4") == "flag"
    assert (str(made.delivered_mg), made.runs_for) == ("2145", "10:43:34")
    assert worst(made, "R15") == "flag"
    nearly_empty = program("elastomeric", content_ml="6.5")
    assert (nearly_empty.delivered_mg, nearly_empty.runs_for) == (10, "0:03:00")
    empty = program("elastomeric", content_ml="5")
    assert (empty.delivered_mg, empty.runs_for) == (0, "0:00:00")
    two = program("elastomeric", content_ml="206", doses_per_bag=2, frequency="continuous")
    assert (two.delivered_mg, two.runs_for) == (2000, "10:00:00")


@pytest.mark.parametrize(
    ("frequency", "doses", "hours"),
    [
        pytest.param("2 of every 3 days", 2, "24", id="started on the second day, runs into the rest"),
        pytest.param("2 of every 3 days", 3, "24", id="three days without rest"),
        pytest.param("2 of every 7 days", 5, "24", id="2 of 7"),
        pytest.param("weekly on Monday, Wednesday, Friday", 3, "48", id="MWF, to Sunday without rest"),
        pytest.param("weekly on Sunday, Monday", 4, "24", id="Sunday and Monday"),
    ],
)
def test_several_doses_of_a_calendar_are_never_one_run(frequency: str, doses: int, hours: str) -> None:
    """R13: a calendar makes a single run; back to back the doses would run through the days of rest."""
    made = program(
        PLUS,
        frequency=frequency,
        doses_per_bag=doses,
        infusion_hours=hours,
        content_ml=str(106 + 100 * (doses - 1)),
    )

    assert made.verdict == "refuse"
    assert rules(made, "refuse") == {"R7"}


@pytest.mark.parametrize(
    ("pump", "doses", "verdict"),
    [(PLUS, 2, "ok"), (SOLIS, 2, "ok"), ("elastomeric", 2, "refuse"), ("elastomeric", 1, "ok")],
)
def test_doses_back_to_back_are_one_infusion_on_a_pump_that_is_told_so(
    pump: str, doses: int, verdict: str
) -> None:
    """A device that empties itself has one rate and one window, for one dose."""
    content = str(6 + 100 * doses)

    assert program(pump, doses_per_bag=doses, infusion_hours="24", content_ml=content).verdict == verdict


def test_a_shortage_is_written_with_all_its_decimals() -> None:
    (short,) = (one for one in program(PLUS, content_ml="105.999999").findings if one.rule == "R5")

    assert "99.999999\N{NO-BREAK SPACE}mL can be delivered" in short.message
    assert short.message.endswith("It is 0.000001\N{NO-BREAK SPACE}mL short.")
