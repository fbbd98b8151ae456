"""What stands on the sheet: each field in the pump's words and screen order (pumps.md 1.3)."""

from __future__ import annotations

import pytest

from tests.pump_requests import (
    CYCLE,
    IV,
    NOT_PROGRAMMABLE,
    PLUS,
    SOLIS,
    program,
    said,
    shown,
)


def test_the_lock_level_lets_a_pump_prime_only_where_it_must() -> None:
    assert shown(program(PLUS))["Lock Level"] == "LL2"
    assert shown(program(PLUS, prime_by_pump=True))["Lock Level"] == "LL1"


def test_the_prizm_names_its_application() -> None:
    assert list(shown(program("cadd-prizm-vip")).items()) == [
        ("Application", "CONTIN"),
        ("Reservoir Volume", "100"),
        ("Continuous Rate", "10.0"),
    ]
    made = program("cadd-prizm-vip", **CYCLE, **IV)
    assert shown(made)["Application"] == "INTERMT"
    assert "Next Dose Start Time" in said(made, "R2").message


def test_what_the_pump_works_out_itself_is_not_entered() -> None:
    derived = {
        pump: [one.field for one in program(pump).settings if not one.entered]
        for pump in ("cadd-solis-vip", "curlin-6000", "sapphire", "bodyguard-323", "cadd-legacy-plus")
    }
    assert derived == {
        "cadd-solis-vip": ["Infusion Time"],
        "curlin-6000": ["TIME"],
        "sapphire": ["Rate"],
        "bodyguard-323": ["Time"],
        "cadd-legacy-plus": [],
    }


def test_intermittent_programs_of_the_other_pumps() -> None:
    curlin = program("curlin-6000", **CYCLE, **IV)
    assert shown(curlin) == {
        "Therapy": "Intermittent",
        "UNITS": "ml",
        "DELAY Start": "OFF",
        "BAG Vol": "106",
        "DOSE": "100.0",
        "RATE": "10.0",
        "TIME": "10:00",
        "FREQUENCY": "24:00",
        "# DOSES": "1",
        "KVO": "0.0",
    }
    sapphire = program("sapphire", **CYCLE, **IV)
    assert shown(sapphire) == {
        "Dose Volume": "100.0",
        "Dose Time": "10:00",
        "Dose Rate": "10.0",
        "Interval": "24:00",
        "Number of Doses": "1",
        "KVO": "0.0",
    }
    solis = program(SOLIS, **CYCLE, **IV)
    assert list(shown(solis)) == [
        "Units",
        "Reservoir Volume",
        "Dose Volume",
        "Dose Duration",
        "Dose Cycle",
        "KVO Rate",
        "Dose Starts In",
    ]


@pytest.mark.parametrize("pump", NOT_PROGRAMMABLE)
def test_a_device_that_cannot_be_programmed(pump: str) -> None:
    made = program(pump, volume_ml="50", infusion_hours="5", content_ml="56")
    assert made.verdict == "ok"
    assert [(one.field, one.shown, one.entered) for one in made.settings] == [
        ("Fill volume", "56", False),
        ("Nominal rate", "10", False),
    ]
    assert (str(made.rate_ml_per_h), made.error_percent, made.runs_for) == ("10.00", 0, "5:00:00")
    assert program(pump, **CYCLE, content_ml="56", volume_ml="50").verdict == "refuse"
