"""The worked cases of pumps.md section 8 that `pharmacy calc pump` can be asked, each by its number.

Rows for any pump are in test_answer_pump_any.py. Those about a program read off the screen, a delay, mg mode
or a date (7, 17, 18, 25, 26, 37, 49, 53) are in tests/domain/test_pump_readback.py, the window of case 52 in
tests/domain/test_pump_published.py.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from tests.pump_answers import answer
from tests.pump_requests import CYCLE, PLUS, SOLIS

# 'Add to bag' with the mean overfill: 113.26 mL at 17.658 mg/mL.
ADDED = {"content_mL": "113.26", "mg_per_mL": "17.658", "dose_mg": "2000"}


class Case(NamedTuple):
    pump: str
    given: dict[str, Any]
    verdict: str
    # What the pump shows, in screen order; empty where the program is refused.
    shows: dict[str, str]
    # Rate, error percent, running time, mg delivered, mg per hour.
    numbers: tuple[str | None, ...]
    # Every rule that speaks, and how gravely.
    speaks: dict[str, str]
    # What is said.
    words: tuple[str, ...] = ()


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


CURLIN_RUN = {
    "Therapy": "Continuous",
    "UNITS": "ml",
    "DELAY Start": "OFF",
    "BAG Vol": "106",
    "AMOUNT": "100.0",
    "RATE": "10.0",
    "TIME": "10:00",
    "KVO": "0.0",
}
TEN = ("10", "0", "10:00:00", "2000", "200")
WHOLE, NOMINAL = {"delivery_basis": "whole_bag"}, {"delivery_basis": "nominal_volume"}
IDLE, NO_KVO, SHORT = {"R25": "flag"}, {"R8": "refuse"}, {"R5": "refuse"}
DAYS = {"R13": "note"}
HALF = ("10", "0", "5:00:00", "1000", "200")
PREMIX = {"volume_mL": "50", "mg_per_mL": "40", "mosm_per_L": "325", "dose_mg": "2000", **NOMINAL}
FIVE = ("5", "0", "10:00:00", "2000", "200")

CASES = {
    "01": Case(PLUS, {}, "ok", legacy("100", "10.0"), TEN, {}),
    "02": Case(
        PLUS, CYCLE, "flag", legacy_cycle("100", "100.0", "10:00", "24:00"), TEN, IDLE, ("14 hours idle",)
    ),
    "03": Case(
        PLUS,
        {**CYCLE, "kvo_mL_per_h": "0.1"},
        "refuse",
        {},
        TEN,
        SHORT | NO_KVO | IDLE,
        ("needs 101.4 mL, and 100 mL can be delivered", "It is 1.4 mL short.", "it would add 28 mg of drug"),
    ),
    "04": Case(
        PLUS,
        {**CYCLE, "kvo_mL_per_h": "5"},
        "refuse",
        {},
        TEN,
        SHORT | NO_KVO | IDLE,
        ("It is 70 mL short.", "it would add 1,400 mg of drug"),
    ),
    "05": Case(SOLIS, {}, "ok", solis("100.0", "10.0", "10:00"), TEN, {}),
    "07, asked as a program": Case(
        SOLIS,
        {"volume_mL": "110", "content_mL": "113.26", "mg_per_mL": "17.658"},
        "refuse",
        {},
        ("11", "0", "10:00:00", "1942", "194.2"),
        SHORT,
        ("107.26 mL can be delivered", "It is 2.74 mL short."),
    ),
    "08": Case(
        SOLIS,
        {**ADDED, **NOMINAL, "volume_mL": "104"},
        "flag",
        solis("104.0", "10.4", "10:00"),
        ("10.4", "0", "10:00:00", "1836", "183.6"),
        {"R15": "flag"},
        ("1,836 mg of 2,000 mg are delivered, 91.82 percent",),
    ),
    "08, whole bag": Case(
        SOLIS,
        {**ADDED, **WHOLE, "volume_mL": "104"},
        "ok",
        solis("104.0", "10.4", "10:00"),
        ("10.4", "0", "10:00:00", "1836", "183.6"),
        {"R15": "note"},
    ),
    "13": Case("curlin-6000", {}, "ok", CURLIN_RUN, TEN, {"R2": "note"}),
    "15": Case(
        "curlin-6000",
        {**CYCLE, "frequency": "every 48 hours"},
        "refuse",
        {},
        TEN,
        {"R2": "note", "R12": "refuse"} | IDLE,
        ("A cycle of 48 hours is longer than the 24 hours", "Use a single continuous run and the calendar."),
    ),
    "15, as a single run": Case(
        "curlin-6000", {"frequency": "every 48 hours"}, "ok", CURLIN_RUN, TEN, {"R2": "note"}
    ),
    "20": Case(
        "sapphire", {}, "ok", {"VTBI": "100.0", "Time": "10:00", "Rate": "10.0", "KVO": "0.0"}, TEN, {}
    ),
    "23": Case(
        "bodyguard-323", {}, "ok", {"VTBI": "100.0", "Rate": "10.0", "Time": "10:00", "KVO": "0"}, TEN, {}
    ),
    "24": Case(
        "cadd-legacy-1",
        {},
        "ok",
        {"Reservoir Volume": "100", "Continuous Rate": "240"},
        TEN,
        {"R14": "note"},
        ("240 mL per 24 hours is 10 mL per hour",),
    ),
    "27": Case(
        PLUS,
        {"infusion_hours": "24"},
        "ok",
        legacy("100", "4.2"),
        ("4.2", "0.8", "23:48:34", "2000", "84"),
        {"R3": "note"},
        ("4.1667 mL per hour and the pump's is 4.2, an error of 0.8 percent",),
    ),
    "31": Case(
        PLUS,
        {
            **CYCLE,
            "volume_mL": "50",
            "infusion_hours": "5",
            "frequency": "every 12 hours",
            "doses_per_bag": 2,
        },
        "flag",
        legacy_cycle("100", "50.0", "5:00", "12:00"),
        HALF,
        IDLE,
    ),
    "34": Case(
        PLUS,
        {**CYCLE, "infusion_hours": "24"},
        "refuse",
        {},
        ("4.2", "0", "24:00:00", "2000", "83.3"),
        {"R12": "refuse"},
        ("leaves no idle time in a cycle of 24 hours. Use the continuous mode.",),
    ),
    "35": Case(PLUS, {"frequency": "2 of every 3 days"}, "ok", legacy("100", "10.0"), TEN, DAYS),
    "37, asked as a cycle": Case(
        PLUS,
        {**CYCLE, "frequency": "2 of every 3 days", "content_mL": "206", "doses_per_bag": 2},
        "refuse",
        {},
        TEN,
        {"R13": "refuse"} | IDLE,
        ("No pump cycle can hold 2 of every 3 days.",),
    ),
    "38": Case(PLUS, {"frequency": "every 48 hours"}, "ok", legacy("100", "10.0"), TEN, {}),
    "38, as a cycle": Case(
        PLUS,
        {**CYCLE, "frequency": "every 48 hours"},
        "flag",
        legacy_cycle("100", "100.0", "10:00", "48:00"),
        TEN,
        IDLE,
        ("38 hours idle",),
    ),
    "40": Case(SOLIS, {**PREMIX, "content_mL": "56"}, "ok", solis("50.0", "5.0", "10:00"), FIVE, {}),
    "41": Case(
        SOLIS,
        {**PREMIX, "content_mL": "106"},
        "flag",
        solis("50.0", "5.0", "10:00"),
        FIVE,
        {"R7": "flag"},
        ("After 1 dose the bag still holds 50 mL, enough for another dose.",),
    ),
    "42": Case(
        PLUS,
        {"volume_mL": "1", "infusion_hours": "24", "content_mL": "7.5"},
        "refuse",
        {},
        ("0", "-100", None, None, "0"),
        {"R3": "refuse"},
        ("0.0417 mL per hour is 0 at the step",),
    ),
    "45": Case(
        "sapphire",
        {"volume_mL": "15", "mg_per_mL": "230", "content_mL": "21"},
        "refuse",
        {},
        ("1.5", "0", "10:00:00", "3450", "345"),
        {"R10": "refuse"},
        ("230 mg/mL; more than 200 mg/mL is above the hard limit",),
    ),
    "47": Case(
        SOLIS,
        {"infusion_hours": "1"},
        "refuse",
        {},
        ("100", "0", "1:00:00", "2000", "2000"),
        {"R9": "refuse", "R11": "refuse"},
        ("100 mL per hour; more than 60 mL per hour", "2,000 mg per hour; more than 1,500 mg per hour"),
    ),
    "50": Case(
        "freedom60",
        {},
        "refuse",
        {},
        TEN,
        {"R2": "note", "R5": "refuse"},
        ("holds 60 mL, less than the 106 mL",),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=[f"pumps-8-case-{name}" for name in CASES])
def test_worked_cases(case: Case) -> None:
    made = answer(pump=case.pump, **case.given)
    assert made["verdict"] == case.verdict, made["findings"]
    assert [(one["field"], one["shown"]) for one in made["settings"]] == list(case.shows.items())
    keys = ("rate_mL_per_h", "error_percent", "runs_for", "delivered_mg", "mg_per_hour")
    assert tuple(made[key] for key in keys) == case.numbers
    assert {one["rule"]: one["severity"] for one in made["findings"]} == case.speaks
    said = " ".join(one["message"] for one in made["findings"]).replace("\N{NO-BREAK SPACE}", " ")
    assert all(words in said for words in case.words), said
    assert made["profile_verified"] is False
