"""Readings of a room, below, at and above each of its limits."""

from decimal import Decimal

import pytest

from pharmacy.domain.room_readings import Reading, RoomLimits, find_out_of_range, holds_pressure

LIMITS = RoomLimits(Decimal(15), Decimal(20), Decimal(60), Decimal("0.02"))


def read(temperature="18", humidity="50", pressure="0.02"):
    return Reading(Decimal(temperature), Decimal(humidity), None if pressure is None else Decimal(pressure))


@pytest.mark.parametrize(
    ("reading", "said"),
    [
        (read(), ()),
        (read(temperature="15"), ()),
        (read(temperature="14.9"), ("Temperature 14.9\xa0°C is below 15\xa0°C",)),
        (read(temperature="20"), ()),
        (read(temperature="20.1"), ("Temperature 20.1\xa0°C is above 20\xa0°C",)),
        (read(humidity="60"), ()),
        (read(humidity="60.1"), ("Humidity 60.1\xa0percent is above 60\xa0percent",)),
        (read(pressure="0.021"), ()),
        (read(pressure="0.019"), ("Pressure difference 0.019\xa0inches\xa0of\xa0water",)),
        (read(pressure=None), ("Pressure difference not read",)),
        (read("21", "61", "0"), ("Temperature", "Humidity", "Pressure")),
    ],
)
def test_what_is_out_of_range_is_said_with_what_to_do(reading, said):
    found = find_out_of_range(reading, LIMITS)

    assert len(found) == len(said)
    for sentence, start in zip(found, said, strict=True):
        assert sentence.startswith(start)
        assert "tell the pharmacist" in sentence


@pytest.mark.parametrize(
    ("pressure", "holds"), [("0.019", False), ("0.02", True), ("0.021", True), (None, False)]
)
def test_the_pressure_holds_from_the_least_on(pressure, holds):
    assert holds_pressure(read(pressure=pressure), LIMITS) is holds


def test_a_room_without_a_least_pressure_needs_none():
    limits = RoomLimits(Decimal(15), Decimal(20), Decimal(60), None)

    assert holds_pressure(read(pressure=None), limits)
    assert find_out_of_range(read(pressure=None), limits) == ()
