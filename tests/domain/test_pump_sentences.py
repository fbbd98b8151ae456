"""What a pharmacist reads about a program: the sentence of each finding, in full."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pump_requests import CYCLE, IV, PLUS, SOLIS, program

# Pump, what differs from the seed program, the rule, and all that it says.
SENTENCES: list[tuple[str, dict[str, Any], str, str]] = [
    (
        PLUS,
        {**CYCLE, **IV, "volume_ml": "500", "infusion_hours": "3", "content_ml": "600"},
        "R3",
        "refuse: The rate would be 166.67 mL per hour; the CADD-Legacy PLUS 6500 runs 0.1 to 125.",
    ),
    (
        SOLIS,
        {"volume_ml": "19.9", "content_ml": "26"},
        "R3",
        "note: The exact rate is 1.99 mL per hour and the pump's is 2, an error of 0.5 percent.",
    ),
    (
        PLUS,
        {**CYCLE, **IV, "infusion_hours": "6.999"},
        "R3",
        "note: The exact rate is 14.2878 mL per hour and the pump's is 14.2857, an error of -0.01 percent.",
    ),
    (
        SOLIS,
        {"dose_mg": "2200.555", "delivery_basis": "nominal_volume"},
        "R15",
        "flag: 2,000 mg of 2,200.56 mg are delivered, 90.89 percent of the dose.",
    ),
    (
        PLUS,
        {**CYCLE, **IV, "volume_ml": "1001", "content_ml": "1500"},
        "R2",
        "refuse: Dose Volume would be 1,001; the CADD-Legacy PLUS 6500 takes 0.1 to 1,000 in mL there.",
    ),
    ("cadd-legacy-1", CYCLE, "R2", "refuse: The CADD-Legacy 1 6400 has no intermittent mode."),
    (
        "sapphire",
        {"route": "intraperitoneal"},
        "R2",
        "flag: The routes known for the Eitan Sapphire do not include intraperitoneal.",
    ),
    (
        "curlin-6000",
        {},
        "R2",
        "note: The route chosen on this pump caps its rate, and the cap for subcutaneous infusion is "
        "not in the profile: read it in the manual before the pump is used.",
    ),
    (
        "cadd-prizm-vip",
        {**CYCLE, **IV},
        "R2",
        "note: Next Dose Start Time is a clock time on this pump: set it from the order when the pump "
        "is programmed.",
    ),
    (
        "freedom60",
        {"volume_ml": "50", "content_ml": "56"},
        "R2",
        "note: The tubing and the needle set the rate of this device. Its expected window is not in the"
        " profile: take it from the maker's table for the tubing code, and time the first run.",
    ),
    (
        PLUS,
        {"volume_ml": "1", "infusion_hours": "24", "content_ml": "7"},
        "R3",
        "refuse: 0.0417 mL per hour is 0 at the step of the CADD-Legacy PLUS 6500: nothing would run.",
    ),
    (
        PLUS,
        {**IV, "volume_ml": "126", "infusion_hours": "1", "content_ml": "150"},
        "R3",
        "refuse: The rate would be 126 mL per hour; the CADD-Legacy PLUS 6500 runs 0.1 to 125.",
    ),
    (
        "cadd-legacy-1",
        {**IV, "volume_ml": "126", "infusion_hours": "1", "content_ml": "150"},
        "R3",
        "refuse: The rate would be 3,024 mL per 24 hours; the CADD-Legacy 1 6400 runs 1 to 3,000.",
    ),
    (
        SOLIS,
        {"infusion_hours": "24"},
        "R3",
        "note: The exact rate is 4.1667 mL per hour and the pump's is 4.2, an error of 0.8 percent.",
    ),
    (
        SOLIS,
        {"volume_ml": "9.9", "content_ml": "16"},
        "R3",
        "flag: The exact rate is 0.99 mL per hour and the pump's is 1, an error of 1.01 percent.",
    ),
    (
        SOLIS,
        {"volume_ml": "2", "infusion_hours": "18.9", "content_ml": "8.5"},
        "R3",
        "refuse: The exact rate is 0.1058 mL per hour and the pump's is 0.1, an error of -5.5 percent.",
    ),
    (
        PLUS,
        {**CYCLE, **IV, "infusion_hours": "9.999999"},
        "R3",
        "note: The exact rate is 10 mL per hour and the pump's is 10, an error of less than 0.01 percent.",
    ),
    (
        SOLIS,
        {"infusion_hours": "14", "frequency": "every 12 hours"},
        "R12",
        "refuse: An infusion of 14 hours overlaps the next one, 12 hours after its start.",
    ),
    (
        SOLIS,
        {**CYCLE, **IV, "infusion_hours": "24"},
        "R12",
        "refuse: An infusion of 24 hours leaves no idle time in a cycle of 24 hours. Use the continuous"
        " mode.",
    ),
    (
        "bodyguard-323",
        {**CYCLE, **IV},
        "R12",
        "refuse: The longest cycle of the BodyGuard 323 is not known: read it in its manual.",
    ),
    (
        SOLIS,
        {**CYCLE, **IV, "frequency": "every 5 days"},
        "R12",
        "refuse: A cycle of 120 hours is longer than the 96 hours of the CADD-Solis VIP 2120. Use a "
        "single continuous run and the calendar.",
    ),
    (
        SOLIS,
        {"frequency": "MWF"},
        "R13",
        "note: One run each time the pump is started. The pump does not know weekly on Monday, "
        "Wednesday, Friday: the calendar tells the days.",
    ),
    (
        SOLIS,
        {**CYCLE, **IV, "frequency": "2 of every 3 days"},
        "R13",
        "refuse: No pump cycle can hold 2 of every 3 days. Program a single continuous run and start it"
        " by the calendar.",
    ),
    (
        "cadd-legacy-1",
        {"infusion_hours": "7"},
        "R14",
        "note: This pump counts in mL per 24 hours: 343 mL per 24 hours is 14.29 mL per hour.",
    ),
    (
        SOLIS,
        {"dose_mg": "2200", "delivery_basis": "nominal_volume"},
        "R15",
        "flag: 2,000 mg of 2,200 mg are delivered, 90.91 percent of the dose.",
    ),
    (
        SOLIS,
        CYCLE,
        "R25",
        "flag: The pump starts the next dose by itself after 14 hours idle, where the patient has "
        "disconnected.",
    ),
    (
        "elastomeric",
        {},
        "window",
        "note: Expected to end between 8:41:44 and 11:45:53 after the start, at 15 percent either way.",
    ),
    (
        SOLIS,
        {"volume_ml": "251", "content_ml": "300", "mg_per_ml": "1"},
        "R9",
        "flag: The rate at each site is 25.1 mL per hour; more than 25 mL per hour is above the soft limit.",
    ),
    (
        SOLIS,
        {"volume_ml": "504", "infusion_hours": "21", "content_ml": "600", "mg_per_ml": "1"},
        "R9",
        "flag: The volume at each site in 24 hours is 504 mL; more than 500 mL is above the soft limit.",
    ),
    (
        SOLIS,
        {"volume_ml": "1320", "infusion_hours": "10", "sites": 2, "content_ml": "1400", "mg_per_ml": "1"},
        "R9",
        "refuse: The rate at each site is 66 mL per hour; more than 60 mL per hour is above the hard "
        "limit. / flag: The volume at each site in 24 hours is 660 mL; more than 500 mL is above the "
        "soft limit.",
    ),
    (
        SOLIS,
        {"mg_per_ml": "40.0001", "volume_ml": "10", "content_ml": "17"},
        "R10",
        "flag: The concentration is a little more than 40 mg/mL; more than 40 mg/mL is above the soft limit.",
    ),
    (
        SOLIS,
        {"mosm_per_l": "900.1"},
        "R10",
        "refuse: The osmolarity is 900.1 mOsm/L; more than 900 mOsm/L is above the hard limit.",
    ),
    (
        SOLIS,
        {"volume_ml": "75.1", "infusion_hours": "1", "content_ml": "100"},
        "R11",
        "refuse: The drug given in an hour is 1,502 mg per hour; more than 1,500 mg per hour is above "
        "the hard limit.",
    ),
    (
        SOLIS,
        {"volume_ml": "201", "infusion_hours": "20", "content_ml": "220"},
        "R11",
        "flag: The drug given in any 24 hours is 4,020 mg; more than 4,000 mg is above the soft limit.",
    ),
]


@pytest.mark.parametrize(("pump", "changes", "rule", "said"), SENTENCES)
def test_the_rule_says_in_full(pump: str, changes: dict[str, Any], rule: str, said: str) -> None:
    found = [
        f"{one.severity}: {one.message}" for one in program(pump, **changes).findings if one.rule == rule
    ]
    assert " / ".join(found).replace("\N{NO-BREAK SPACE}", " ") == said
