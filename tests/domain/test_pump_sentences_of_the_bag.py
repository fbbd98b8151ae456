"""What a pharmacist reads about a bag's volume: the sentence of each finding, in full (R4 to R8)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pump_requests import CYCLE, IV, PLUS, SOLIS, program

# Pump, what differs from the seed program, the rule, and all that it says.
SENTENCES: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "elastomeric",
        {"content_ml": "106.5"},
        "R4",
        "flag: The elastomeric device empties itself: it gives 0.5 mL more than was ordered.",
    ),
    (
        SOLIS,
        {"content_ml": "105.5"},
        "R5",
        "refuse: The program needs 100 mL, and 99.5 mL can be delivered: 105.5 mL less 5 mL to prime "
        "and 1 mL left in the bag. It is 0.5 mL short.",
    ),
    (
        SOLIS,
        {**CYCLE, **IV, "kvo_ml_per_h": "0.1", "content_ml": "106"},
        "R5",
        "refuse: The program needs 101.4 mL, and 100 mL can be delivered: 106 mL less 5 mL to prime and"
        " 1 mL left in the bag. It is 1.4 mL short.",
    ),
    (
        "freedom60",
        {"volume_ml": "54", "content_ml": "61"},
        "R5",
        "refuse: The Freedom60 holds 60 mL, less than the 61 mL to be filled.",
    ),
    (
        SOLIS,
        {"prime_by_pump": True},
        "R6",
        "note: Reservoir Volume includes 5 mL that the pump counts down as it primes: set it before.",
    ),
    (
        PLUS,
        {"prime_by_pump": True},
        "R6",
        "note: Prime first, then set Reservoir Volume: it is not known that this pump counts its prime down.",
    ),
    (
        PLUS,
        {**CYCLE, "volume_ml": "99.5"},
        "R6",
        "note: Reservoir Volume goes up to a whole 1 mL to hold the doses.",
    ),
    (
        PLUS,
        {**CYCLE, **IV, "doses_per_bag": 2, "content_ml": "250", "kvo_ml_per_h": "0.1"},
        "R6",
        "flag: Reservoir Volume counts the doses only, and KVO takes 2.8 mL of it: the last ends short.",
    ),
    (
        "curlin-6000",
        {**IV, "volume_ml": "100.9", "content_ml": "100.9", "prime_ml": "0", "residual_ml": "0"},
        "R6",
        "refuse: BAG Vol would be 100 mL, less than the 100.9 mL that the pump takes from it.",
    ),
    (
        PLUS,
        {
            **IV,
            "volume_ml": "10000",
            "infusion_hours": "90",
            "content_ml": "19000",
            "frequency": "every 4 days",
        },
        "R6",
        "refuse: Reservoir Volume would be 10,000; the CADD-Legacy PLUS 6500 takes 1 to 9,999 in mL there.",
    ),
    (
        SOLIS,
        {"content_ml": "206"},
        "R7",
        "flag: After 1 dose the bag still holds 100 mL, enough for another dose.",
    ),
    (
        SOLIS,
        {**CYCLE, **IV, "content_ml": "306", "doses_per_bag": 2},
        "R7",
        "flag: After 2 doses the bag still holds 100 mL, enough for another dose.",
    ),
    (
        "elastomeric",
        {"content_ml": "206"},
        "R7",
        "refuse: After 1 dose the bag still holds 100 mL, enough for another dose.",
    ),
    (
        SOLIS,
        {"content_ml": "206", "doses_per_bag": 2},
        "R7",
        "flag: The bag holds 2 doses: starting the pump again gives the next one at once.",
    ),
    (
        PLUS,
        {"content_ml": "206", "doses_per_bag": 2},
        "R7",
        "refuse: The CADD-Legacy PLUS 6500 does not stop between doses in this mode: 2 doses would run "
        "as one.",
    ),
    (
        "elastomeric",
        {"content_ml": "107.5"},
        "R4",
        "flag: The elastomeric device empties itself: it gives 1.5 mL more than was ordered.",
    ),
    (
        SOLIS,
        {**CYCLE, "kvo_ml_per_h": "0.1", "content_ml": "120"},
        "R8",
        "refuse: KVO must be 0 subcutaneously: there is no vein to keep open, and it would add 28 mg of"
        " drug.",
    ),
    (
        PLUS,
        {**IV, "kvo_ml_per_h": "0.1", "content_ml": "120"},
        "R8",
        "refuse: The CADD-Legacy PLUS 6500 has no KVO field in continuous mode.",
    ),
    (
        "bodyguard-323",
        {**IV, "kvo_ml_per_h": "0.1", "content_ml": "120"},
        "R8",
        "refuse: The range of KVO on the BodyGuard 323 is not known.",
    ),
    (
        SOLIS,
        {**CYCLE, **IV, "kvo_ml_per_h": "10.1", "content_ml": "300"},
        "R8",
        "refuse: KVO Rate on the CADD-Solis VIP 2120 goes to 10 in steps of 0.1, not to 10.1.",
    ),
    (
        SOLIS,
        {**CYCLE, **IV, "kvo_ml_per_h": "0.15", "content_ml": "300"},
        "R8",
        "refuse: KVO Rate on the CADD-Solis VIP 2120 goes to 10 in steps of 0.1, not to 0.15.",
    ),
]


@pytest.mark.parametrize(("pump", "changes", "rule", "said"), SENTENCES)
def test_the_rule_says_in_full(pump: str, changes: dict[str, Any], rule: str, said: str) -> None:
    found = [
        f"{one.severity}: {one.message}" for one in program(pump, **changes).findings if one.rule == rule
    ]
    assert " / ".join(found).replace("\N{NO-BREAK SPACE}", " ") == said
