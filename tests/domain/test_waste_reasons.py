"""Reasons of waste are gathered by what they have in common."""

import pytest

from pharmacy.domain.barcodes import SerialPrefix, make_serial
from pharmacy.domain.waste_reasons import NO_REASON, gather_reason


@pytest.mark.parametrize(
    ("reason", "gathered"),
    [
        ("left over when preparation was finished", "left over when preparation was finished"),
        (f"bag {make_serial(SerialPrefix.BAG, 7)} given up: the port tore", "bag given up"),
        ("worksheet cancelled: order changed: again", "worksheet cancelled"),
        ("Vial broken", "vial broken"),
        (" vial   broken ", "vial broken"),
        (f"taken for {make_serial(SerialPrefix.WORKSHEET, 1)}.", "taken for"),
        ("", NO_REASON),
        (None, NO_REASON),
        (": only a remark", NO_REASON),
    ],
)
def test_gathered(reason, gathered):
    assert gather_reason(reason) == gathered
