"""An entered program against its sheet: the worked cases of pumps.md 8 and the errors of 2.5, each named."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.findings import Finding, find_verdict
from pharmacy.domain.pump_clock import check_clock
from pharmacy.domain.pump_profiles import find_profile
from pharmacy.domain.pump_readback import check_readback
from tests.pump_readings import CURLIN, LEGACY_1, plain, read_back
from tests.pump_requests import CYCLE, NOT_PROGRAMMABLE, PLUS, PROGRAMMABLE, SOLIS, make_request, program

NEW_YORK = ZoneInfo("America/New_York")


# Pump, what is typed, the sheet, and every finding in full.
CASES: dict[str, tuple[str, dict[str, str | None], dict[str, Any], list[tuple[str, str, str]]]] = {
    "07 the pump raises its reservoir": (
        SOLIS,
        {"Infusion Volume": "110", "Reservoir Volume": "110", "Infusion Time": "11:00"},
        {"content_ml": "113.26", "mg_per_ml": "17.658"},
        [
            (
                "R6",
                "refuse",
                "Reservoir Volume shows 110 and the sheet says 100.0 mL: the pump raised it by itself"
                " when a larger volume to infuse was entered.",
            ),
            ("read-back", "refuse", "Infusion Volume shows 110 and the sheet says 100.0 mL."),
            (
                "read-back",
                "refuse",
                "Infusion Time shows 11:00 and the sheet says 10:00; it would run for 11 hours, 1.1 "
                "times too slow.",
            ),
            (
                "R5",
                "refuse",
                "The pump is set to 110 mL and the bag can deliver 107.26 mL: it is 2.74 mL short.",
            ),
        ],
    ),
    "17 a delayed start of 36 hours": (
        CURLIN,
        {"DELAY Start": "36:00"},
        {},
        [
            (
                "R12",
                "refuse",
                "DELAY Start shows 36:00 and the sheet says OFF: the Curlin 6000 CMS delays a start "
                "by 24 hours at most.",
            )
        ],
    ),
    "18 mg mode": (
        CURLIN,
        {"UNITS": "mg", "CONCEN": "20", "AMOUNT": "2000", "RATE": "200"},
        {},
        [
            (
                "R17",
                "flag",
                "The pump counts in mg at 20 mg/mL. In mL that is 100 mL at 10 mL per hour. Only "
                "where the pharmacy permits mg mode.",
            )
        ],
    ),
    "25 '10' copied to a pump that counts in mL per 24 hours": (
        LEGACY_1,
        {"Continuous Rate": "10"},
        {},
        [
            (
                "R14",
                "refuse",
                "Continuous Rate shows 10 and the sheet says 240 mL/24 hrs: that is the mL-per-hour "
                "number; this pump counts in mL per 24 hours; it would run for 240 hours, 24 times "
                "too slow.",
            ),
            ("R4", "refuse", "0.42 mL per hour × 10 hours is 4.17 mL, and the pump is set to 100 mL."),
        ],
    ),
    "26 '240' copied to a pump that counts in mL per hour": (
        PLUS,
        {"Continuous Rate": "240"},
        {},
        [
            (
                "R14",
                "refuse",
                "Continuous Rate shows 240 and the sheet says 10.0 mL/hr: that is the number for mL "
                "per 24 hours; this pump counts in mL per hour; it would run for 0:25:00, 24 times "
                "too fast.",
            ),
            ("R4", "refuse", "240 mL per hour × 10 hours is 2,400 mL, and the pump is set to 100 mL."),
            (
                "R3",
                "refuse",
                "240 mL per hour is more than the 125 mL per hour of the CADD-Legacy PLUS 6500.",
            ),
        ],
    ),
    "37 two of three days by a 200 mL bag on a cycle": (
        PLUS,
        {
            "Continuous Rate": None,
            "Reservoir Volume": "200",
            "Dose Volume": "100.0",
            "Dose Duration": "10:00",
            "Dose Cycle": "24:00",
        },
        {"frequency": "2 of every 3 days"},
        [
            ("read-back", "refuse", "Continuous Rate was not read: type what the screen shows there."),
            (
                "read-back",
                "refuse",
                "Dose Volume shows 100.0 and is not on the sheet: the pump is not in continuous mode.",
            ),
            (
                "read-back",
                "refuse",
                "Dose Duration shows 10:00 and is not on the sheet: the pump is not in continuous mode.",
            ),
            (
                "R13",
                "refuse",
                "Dose Cycle shows 24:00 and is not on the sheet: the pump is not in continuous mode. "
                "No cycle can hold 2 of every 3 days.",
            ),
            (
                "R7",
                "refuse",
                "Reservoir Volume shows 200 and the sheet says 100 mL: that is 2 doses: the next "
                "would run without anybody at the pump.",
            ),
            (
                "R7",
                "refuse",
                "The reservoir is set to 2 doses: the pump starts each by itself, and bag and needle "
                "stay in for 34 hours.",
            ),
        ],
    ),
    "49 rate and volume swapped": (
        PLUS,
        {"Continuous Rate": "100", "Reservoir Volume": "10"},
        {},
        [
            (
                "R4",
                "refuse",
                "Reservoir Volume shows 10 and the sheet says 100 mL: rate and volume are swapped.",
            ),
            (
                "R4",
                "refuse",
                "Continuous Rate shows 100 and the sheet says 10.0 mL/hr: rate and volume are "
                "swapped; it would run for 0:06:00, 100 times too fast.",
            ),
            ("R4", "refuse", "100 mL per hour × 10 hours is 1,000 mL, and the pump is set to 10 mL."),
        ],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=[f"pumps-8-case-{name}" for name in CASES])
def test_worked_cases_of_an_entered_program(case: Any) -> None:
    pump, typed, sheet, said = case
    assert read_back(pump, typed, **sheet) == said


def test_pumps_8_case_53_the_night_that_the_clocks_go_forward() -> None:
    start = datetime(2025, 3, 8, 21, tzinfo=NEW_YORK)
    found = check_clock(start, zone=NEW_YORK, run_hours=Fraction(10), cycle_hours=Fraction(24))
    assert [plain(one) for one in found] == [
        (
            "R20",
            "flag",
            "The clocks change during this run: 10 hours from Sat 8 Mar 2025 21:00 EST end at"
            " Sun 9 Mar 2025 08:00 EDT.",
        ),
        (
            "R20",
            "flag",
            "The pump's cycle does not follow the clocks: it starts again at Sun 9 Mar 2025 22:00 EDT.",
        ),
    ]


@pytest.mark.parametrize(
    ("start", "hours", "cycle", "ends"),
    [
        (datetime(2025, 3, 7, 21, tzinfo=NEW_YORK), "10", None, []),
        # 02:00 EST is the first instant of summer time: a run that ends then has crossed it.
        (datetime(2025, 3, 8, 21, tzinfo=NEW_YORK), "4.999", None, []),
        (datetime(2025, 3, 8, 21, tzinfo=NEW_YORK), "5", None, ["Sun 9 Mar 2025 03:00 EDT"]),
        (datetime(2025, 11, 1, 21, tzinfo=NEW_YORK), "10", None, ["Sun 2 Nov 2025 06:00 EST"]),
        (datetime(2025, 11, 1, 12, tzinfo=NEW_YORK), "10", "24", ["Sun 2 Nov 2025 11:00 EST"]),
        (datetime(2025, 11, 1, 12, tzinfo=NEW_YORK), "10", None, []),
    ],
)
def test_a_run_is_flagged_only_when_the_clocks_change(
    start: datetime, hours: str, cycle: str | None, ends: list[str]
) -> None:
    found = check_clock(
        start, zone=NEW_YORK, run_hours=Fraction(hours), cycle_hours=Fraction(cycle) if cycle else None
    )
    assert len(found) == len(ends)
    assert all(end in one.message for end, one in zip(ends, found, strict=True))


SHEETS = [
    (pump, mode, hours)
    for pump in PROGRAMMABLE
    for mode in ("continuous", "intermittent")
    for hours in ("10", "7", "9.5")
    if program(pump, mode=mode, infusion_hours=hours).settings
]


@pytest.mark.parametrize(("pump", "mode", "hours"), SHEETS)
def test_a_sheet_read_back_as_it_is_agrees(pump: str, mode: str, hours: str) -> None:
    sheet = {"mode": mode, "infusion_hours": hours}
    units = {one.field: one.unit for one in program(pump, **sheet).settings}
    assert read_back(pump, {}, **sheet) == []
    assert read_back(pump, {}, units=units, **sheet) == []


@pytest.mark.parametrize("pump", NOT_PROGRAMMABLE)
def test_a_device_that_is_only_filled_agrees_with_its_sheet(pump: str) -> None:
    assert read_back(pump, {}, volume_ml="50", content_ml="56", infusion_hours="5") == []


@pytest.mark.parametrize(("pump", "mode", "hours"), SHEETS)
def test_any_one_field_that_differs_stops(pump: str, mode: str, hours: str) -> None:
    sheet = {"mode": mode, "infusion_hours": hours}
    for one in program(pump, **sheet).settings:
        for other in ("other words", None, "77:07" if ":" in one.shown else "7.77"):
            found = read_back(pump, {one.field: other}, **sheet)
            assert find_verdict([Finding(rule, severity, "") for rule, severity, _ in found]) == "refuse", (  # type: ignore[arg-type]
                one.field,
                other,
            )


@given(
    st.sampled_from(["Infusion Volume", "Infusion Rate", "Reservoir Volume", "KVO Rate"]),
    st.decimals("0", "9999", places=1),
)
def test_a_number_agrees_only_when_it_is_the_same_number(field: str, typed: Decimal) -> None:
    sheet = {one.field: one.shown for one in program(SOLIS).settings}
    found = read_back(SOLIS, {field: f"{typed:f}"})
    assert (not found) == (Fraction(typed) == Fraction(sheet[field]))
    assert not found or "refuse" in {severity for _, severity, _ in found}


def test_r7_a_cycle_with_more_doses_in_the_reservoir_than_the_bag_was_made_for() -> None:
    two = {**CYCLE, "doses_per_bag": 2, "content_ml": "206"}
    assert read_back(PLUS, {}, **two) == []
    found = read_back(PLUS, {"Reservoir Volume": "300"}, **two)
    assert "3 doses: the pump starts each by itself, and bag and needle stay in for 58 hours" in found[-1][2]
    assert "R7" not in {one[0] for one in read_back(PLUS, {"Reservoir Volume": "299"}, **two)}


def test_a_reservoir_that_counts_the_prime_is_read_back_whole() -> None:
    assert read_back(SOLIS, {}, prime_by_pump=True) == []
    assert read_back(SOLIS, {}, prime_by_pump=True, **CYCLE) == []
    assert read_back(PLUS, {}, prime_by_pump=True) == []


def test_a_sheet_of_another_pump_or_mode_is_an_error_of_the_program() -> None:
    profile = find_profile(PLUS)
    assert profile is not None
    for settings in (program(SOLIS).settings, program(PLUS, **CYCLE).settings, ()):
        with pytest.raises(ValueError, match="cadd-legacy-plus in continuous mode"):
            check_readback({}, settings=settings, request=make_request(), profile=profile)
