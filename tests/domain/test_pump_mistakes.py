"""The likely mistake that a read-back names, in full (pumps.md 2.5)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pharmacy.domain.pump_readback import BagNumbers
from tests.pump_readings import CURLIN, LEGACY_1, read_back
from tests.pump_requests import CYCLE, PLUS, SOLIS

# Pump, what is typed, the sheet, the field's rule and all that it says.
MISTAKES: list[tuple[str, dict[str, str | None], dict[str, Any], str, str]] = [
    (
        PLUS,
        {"Continuous Rate": "1.0"},
        {},
        "read-back",
        "Continuous Rate shows 1.0 and the sheet says 10.0 mL/hr: that is one 10th of what is meant: look"
        " at the decimal point; it would run for 100 hours, 10 times too slow.",
    ),
    (
        SOLIS,
        {"Infusion Rate": "125.0"},
        {"infusion_hours": "8"},
        "read-back",
        "Infusion Rate shows 125.0 and the sheet says 12.5 mL/hr: that is 10 times what is meant: "
        "look at the decimal point; it would run for 0:48:00, 10 times too fast.",
    ),
    (
        SOLIS,
        {"Infusion Rate": "1000"},
        {},
        "read-back",
        "Infusion Rate shows 1000 and the sheet says 10.0 mL/hr: that is 100 times what is meant: "
        "look at the decimal point; it would run for 0:06:00, 100 times too fast.",
    ),
    (
        SOLIS,
        {"Infusion Rate": "0.1"},
        {},
        "read-back",
        "Infusion Rate shows 0.1 and the sheet says 10.0 mL/hr: that is one 100th of what is meant: look "
        "at the decimal point; it would run for 1,000 hours, 100 times too slow.",
    ),
    (
        SOLIS,
        {"Infusion Volume": "1000"},
        {},
        "read-back",
        "Infusion Volume shows 1000 and the sheet says 100.0 mL: that is 10 times what is meant: look"
        " at the decimal point.",
    ),
    (
        SOLIS,
        {"Infusion Volume": "0.1"},
        {},
        "read-back",
        "Infusion Volume shows 0.1 and the sheet says 100.0 mL: that is one 1,000th of what is meant: "
        "look at the decimal point.",
    ),
    (
        SOLIS,
        {"Infusion Rate": "100.0"},
        {},
        "R4",
        "Infusion Rate shows 100.0 and the sheet says 10.0 mL/hr: that is the volume, not the rate; "
        "it would run for 1 hour, 10 times too fast.",
    ),
    (
        SOLIS,
        {"Infusion Volume": "10.0"},
        {},
        "R4",
        "Infusion Volume shows 10.0 and the sheet says 100.0 mL: that is the rate, not the volume.",
    ),
    (
        SOLIS,
        {"Infusion Volume": "10.0", "Infusion Rate": "100.0"},
        {},
        "R4",
        "Infusion Rate shows 100.0 and the sheet says 10.0 mL/hr: rate and volume are swapped; it "
        "would run for 0:06:00, 100 times too fast.",
    ),
    (
        LEGACY_1,
        {"Continuous Rate": "4"},
        {"infusion_hours": "24"},
        "R14",
        "Continuous Rate shows 4 and the sheet says 100 mL/24 hrs: that is the mL-per-hour number; "
        "this pump counts in mL per 24 hours; it would run for 600 hours, 25 times too slow.",
    ),
    (
        PLUS,
        {"Continuous Rate": "100.0"},
        {"infusion_hours": "24"},
        "R14",
        "Continuous Rate shows 100.0 and the sheet says 4.2 mL/hr: that is the number for mL per 24 "
        "hours; this pump counts in mL per hour; it would run for 1 hour, 24 times too fast.",
    ),
    (
        SOLIS,
        {"Infusion Rate": "200.0"},
        {},
        "read-back",
        "Infusion Rate shows 200.0 and the sheet says 10.0 mL/hr: that is the rate in mg, not in mL; "
        "it would run for 0:30:00, 20 times too fast.",
    ),
    (
        SOLIS,
        {"Infusion Volume": "2000"},
        {},
        "read-back",
        "Infusion Volume shows 2000 and the sheet says 100.0 mL: that is the volume in mg, not in mL.",
    ),
    (
        SOLIS,
        {"Infusion Volume": "2000"},
        {"volume_ml": "95"},
        "read-back",
        "Infusion Volume shows 2000 and the sheet says 95.0 mL: that is the dose in mg, not a volume in mL.",
    ),
    (
        SOLIS,
        {"Infusion Volume": "2.0"},
        {},
        "read-back",
        "Infusion Volume shows 2.0 and the sheet says 100.0 mL: that is the dose in g, not a volume in mL.",
    ),
    (
        SOLIS,
        {"Infusion Rate": "16.2"},
        {},
        "read-back",
        "Infusion Rate shows 16.2 and the sheet says 10.0 mL/hr: that is the dose in mEq, not a rate "
        "in mL; it would run for 6:10:22, 1.62 times too fast.",
    ),
    (
        PLUS,
        {"Dose Duration": "0:10"},
        CYCLE,
        "read-back",
        "Dose Duration shows 0:10 and the sheet says 10:00: minutes stand where hours are meant; it "
        "would run for 0:10:00, 60 times too fast.",
    ),
    (
        SOLIS,
        {"Dose Duration": "600:00"},
        CYCLE,
        "read-back",
        "Dose Duration shows 600:00 and the sheet says 10:00: hours stand where minutes are meant; it"
        " would run for 600 hours, 60 times too slow.",
    ),
    (
        SOLIS,
        {"Infusion Rate": "600"},
        {},
        "read-back",
        "Infusion Rate shows 600 and the sheet says 10.0 mL/hr: hours were taken for minutes; it "
        "would run for 0:10:00, 60 times too fast.",
    ),
    (
        SOLIS,
        {"Infusion Rate": "0.2"},
        {"volume_ml": "120", "content_ml": "126"},
        "read-back",
        "Infusion Rate shows 0.2 and the sheet says 12.0 mL/hr: minutes were taken for hours; it "
        "would run for 600 hours, 60 times too slow.",
    ),
    (
        PLUS,
        {"Reservoir Volume": "106"},
        {},
        "R6",
        "Reservoir Volume shows 106 and the sheet says 100 mL: that is all that the bag holds, prime "
        "and residual too.",
    ),
    (
        PLUS,
        {"Reservoir Volume": "105"},
        {},
        "R6",
        "Reservoir Volume shows 105 and the sheet says 100 mL: the prime was added to it.",
    ),
    (
        PLUS,
        {"Reservoir Volume": "95"},
        {},
        "R6",
        "Reservoir Volume shows 95 and the sheet says 100 mL: the prime was taken off it.",
    ),
    (
        PLUS,
        {"Reservoir Volume": "200"},
        {},
        "R7",
        "Reservoir Volume shows 200 and the sheet says 100 mL: that is 2 doses: the next would run "
        "without anybody at the pump.",
    ),
    (
        PLUS,
        {"Reservoir Volume": "300"},
        {},
        "R7",
        "Reservoir Volume shows 300 and the sheet says 100 mL: that is 3 doses: the next would run "
        "without anybody at the pump.",
    ),
    (
        CURLIN,
        {"BAG Vol": "100"},
        {},
        "R6",
        "BAG Vol shows 100 and the sheet says 106 mL: that is one dose; this pump is told all that "
        "the bag holds.",
    ),
    (
        PLUS,
        {"Continuous Rate": "7.3"},
        {},
        "read-back",
        "Continuous Rate shows 7.3 and the sheet says 10.0 mL/hr; it would run for 13:41:55, 1.37 "
        "times too slow.",
    ),
]


@pytest.mark.parametrize(("pump", "typed", "sheet", "rule", "said"), MISTAKES)
def test_pumps_2_5_the_likely_mistake_is_named(
    pump: str, typed: dict[str, str | None], sheet: dict[str, Any], rule: str, said: str
) -> None:
    assert (rule, "refuse", said) in read_back(pump, typed, **sheet)


@pytest.mark.parametrize(
    ("pump", "typed", "sheet", "words"),
    [
        # The number of the other unit may be 5 percent off, as by a coarser step, and no more.
        (PLUS, {"Continuous Rate": "228.0"}, {}, "that is the number for mL per 24 hours"),
        (PLUS, {"Continuous Rate": "227.9"}, {}, "it would run for"),
        (PLUS, {"Continuous Rate": "252.0"}, {}, "that is the number for mL per 24 hours"),
        (PLUS, {"Continuous Rate": "252.1"}, {}, "it would run for"),
        (LEGACY_1, {"Continuous Rate": "200"}, {}, "that is the rate in mg, not in mL"),
        # With its own prime counted, the reservoir is not the volume.
        (SOLIS, {"Infusion Rate": "100.0"}, {"prime_by_pump": True}, "that is the volume, not the rate"),
        (PLUS, {"Continuous Rate": "7.0"}, {}, "it would run for 14:17:09, 1.43 times too slow."),
        (PLUS, {"Continuous Rate": "9.9"}, {}, "it would run for 10:06:04, 1.01 times too slow."),
        (PLUS, {"Continuous Rate": "10.1"}, {}, "the sheet says 10.0 mL/hr."),
    ],
)
def test_pumps_2_5_where_a_mistake_begins_and_ends(
    pump: str, typed: dict[str, str | None], sheet: dict[str, Any], words: str
) -> None:
    message = read_back(pump, typed, **sheet)[0][2]
    assert words in message
    assert ("that is" in message) == words.startswith("that is")


def test_pumps_2_5_the_container_is_larger_than_its_fill() -> None:
    """A 50 mL premix stands in a bag of 100 mL (pumps.md 2.5)."""
    premix: dict[str, Any] = {"volume_ml": "50", "mg_per_ml": "40", "content_ml": "56"}
    bag = BagNumbers(container_ml=Decimal(100))
    found = read_back(SOLIS, {"Infusion Volume": "100", "Reservoir Volume": "100"}, bag=bag, **premix)
    assert [one[:2] for one in found] == [
        ("R6", "refuse"),
        ("R6", "refuse"),
        ("R4", "refuse"),
        ("R5", "refuse"),
    ]
    assert "raised" in found[0][2]
    assert found[1][2] == (
        "Infusion Volume shows 100 and the sheet says 50.0 mL: that is the size of the container, and not"
        " what is to run out of it."
    )
    assert "the bag can deliver 50 mL: it is 50 mL short" in found[3][2]
