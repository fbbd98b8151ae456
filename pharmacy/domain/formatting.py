"""How a value is written on screen, on paper and in refusals (domain.md 3.3).

No trailing zero, a leading zero, a comma in thousands, a non-breaking space before the unit, units in words
where a slash would be misread on a label.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from pharmacy.domain.quantities import decimal_text, round_half_up

NBSP = "\N{NO-BREAK SPACE}"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Decimals shown for each unit (calculators.md, Output quantities).
_PLACES = {
    "mL": 2,
    "mg/mL": 3,
    "mOsm/L": 1,
    "percent": 2,
    "mEq": 2,
    "mg": 0,
    "mg/h": 1,
    "mL/h": 2,
    "g": 3,
    "h": 2,
}
# Units as they are written for people: a slash only inside a concentration.
_WORDS = {"mL/h": "mL per hour", "mg/h": "mg per hour", "h": "hours"}


def number(value: Decimal | Fraction | int, places: int = 6) -> str:
    """Write a number for people: rounded half up to at most `places`, thousands with commas.

    >>> number(Decimal("1892.00")), number(Decimal(".5")), number(Fraction(2000, 111), 3)
    ('1,892', '0.5', '18.018')
    """
    text = decimal_text(round_half_up(value, places))
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, decimals = digits.partition(".")
    return f"{sign}{int(whole):,}" + (f".{decimals}" if decimals else "")


def quantity(value: Decimal | Fraction | int, unit: str, places: int | None = None) -> str:
    """Write a number with its unit, rounded once to the places of that unit.

    >>> quantity(Decimal("10.50"), "mL/h").replace(NBSP, "_"), quantity(1892, "mg").replace(NBSP, "_")
    ('10.5_mL_per_hour', '1,892_mg')
    """
    shown = number(value, _PLACES.get(unit, 6) if places is None else places)
    word = _WORDS.get(unit, unit)
    if word == "hours" and shown == "1":
        word = "hour"
    return f"{shown}{NBSP}{word}".replace(" ", NBSP)


def dose(mg: Decimal | Fraction | int) -> str:
    """Write a dose held in mg as people prescribe it: in g from 1 g on.

    >>> dose(2000).replace(NBSP, " "), dose(Decimal("500")).replace(NBSP, " ")
    ('2 g', '500 mg')
    """
    return quantity(Fraction(mg) / 1000, "g") if Fraction(mg) >= 1000 else quantity(mg, "mg", 3)


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """Write a count with its noun in the right number.

    >>> counted(1, "bag"), counted(2, "bag"), counted(0, "dose")
    ('1 bag', '2 bags', '0 doses')
    """
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def day(value: date) -> str:
    """Write a date as `Mon 9 Nov 2026`."""
    return f"{_DAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]} {value.year}"


def clock(value: datetime, zone: ZoneInfo | None = None) -> str:
    """Write the time of day with its zone, as `21:00 EST`."""
    local = value.astimezone(zone) if zone else value
    name = local.tzname()
    return f"{local:%H:%M}" + (f" {name}" if name else "")


def moment(value: datetime, zone: ZoneInfo) -> str:
    """Write an instant in a zone as `Mon 9 Nov 2026 21:00 EST`; seconds are cut off, never rounded up."""
    local = value.astimezone(zone)
    return f"{day(local.date())} {clock(local)}"


def iso_instant(value: datetime, zone: ZoneInfo | None = None) -> str:
    """Write an instant as ISO 8601 with offset, whole seconds rounded down."""
    return value.astimezone(zone or UTC).replace(microsecond=0).isoformat()
