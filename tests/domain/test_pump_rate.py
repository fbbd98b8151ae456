"""The rate and the volume of a program, at their steps and ranges (R3, R14, pumps.md 2.2)."""

from __future__ import annotations

import pytest

from tests.pump_requests import (
    BIG,
    CYCLE,
    IV,
    PLUS,
    PROGRAMMABLE,
    SOLIS,
    program,
    rules,
    said,
    shown,
    worst,
)


@pytest.mark.parametrize(
    ("volume", "hours", "rate", "error", "severity"),
    [
        ("100", "10", "10.0", "0.00", ""),
        ("100", "24", "4.2", "0.80", "note"),
        # 19.9 mL over 10 hours: 1.99 -> 2.0, +0.5025 percent.
        ("19.9", "10", "2.0", "0.50", "note"),
        ("10.1", "10", "1.0", "-0.99", "note"),
        ("9.9", "10", "1.0", "1.01", "flag"),
        # 2 mL over 21 hours is 0.0952: the pump's 0.1 is 5 percent more, exactly.
        ("2", "21", "0.1", "5.00", "flag"),
        ("2", "21.1", "0.1", "5.50", "refuse"),
        ("2", "19", "0.1", "-5.00", "flag"),
        ("2", "18.9", "0.1", "-5.50", "refuse"),
        ("1", "24", "0.0", "-100.00", "refuse"),
    ],
)
def test_r3_the_error_of_the_rate(volume: str, hours: str, rate: str, error: str, severity: str) -> None:
    made = program(SOLIS, volume_ml=volume, infusion_hours=hours, frequency="every 2 days")
    assert (str(made.rate_ml_per_h), str(made.error_percent), worst(made, "R3")) == (rate, error, severity)


def test_r3_an_exact_error_of_one_percent_is_a_note() -> None:
    # 10 mL over 9.9 hours is 1.0101; the pump's 1.0 is 1 percent less, exactly.
    assert worst(program(SOLIS, volume_ml="10", infusion_hours="9.9"), "R3") == "note"
    assert worst(program(SOLIS, volume_ml="10", infusion_hours="9.89"), "R3") == "flag"


@pytest.mark.parametrize(
    ("pump", "volume", "hours", "rate", "fits"),
    [
        (PLUS, "125", "1", "125.0", True),
        (PLUS, "126", "1", "126.0", False),
        (SOLIS, "500", "1", "500.0", True),
        (SOLIS, "501", "1", "501.0", False),
        ("cadd-prizm-vip", "350", "1", "350.0", True),
        ("cadd-prizm-vip", "351", "1", "351.0", False),
        ("curlin-6000", "400", "1", "400.0", True),
        ("curlin-6000", "400.1", "1", "400.1", False),
        ("sapphire", "999", "1", "999", True),
        ("sapphire", "1000", "1", "1000", False),
        ("bodyguard-323", "1200", "1", "1200", True),
        ("bodyguard-323", "1201", "1", "1201", False),
        ("cadd-legacy-1", "125", "1", "125.00", True),
        ("cadd-legacy-1", "126", "1", "126.00", False),
    ],
)
def test_r3_the_range_of_the_rate(pump: str, volume: str, hours: str, rate: str, fits: bool) -> None:
    made = program(pump, volume_ml=volume, infusion_hours=hours, **BIG)
    assert str(made.rate_ml_per_h) == rate
    assert worst(made, "R3") == ("" if fits else "refuse")
    assert bool(made.settings) == (fits and made.verdict != "refuse")


@pytest.mark.parametrize(
    ("volume", "hours", "rate", "shows"),
    [
        ("99.9", "1", "99.9", "99.9"),
        ("199.9", "2", "100.0", "100"),
        ("100.4", "1", "100", "100"),
        ("100.5", "1", "101", "101"),
        ("9", "2.5", "3.6", "3.6"),
    ],
)
def test_the_sapphire_changes_its_step_at_100(volume: str, hours: str, rate: str, shows: str) -> None:
    made = program("sapphire", volume_ml=volume, infusion_hours=hours, **BIG)
    assert made.rate_ml_per_h is not None
    assert (str(made.rate_ml_per_h).removesuffix(".0"), shown(made)["Rate"]) == (
        rate.removesuffix(".0"),
        shows,
    )


def test_a_rate_goes_up_at_half_a_step() -> None:
    # 20.5 mL over 10 hours is 2.05; 20.49 would be 2.049.
    assert str(program(SOLIS, volume_ml="20.5").rate_ml_per_h) == "2.1"
    assert str(program(SOLIS, volume_ml="20.4").rate_ml_per_h) == "2.0"


@pytest.mark.parametrize(
    ("pump", "mode", "volume", "field", "programmed"),
    [
        (SOLIS, "continuous", "100.99", "Infusion Volume", "100.9"),
        (SOLIS, "intermittent", "100.99", "Dose Volume", "100.9"),
        (PLUS, "continuous", "100.99", "Reservoir Volume", "100"),
        (PLUS, "intermittent", "100.99", "Dose Volume", "100.9"),
        (PLUS, "intermittent", "100.99", "Reservoir Volume", "101"),
        ("cadd-legacy-1", "continuous", "100.99", "Reservoir Volume", "100"),
        ("curlin-6000", "continuous", "100.99", "AMOUNT", "100.9"),
        ("sapphire", "continuous", "100.99", "VTBI", "100.9"),
    ],
)
def test_the_volume_is_rounded_down_to_the_step_of_the_pump(
    pump: str, mode: str, volume: str, field: str, programmed: str
) -> None:
    made = program(pump, mode=mode, volume_ml=volume, content_ml="110", **IV)
    assert shown(made)[field] == programmed


def test_a_volume_below_the_step_is_refused_and_has_no_numbers() -> None:
    made = program(SOLIS, volume_ml="0.04")
    assert worst(made, "R3") == "refuse"
    assert (made.rate_ml_per_h, made.error_percent, made.runs_for) == (0, None, None)
    assert (made.delivered_mg, made.mg_per_hour) == (None, 0)


def test_a_duration_that_rounds_to_no_minute_is_refused() -> None:
    made = program(PLUS, **CYCLE, infusion_hours="0.008")
    assert worst(made, "R3") == "refuse"
    assert (made.rate_ml_per_h, made.runs_for, made.delivered_mg, made.mg_per_hour) == (None,) * 4


def test_a_cadd_cycle_is_set_by_whole_minutes_and_its_rate_is_not_rounded() -> None:
    made = program(PLUS, **CYCLE, volume_ml="50", infusion_hours="3", **IV)
    assert (str(made.rate_ml_per_h), made.error_percent, made.runs_for) == ("16.7", 0, "3:00:00")
    assert str(made.mg_per_hour) == "333.3"
    made = program(PLUS, **CYCLE, infusion_hours="10.01", **IV)
    assert shown(made)["Dose Duration"] == "10:01"
    assert made.runs_for == "10:01:00"
    assert worst(made, "R3") == "note"


@pytest.mark.parametrize(
    ("mode", "volume", "hours", "speaks"),
    [
        ("continuous", "9999", "90", ""),
        ("continuous", "10000", "90", "R6"),
        ("continuous", "1", "1", ""),
        ("intermittent", "1000", "20", ""),
        ("intermittent", "1000.1", "20", "R2"),
        ("intermittent", "1", "1", ""),
        ("intermittent", "0.1", "0.5", ""),
    ],
)
def test_volumes_at_the_ends_of_their_fields(mode: str, volume: str, hours: str, speaks: str) -> None:
    made = program(
        PLUS,
        mode=mode,
        volume_ml=volume,
        infusion_hours=hours,
        content_ml="19000",
        frequency="every 4 days",
        **IV,
    )
    assert rules(made, "refuse") == ({speaks} if speaks else set())


def test_r3_says_both_rates_and_the_error() -> None:
    assert said(program(SOLIS, infusion_hours="24"), "R3").message == (
        "The exact rate is 4.1667 mL per hour and the pump's is 4.2, an error of 0.8 percent."
    )
    assert "less than 0.01 percent" in said(program(PLUS, **CYCLE, infusion_hours="9.999999"), "R3").message


def test_r14_the_unit_trap_is_said_in_both_units() -> None:
    made = program("cadd-legacy-1")
    assert [(one.field, one.unit) for one in made.settings if "24" in one.unit] == [
        ("Continuous Rate", "mL/24 hrs")
    ]
    assert said(made, "R14").message == (
        "This pump counts in mL per 24 hours: 240 mL per 24 hours is 10 mL per hour."
    )
    assert all(worst(program(pump), "R14") == "" for pump in PROGRAMMABLE if pump != "cadd-legacy-1")
