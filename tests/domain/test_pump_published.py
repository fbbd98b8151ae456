"""Published figures that the contract does not answer with: windows, keep-vein-open, the screen's fields."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.material import material_json
from tests.pump_requests import CYCLE, make_request, program, shown


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
