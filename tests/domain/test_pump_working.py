"""The working of a program, line by line (pumps.md 2.1)."""

from __future__ import annotations

import pytest

from pharmacy.domain.pump_profiles import find_profile
from pharmacy.domain.pump_working import working
from tests.pump_requests import (
    NOT_PROGRAMMABLE,
    PLUS,
    PROGRAMMABLE,
    make_request,
    program,
)


@pytest.mark.parametrize("pump", [*PROGRAMMABLE, *NOT_PROGRAMMABLE])
def test_the_working_shows_both_rates_and_both_units(pump: str) -> None:
    request = make_request(infusion_hours="24", dose_mg="2000", delivery_basis="exact_fill")
    profile = find_profile(pump)
    assert profile is not None
    lines = working(
        program(pump, infusion_hours="24", dose_mg="2000", delivery_basis="exact_fill"),
        request=request,
        profile=profile,
    )
    text = "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")
    assert "100 mL ÷ 24 hours = 4.1667 mL per hour exactly" in text
    assert "mL per 24 hours" in text
    assert "that is 100 percent" in text


def test_the_working_of_the_seed_program() -> None:
    profile = find_profile(PLUS)
    assert profile is not None
    lines = working(
        program(PLUS, infusion_hours="24"), request=make_request(infusion_hours="24"), profile=profile
    )
    assert [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines] == [
        "Volume: 100 mL, rounded down to the pump's step of 1 mL, gives 100 mL a dose.",
        "Rate: 100 mL ÷ 24 hours = 4.1667 mL per hour exactly; the pump is set to 4.2 mL per hour, its step"
        " being 0.1.",
        "Error of the rate: 0.8 percent.",
        "Check: 4.2 mL per hour × 24 hours = 100.8 mL for 100 mL asked; a dose runs for 23:48:34.",
        "In both units: 4.2 mL per hour is 100.8 mL per 24 hours.",
        "Drug rate: 4.2 mL per hour × 20 mg/mL = 84 mg per hour.",
        "Bag: 106 mL content − 5 mL prime − 1 mL residual − 100 mL doses − 0 mL KVO leaves 0 mL over.",
        "Drug: 100 mL × 20 mg/mL = 2,000 mg a dose.",
        "Expected to end 22:27:43 to 25:19:45 after the start, at an accuracy of 6 percent either way.",
    ]


def test_the_working_of_a_program_that_cannot_run() -> None:
    profile = find_profile(PLUS)
    assert profile is not None
    changes = {"volume_ml": "1", "infusion_hours": "24"}
    lines = working(program(PLUS, **changes), request=make_request(**changes), profile=profile)
    assert any("which this pump cannot run" in line for line in lines)
