"""What is read in a room before work: temperature, humidity and pressure, against the room's own limits."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pharmacy.domain.formatting import quantity

CELSIUS, PERCENT, INCHES = "°C", "percent", "inches of water"


@dataclass(frozen=True, slots=True)
class RoomLimits:
    """Hold the range of a room; without a least pressure none is read there."""

    temperature_low_c: Decimal
    temperature_high_c: Decimal
    humidity_high_percent: Decimal
    pressure_low_inches: Decimal | None


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold what was read in a room; the pressure is the difference to the next room out."""

    temperature_c: Decimal
    humidity_percent: Decimal
    pressure_inches: Decimal | None


def holds_pressure(reading: Reading, limits: RoomLimits) -> bool:
    """Tell whether the pressure is in range; a room without a least pressure needs none."""
    if limits.pressure_low_inches is None:
        return True
    return reading.pressure_inches is not None and reading.pressure_inches >= limits.pressure_low_inches


def find_out_of_range(reading: Reading, limits: RoomLimits) -> tuple[str, ...]:
    """Say what is out of a room's range and what to do; a value equal to a limit is in range."""
    found = []
    heat, damp = reading.temperature_c, reading.humidity_percent
    if heat > limits.temperature_high_c:
        found.append(
            f"Temperature {quantity(heat, CELSIUS)} is above {quantity(limits.temperature_high_c, CELSIUS)}: "
            "tell the pharmacist, have the air conditioning looked at, and read again within the hour."
        )
    if heat < limits.temperature_low_c:
        found.append(
            f"Temperature {quantity(heat, CELSIUS)} is below {quantity(limits.temperature_low_c, CELSIUS)}: "
            "tell the pharmacist, have the heating looked at, and read again within the hour."
        )
    if damp > limits.humidity_high_percent:
        found.append(
            f"Humidity {quantity(damp, PERCENT)} is above {quantity(limits.humidity_high_percent, PERCENT)}: "
            "tell the pharmacist, look for damp and mold, and read again within the hour."
        )
    least = limits.pressure_low_inches
    if least is not None and not holds_pressure(reading, limits):
        read = "not read" if reading.pressure_inches is None else quantity(reading.pressure_inches, INCHES)
        found.append(
            f"Pressure difference {read}, at least {quantity(least, INCHES)} needed: close the doors, call "
            "the engineer and tell the pharmacist. Until a reading in range, Category 1 at most is made here."
        )
    return tuple(found)
