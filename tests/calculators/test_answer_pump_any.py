"""The worked cases of pumps.md section 8 that name no pump, asked of every pump that can be programmed."""

from __future__ import annotations

import pytest

from tests.pump_answers import answer
from tests.pump_requests import PROGRAMMABLE

# 'Add to bag' with the mean overfill: 113.26 mL at 17.658 mg/mL.
ADDED = {"content_mL": "113.26", "mg_per_mL": "17.658", "dose_mg": "2000"}


@pytest.mark.parametrize("pump", PROGRAMMABLE)
@pytest.mark.parametrize(("basis", "verdict"), [("nominal_volume", "refuse"), ("whole_bag", "flag")])
def test_pumps_8_case_11_an_overfilled_bag_set_to_its_nominal_volume(
    pump: str, basis: str, verdict: str
) -> None:
    made = answer(pump=pump, **ADDED, delivery_basis=basis)
    assert (made["verdict"], made["delivered_mg"]) == (verdict, "1766")
    assert {one["rule"]: one["severity"] for one in made["findings"]}["R15"] == verdict
    assert any("88.29 percent of the dose" in one["message"] for one in made["findings"])


@pytest.mark.parametrize("pump", PROGRAMMABLE)
def test_pumps_8_case_12_an_exact_fill_gives_the_whole_dose(pump: str) -> None:
    made = answer(pump=pump, dose_mg="2000", delivery_basis="exact_fill")
    assert (made["verdict"], made["delivered_mg"], made["rate_mL_per_h"]) == ("ok", "2000", "10")
    assert "R15" not in {one["rule"] for one in made["findings"]}


@pytest.mark.parametrize("mode", ["continuous", "intermittent"])
@pytest.mark.parametrize("pump", PROGRAMMABLE)
def test_pumps_8_case_33_an_infusion_longer_than_its_cycle_is_refused(pump: str, mode: str) -> None:
    made = answer(pump=pump, mode=mode, infusion_hours="14", frequency="every 12 hours")
    assert (made["verdict"], made["settings"]) == ("refuse", [])
    assert ("R12", "refuse") in {(one["rule"], one["severity"]) for one in made["findings"]}


@pytest.mark.parametrize("frequency", ["Monday, Wednesday and Friday", "MWF", "2 of every 3 days"])
@pytest.mark.parametrize("pump", PROGRAMMABLE)
def test_pumps_8_case_39_a_calendar_schedule_is_a_single_run_and_never_a_cycle(
    pump: str, frequency: str
) -> None:
    once = answer(pump=pump, frequency=frequency)
    assert once["verdict"] == "ok"
    assert ("R13", "note") in {(one["rule"], one["severity"]) for one in once["findings"]}
    assert once["settings"] == answer(pump=pump)["settings"]
    cycle = answer(pump=pump, frequency=frequency, mode="intermittent")
    assert (cycle["verdict"], cycle["settings"]) == ("refuse", [])
    assert ("R13", "refuse") in {(one["rule"], one["severity"]) for one in cycle["findings"]}
