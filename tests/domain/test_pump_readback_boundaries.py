"""What a read-back says at each boundary: words, mg mode, rate times time, ranges (pumps.md 2.2.5)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pump_readings import CURLIN, LEGACY_1, read_back
from tests.pump_requests import CYCLE, PLUS, SOLIS

MG = {"UNITS": "mg", "CONCEN": "20", "AMOUNT": "2000", "RATE": "200"}
# Pump, what is typed, the sheet, the field's rule and all that it says.
FIELDS: list[tuple[str, dict[str, str | None], dict[str, Any], str, str]] = [
    (
        SOLIS,
        {"KVO Rate": "0.1"},
        {},
        "R8",
        "KVO Rate shows 0.1 and the sheet says 0.0 mL/hr: perhaps left from an earlier program; it "
        "would add 1.4 mL and 28 mg of drug to each dose.",
    ),
    (
        PLUS,
        {"KVO Rate": "5.0"},
        CYCLE,
        "R8",
        "KVO Rate shows 5.0 and the sheet says 0.0 mL/hr: perhaps left from an earlier program; it "
        "would add 70 mL and 1,400 mg of drug to each dose.",
    ),
    (
        PLUS,
        {"Reservoir Volume": "Not In Use"},
        {},
        "R16",
        "Reservoir Volume shows Not In Use and the sheet says 100 mL: without a volume to count down "
        "the pump does not stop by itself.",
    ),
    (
        SOLIS,
        {"Reservoir Volume": " not in use "},
        CYCLE,
        "R16",
        "Reservoir Volume shows not in use and the sheet says 100.0 mL: without a volume to count "
        "down the pump does not stop by itself.",
    ),
    (SOLIS, {"Dose Cycle": "12:00"}, CYCLE, "read-back", "Dose Cycle shows 12:00 and the sheet says 24:00."),
    (SOLIS, {"Dose Cycle": "96:00"}, CYCLE, "read-back", "Dose Cycle shows 96:00 and the sheet says 24:00."),
    (
        SOLIS,
        {"Dose Cycle": "96:01"},
        CYCLE,
        "R12",
        "Dose Cycle shows 96:01 and the sheet says 24:00: the longest cycle of the CADD-Solis VIP "
        "2120 is shorter.",
    ),
    (
        CURLIN,
        {"DELAY Start": "24:00"},
        {},
        "R12",
        "DELAY Start shows 24:00 and the sheet says OFF: the infusion would not begin when it is started.",
    ),
    (
        CURLIN,
        {"DELAY Start": "24:01"},
        {},
        "R12",
        "DELAY Start shows 24:01 and the sheet says OFF: the Curlin 6000 CMS delays a start by 24 "
        "hours at most.",
    ),
    (
        SOLIS,
        {"Dose Starts In": "2:00"},
        CYCLE,
        "R12",
        "Dose Starts In shows 2:00 and the sheet says 0:00: the infusion would not begin when it is started.",
    ),
    (PLUS, {"Lock Level": "LL0"}, {}, "read-back", "Lock Level shows LL0 and the sheet says LL2."),
    (
        PLUS,
        {"Continuous Rate": "ten"},
        {},
        "read-back",
        "Continuous Rate shows ten and the sheet says 10.0 mL/hr.",
    ),
    (
        "sapphire",
        {"Number of Doses": "2"},
        CYCLE,
        "read-back",
        "Number of Doses shows 2 and the sheet says 1.",
    ),
    (SOLIS, {"Units": "mcg"}, {}, "read-back", "Units shows mcg and the sheet says mL."),
]


@pytest.mark.parametrize(("pump", "typed", "sheet", "rule", "said"), FIELDS)
def test_a_field_that_is_no_amount(
    pump: str, typed: dict[str, str | None], sheet: dict[str, Any], rule: str, said: str
) -> None:
    assert (rule, "refuse", said) in read_back(pump, typed, **sheet)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            {**MG, "CONCEN": "40"},
            [
                (
                    "R17",
                    "The pump counts in mg at 40 mg/mL and the label says 20 mg/mL: it would give 50 mL "
                    "where 100 mL are meant.",
                )
            ],
        ),
        (
            {**MG, "CONCEN": None},
            [("R17", "The pump counts in mg: read CONCEN, which must be 20 mg/mL as on the label.")],
        ),
        (
            {**MG, "CONCEN": "0"},
            [("R17", "The pump counts in mg: read CONCEN, which must be 20 mg/mL as on the label.")],
        ),
        (
            {**MG, "RATE": "20"},
            [
                (
                    "read-back",
                    "RATE shows 20 mg/hr and the sheet says 10.0 mL/hr: that is one 10th of what is meant:"
                    " look at the decimal point; it would run for 100 hours, 10 times too slow.",
                ),
                (
                    "R17",
                    "The pump counts in mg at 20 mg/mL. In mL that is 100 mL at 1 mL per hour. Only where"
                    " the pharmacy permits mg mode.",
                ),
                ("R4", "1 mL per hour × 10 hours is 10 mL, and the pump is set to 100 mL."),
            ],
        ),
        (
            {**MG, "AMOUNT": "100", "RATE": "10"},
            [
                ("read-back", "AMOUNT shows 100 mg and the sheet says 100.0 mL."),
                ("read-back", "RATE shows 10 mg/hr and the sheet says 10.0 mL/hr."),
                (
                    "R17",
                    "The pump counts in mg at 20 mg/mL. In mL that is 5 mL at 0.5 mL per hour. Only where"
                    " the pharmacy permits mg mode.",
                ),
            ],
        ),
        (
            {"UNITS": "ml", "CONCEN": "20"},
            [("read-back", "CONCEN shows 20 and is not on the sheet: the pump is set up in another way.")],
        ),
    ],
)
def test_r17_mg_mode(typed: dict[str, str | None], said: list[tuple[str, str]]) -> None:
    found = read_back(CURLIN, typed)
    assert [(rule, message) for rule, _, message in found] == said
    assert "refuse" in {severity for _, severity, _ in found}


def test_r17_the_unit_beside_a_number_in_mg_mode_is_mg() -> None:
    right = {"AMOUNT": "mg", "RATE": "mg/hr", "BAG Vol": "mL"}
    assert [one[:2] for one in read_back(CURLIN, MG, units=right)] == [("R17", "flag")]
    wrong = read_back(CURLIN, MG, units=right | {"AMOUNT": "mL"})
    assert [one[:2] for one in wrong] == [("read-back", "refuse"), ("R17", "flag")]


@pytest.mark.parametrize(
    ("volume", "rate", "speaks"),
    [
        # 1 percent of 100 mL is 1 mL; of 20 mL it is 0.2, and 0.5 mL is more.
        ("101", "10.0", False),
        ("102", "10.0", True),
        ("99", "10.0", True),
        ("100", "10.1", False),
        ("100", "10.2", True),
        ("100", "9.9", False),
        ("100", "9.8", True),
        ("20", "2.0", False),
    ],
)
def test_pumps_2_2_5_rate_times_time_is_the_volume(volume: str, rate: str, speaks: bool) -> None:
    found = read_back(PLUS, {"Reservoir Volume": volume, "Continuous Rate": rate}, content_ml="120")
    assert ("R4" in {rule for rule, _, message in found if "× 10 hours" in message}) == speaks


@pytest.mark.parametrize(
    ("volume", "speaks"), [("20.5", False), ("20.6", True), ("19.5", False), ("19.4", True)]
)
def test_pumps_2_2_5_half_a_millilitre_is_let_pass(volume: str, speaks: bool) -> None:
    found = read_back(SOLIS, {"Infusion Volume": volume}, volume_ml="20")
    assert ("R4" in {rule for rule, _, _ in found}) == speaks


def test_pumps_2_2_5_a_sheet_that_was_flagged_for_its_rate_is_flagged_again_and_not_refused() -> None:
    # 35 mL over 24 hours is 1.4583; the pump's 1.5 gives 36 mL.
    sheet = {"volume_ml": "35", "infusion_hours": "24"}
    ((rule, severity, message),) = read_back(PLUS, {}, **sheet)
    assert (rule, severity) == ("R4", "flag")
    assert "1.5 mL per hour × 24 hours is 36 mL, and the pump is set to 35 mL" in message
    assert ("R4", "refuse") in [one[:2] for one in read_back(PLUS, {"Lock Level": "LL0"}, **sheet)]


def test_pumps_2_2_5_a_duration_is_the_time_as_entered() -> None:
    found = read_back(PLUS, {"Dose Duration": "5:00"}, **CYCLE)
    assert [one[0] for one in found] == ["read-back"]


def test_pumps_2_2_5_a_reservoir_of_several_doses_without_a_stop_between_them() -> None:
    two: dict[str, Any] = {"doses_per_bag": 2, "content_ml": "206", "frequency": "continuous"}
    assert read_back(PLUS, {}, **two) == []
    found = read_back(PLUS, {"Continuous Rate": "20.0"}, **two)
    assert found[-1][2] == "20 mL per hour × 10 hours is 200 mL, and the pump is set to 100 mL."


@pytest.mark.parametrize(("rate", "speaks"), [("125.0", False), ("125.1", True)])
def test_r3_a_rate_beyond_the_pump(rate: str, speaks: bool) -> None:
    assert ("R3" in {one[0] for one in read_back(PLUS, {"Continuous Rate": rate})}) == speaks


@pytest.mark.parametrize(("rate", "speaks"), [("3000", False), ("3001", True)])
def test_r3_a_rate_beyond_the_pump_in_its_own_unit(rate: str, speaks: bool) -> None:
    assert ("R3" in {one[0] for one in read_back(LEGACY_1, {"Continuous Rate": rate})}) == speaks


def test_r3_ten_minutes_for_ten_hours_is_600_ml_an_hour() -> None:
    found = read_back(PLUS, {"Dose Duration": "0:10"}, **CYCLE)
    assert "600 mL per hour is more than the 125 mL per hour" in next(
        one[2] for one in found if one[0] == "R3"
    )


def test_r17_what_cannot_be_read_has_no_number_in_ml() -> None:
    unread: dict[str, str | None] = {**MG, "AMOUNT": None}
    assert [one[:2] for one in read_back(CURLIN, unread)] == [("read-back", "refuse")]
    assert [one[:2] for one in read_back(CURLIN, {**MG, "RATE": None})] == [("read-back", "refuse")]
    assert read_back(CURLIN, unread | {"CONCEN": "40"})[-1] == (
        "R17",
        "refuse",
        "The pump counts in mg at 40 mg/mL and the label says 20 mg/mL.",
    )


def test_r5_all_doses_of_the_bag_must_be_there() -> None:
    two = {**CYCLE, "doses_per_bag": 2, "content_ml": "206"}
    found = read_back(SOLIS, {"Dose Volume": "100.1", "Reservoir Volume": "200.2"}, **two)
    assert found[-1][2] == "The pump is set to 200.2 mL and the bag can deliver 200 mL: it is 0.2 mL short."
    assert read_back(SOLIS, {"Dose Volume": None}, **two, infusion_hours="10")[1:] == []


def test_what_is_not_read_is_not_checked() -> None:
    found = read_back(SOLIS, {"Infusion Volume": None, "Reservoir Volume": None})
    assert [one[0] for one in found] == ["read-back", "read-back"]
