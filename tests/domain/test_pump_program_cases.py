"""The worked cases of pumps.md section 8 that a program can express, each by its number.

Not here, because they are about a program read back, a delay, mg mode or a date: 17, 18, 25, 26, 49 and 53.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import pytest

from tests.material import material_json
from tests.pump_requests import PROGRAMMABLE, make_request, program, rules, shown

# 'Add to bag' with the mean overfill: 113.26 mL at 17.658 mg/mL.
ADDED = {"content_ml": "113.26", "mg_per_ml": "17.658", "dose_mg": "2000"}


class Case(NamedTuple):
    pump: str
    given: dict[str, Any]
    verdict: str
    # What the pump shows, in screen order; () where the program is refused.
    shows: dict[str, str]
    # Rate, error percent and running time.
    numbers: tuple[str, str, str] | None
    # The rules that flag or refuse.
    speaks: set[str]


def solis(volume: str, rate: str, time: str) -> dict[str, str]:
    return {
        "Units": "mL",
        "Reservoir Volume": volume,
        "Infusion Volume": volume,
        "Infusion Rate": rate,
        "Infusion Time": time,
        "KVO Rate": "0.0",
        "Delayed start": "OFF",
    }


def legacy(volume: str, rate: str) -> dict[str, str]:
    return {"Reservoir Volume": volume, "Continuous Rate": rate, "Lock Level": "LL2"}


def legacy_cycle(reservoir: str, volume: str, duration: str, cycle: str) -> dict[str, str]:
    return {
        "Reservoir Volume": reservoir,
        "Dose Volume": volume,
        "Dose Duration": duration,
        "Dose Cycle": cycle,
        "KVO Rate": "0.0",
        "Dose Starts In": "0:00",
        "Lock Level": "LL2",
    }


TEN_HOURS = ("10", "0.00", "10:00:00")
CYCLE = {"mode": "intermittent"}
CASES = {
    "01": Case("cadd-legacy-plus", {}, "ok", legacy("100", "10.0"), TEN_HOURS, set()),
    "02": Case(
        "cadd-legacy-plus",
        CYCLE,
        "flag",
        legacy_cycle("100", "100.0", "10:00", "24:00"),
        TEN_HOURS,
        {"R25"},
    ),
    "03": Case(
        "cadd-legacy-plus", {**CYCLE, "kvo_ml_per_h": "0.1"}, "refuse", {}, TEN_HOURS, {"R5", "R8", "R25"}
    ),
    "04": Case(
        "cadd-legacy-plus", {**CYCLE, "kvo_ml_per_h": "5"}, "refuse", {}, TEN_HOURS, {"R5", "R8", "R25"}
    ),
    "05": Case("cadd-solis-vip", {}, "ok", solis("100.0", "10.0", "10:00"), TEN_HOURS, set()),
    "07": Case(
        "cadd-solis-vip",
        {"volume_ml": "110", "content_ml": "113.26", "mg_per_ml": "17.658"},
        "refuse",
        {},
        ("11.0", "0.00", "10:00:00"),
        {"R5"},
    ),
    "08": Case(
        "cadd-solis-vip",
        {**ADDED, "volume_ml": "104", "delivery_basis": "nominal_volume"},
        "flag",
        solis("104.0", "10.4", "10:00"),
        ("10.4", "0.00", "10:00:00"),
        {"R15"},
    ),
    "08 whole bag": Case(
        "cadd-solis-vip",
        {**ADDED, "volume_ml": "104", "delivery_basis": "whole_bag"},
        "ok",
        solis("104.0", "10.4", "10:00"),
        ("10.4", "0.00", "10:00:00"),
        set(),
    ),
    "11": Case(
        "cadd-legacy-plus",
        {**ADDED, "delivery_basis": "nominal_volume"},
        "refuse",
        {},
        TEN_HOURS,
        {"R15"},
    ),
    "11 whole bag": Case(
        "cadd-legacy-plus",
        {**ADDED, "delivery_basis": "whole_bag"},
        "flag",
        legacy("100", "10.0"),
        TEN_HOURS,
        {"R15"},
    ),
    "12": Case(
        "cadd-solis-vip",
        {"dose_mg": "2000", "delivery_basis": "exact_fill"},
        "ok",
        solis("100.0", "10.0", "10:00"),
        TEN_HOURS,
        set(),
    ),
    "13": Case(
        "curlin-6000",
        {},
        "ok",
        {
            "Therapy": "Continuous",
            "UNITS": "ml",
            "DELAY Start": "OFF",
            "BAG Vol": "106",
            "AMOUNT": "100.0",
            "RATE": "10.0",
            "TIME": "10:00",
            "KVO": "0.0",
        },
        TEN_HOURS,
        set(),
    ),
    "15": Case(
        "curlin-6000", {**CYCLE, "frequency": "every 48 hours"}, "refuse", {}, TEN_HOURS, {"R12", "R25"}
    ),
    "20": Case(
        "sapphire",
        {},
        "ok",
        {"VTBI": "100.0", "Time": "10:00", "Rate": "10.0", "KVO": "0.0"},
        TEN_HOURS,
        set(),
    ),
    "23": Case(
        "bodyguard-323",
        {},
        "ok",
        {"VTBI": "100.0", "Rate": "10.0", "Time": "10:00", "KVO": "0"},
        TEN_HOURS,
        set(),
    ),
    "24": Case(
        "cadd-legacy-1",
        {},
        "ok",
        {"Reservoir Volume": "100", "Continuous Rate": "240"},
        ("10.00", "0.00", "10:00:00"),
        set(),
    ),
    "27": Case(
        "cadd-legacy-plus",
        {"infusion_hours": "24"},
        "ok",
        legacy("100", "4.2"),
        ("4.2", "0.80", "23:48:34"),
        set(),
    ),
    "31": Case(
        "cadd-legacy-plus",
        {
            **CYCLE,
            "volume_ml": "50",
            "infusion_hours": "5",
            "frequency": "every 12 hours",
            "doses_per_bag": 2,
        },
        "flag",
        legacy_cycle("100", "50.0", "5:00", "12:00"),
        ("10", "0.00", "5:00:00"),
        {"R25"},
    ),
    "34": Case(
        "cadd-legacy-plus",
        {**CYCLE, "infusion_hours": "24"},
        "refuse",
        {},
        ("4.2", "0.00", "24:00:00"),
        {"R12"},
    ),
    "35": Case(
        "cadd-legacy-plus",
        {"frequency": "2 of every 3 days"},
        "ok",
        legacy("100", "10.0"),
        TEN_HOURS,
        set(),
    ),
    "37": Case(
        "cadd-legacy-plus",
        {**CYCLE, "frequency": "2 of every 3 days", "content_ml": "206", "doses_per_bag": 2},
        "refuse",
        {},
        TEN_HOURS,
        {"R13", "R25"},
    ),
    "38": Case(
        "cadd-legacy-plus",
        {"frequency": "every 48 hours"},
        "ok",
        legacy("100", "10.0"),
        TEN_HOURS,
        set(),
    ),
    "38 as a cycle": Case(
        "cadd-legacy-plus",
        {**CYCLE, "frequency": "every 48 hours"},
        "flag",
        legacy_cycle("100", "100.0", "10:00", "48:00"),
        TEN_HOURS,
        {"R25"},
    ),
    "40": Case(
        "cadd-solis-vip",
        {"volume_ml": "50", "mg_per_ml": "40", "content_ml": "56", "mosm_per_l": "325"},
        "ok",
        solis("50.0", "5.0", "10:00"),
        ("5.0", "0.00", "10:00:00"),
        set(),
    ),
    "41": Case(
        "cadd-solis-vip",
        {"volume_ml": "50", "mg_per_ml": "40"},
        "flag",
        solis("50.0", "5.0", "10:00"),
        ("5.0", "0.00", "10:00:00"),
        {"R7"},
    ),
    "42": Case(
        "cadd-legacy-plus",
        {"volume_ml": "1", "infusion_hours": "24", "content_ml": "7.5"},
        "refuse",
        {},
        None,
        {"R3"},
    ),
    "45": Case(
        "sapphire",
        {"volume_ml": "15", "mg_per_ml": "230", "content_ml": "21"},
        "refuse",
        {},
        ("1.5", "0.00", "10:00:00"),
        {"R10"},
    ),
    "47": Case(
        "cadd-solis-vip",
        {"infusion_hours": "1"},
        "refuse",
        {},
        ("100.0", "0.00", "1:00:00"),
        {"R9", "R11"},
    ),
    "50": Case("freedom60", {}, "refuse", {}, ("10.00", "0.00", "10:00:00"), {"R5"}),
}


@pytest.mark.parametrize("case", CASES.values(), ids=[f"pumps-8-case-{number}" for number in CASES])
def test_worked_cases(case: Case) -> None:
    made = program(case.pump, **case.given)
    assert made.verdict == case.verdict, made.findings
    assert shown(made) == case.shows
    assert list(shown(made)) == list(case.shows), "screen order"
    assert rules(made, "flag") | rules(made, "refuse") == case.speaks
    if case.numbers is None:
        assert (made.rate_ml_per_h, made.runs_for) == (0, None)
    else:
        assert (str(made.rate_ml_per_h), str(made.error_percent), made.runs_for) == (
            case.numbers[0] if "." in case.numbers[0] else f"{case.numbers[0]}.0",
            case.numbers[1],
            case.numbers[2],
        )
    assert made.profile_verified is False


@pytest.mark.parametrize("mode", ["continuous", "intermittent"])
@pytest.mark.parametrize("pump", PROGRAMMABLE)
def test_pumps_8_case_33_an_infusion_longer_than_its_cycle_is_refused(pump: str, mode: str) -> None:
    made = program(pump, mode=mode, infusion_hours="14", frequency="every 12 hours")
    assert made.verdict == "refuse"
    assert rules(made, "refuse") >= {"R12"}


@pytest.mark.parametrize("frequency", ["MWF", "2 of every 3 days"])
@pytest.mark.parametrize("pump", PROGRAMMABLE)
def test_pumps_8_case_39_a_calendar_schedule_is_a_single_run_and_never_a_cycle(
    pump: str, frequency: str
) -> None:
    once = program(pump, frequency=frequency)
    assert once.verdict == "ok"
    assert rules(once, "note") >= {"R13"}
    assert shown(once) == shown(program(pump))
    cycle = program(pump, frequency=frequency, mode="intermittent")
    assert cycle.settings == ()
    assert "R13" in rules(cycle, "refuse")


@pytest.mark.parametrize("pump", ["cadd-solis-vip", "cadd-legacy-plus", "cadd-legacy-1", "cadd-prizm-vip"])
def test_pumps_8_case_52_the_window_at_the_accuracy_of_the_pump(pump: str) -> None:
    assert program(pump).window == ("9:26:02", "10:38:18")


def test_the_elastomeric_window_of_pumps_1_3() -> None:
    made = program("elastomeric")
    assert made.verdict == "ok"
    assert [(one.field, one.value, one.entered) for one in made.settings] == [
        ("Fill volume", "106", False),
        ("Nominal rate", "10", False),
    ]
    (note,) = [finding for finding in made.findings if finding.rule == "window"]
    assert "8:41:44 and 11:45:53" in note.message


def test_the_reservoir_row_2_3_kvo_volume_counts_against_the_content() -> None:
    """0.1 mL/h for 14 hours is 1.4 mL, 28 mg at 20 mg/mL (pumps.md 2.3)."""
    (kvo,) = [
        one for one in program("cadd-legacy-plus", **CYCLE, kvo_ml_per_h="0.1").findings if one.rule == "R8"
    ]
    assert "28\N{NO-BREAK SPACE}mg" in kvo.message
    short = [
        one for one in program("cadd-legacy-plus", **CYCLE, kvo_ml_per_h="5").findings if one.rule == "R5"
    ]
    assert "70\N{NO-BREAK SPACE}mL short" in short[0].message


# What the older CADD-Plus called the fields that the Legacy PLUS has today (pumps.md 1.3, synonyms).
SYNONYMS = {
    "RES VOL": "Reservoir Volume",
    "DELIVERY VOLUME (mL)": "Dose Volume",
    "PERIOD (infusion time)": "Dose Duration",
    "CYCLE (start-to-start interval)": "Dose Cycle",
    "KVO rate": "KVO Rate",
    "DELAY START": "Dose Starts In",
}


def test_every_field_of_the_published_intermittent_mode_is_on_the_sheet() -> None:
    published = material_json("05_calculations/pump_programming_reference.json")
    counters = {"CYCLE GIVEN", "GIVEN"}
    wanted = [SYNONYMS[field] for field in published["intermittent_mode_fields"] if field not in counters]
    assert [field for field in shown(program("cadd-legacy-plus", **CYCLE)) if field != "Lock Level"] == wanted


@pytest.mark.parametrize(
    ("changes", "rate", "runs_for"),
    [
        ({"volume_ml": "250", "infusion_hours": "8", "content_ml": "256"}, "31.3", "8:00:00"),
        ({"volume_ml": "500", "infusion_hours": "24", "content_ml": "506"}, "20.8", "24:00:00"),
        ({}, "10.0", "10:00:00"),
    ],
    ids=["4 g in 250 mL over 8 h", "24 h by a 500 mL cassette", "the seed"],
)
def test_the_published_check_sheets_give_the_whole_volume(
    changes: dict[str, Any], rate: str, runs_for: str
) -> None:
    """Rate x time = volume within 0.1 mL, where the pump works the rate out of volume and duration."""
    cycle = {"mode": "intermittent", "route": "intravenous", "frequency": "every 2 days"}
    made = program("cadd-prizm-vip", **{**cycle, **changes})
    assert made.verdict == "ok"
    assert made.numbers.rate is not None
    assert made.numbers.rate * Fraction(changes.get("infusion_hours", "10")) == made.numbers.volume_ml
    assert (str(made.rate_ml_per_h), made.runs_for) == (rate, runs_for)


def test_the_published_kvo_volume() -> None:
    """0.2 mL/h for a 24 h cycle less 8 h is 3.2 mL."""
    request = make_request(infusion_hours="8", kvo_ml_per_h="0.2")
    assert request.kvo_ml == Fraction("3.2")
