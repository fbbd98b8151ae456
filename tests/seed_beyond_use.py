"""A refrigerated seed bag, the table of domain.md 1.2 and its cells for tests of beyond-use dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from pharmacy.domain.beyond_use import (
    BeyondUse,
    Category,
    Component,
    Method,
    Preparation,
    StabilityEntry,
    Storage,
    assign_beyond_use,
    load_limits_table,
)

ZONE = ZoneInfo("America/New_York")
TABLE = load_limits_table()
START = datetime(2025, 3, 3, 9, 12, tzinfo=ZONE).astimezone(UTC)
SEED = Preparation(Category.TWO, Method.ASEPTIC, sterility_tested=False, nonsterile_components=False)
CATEGORY_1 = replace(SEED, category=Category.ONE)
LATE = Component("magnesium sulfate 50%", "LATE", datetime(2030, 1, 1, tzinfo=UTC))
LONG = tuple(StabilityEntry(storage, Fraction(24 * 400), "a long study") for storage in Storage)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def assign(**changes: Any) -> BeyondUse:
    """Assign with one stable, late-expiring, refrigerated seed bag, but for the changes."""
    case: dict[str, Any] = {
        "prepared_at": START,
        "zone": ZONE,
        "preparation": SEED,
        "storage": Storage.REFRIGERATOR,
        "stability": LONG,
        "components": [LATE],
        "table": TABLE,
    }
    return assign_beyond_use(**(case | changes))


def lot(expires: datetime, number: str = "SOON") -> Component:
    return Component("sodium chloride 0.9%", number, expires)


# domain.md 1.2: category, method, tested, nonsterile, then hours at room temperature, refrigerated, frozen.
TABLE_1_2 = [
    ("immediate", "either", "either", "either", 4, 4, None),
    ("1", "either", "either", "either", 12, 24, None),
    ("2", "aseptic", False, True, 1 * 24, 4 * 24, 45 * 24),
    ("2", "aseptic", False, False, 4 * 24, 10 * 24, 45 * 24),
    ("2", "aseptic", True, "either", 30 * 24, 45 * 24, 60 * 24),
    ("2", "terminal", False, "either", 14 * 24, 28 * 24, 45 * 24),
    ("2", "terminal", True, "either", 45 * 24, 60 * 24, 90 * 24),
    ("3", "aseptic", True, "either", 60 * 24, 90 * 24, 120 * 24),
    ("3", "terminal", True, "either", 90 * 24, 120 * 24, 180 * 24),
    ("3", "either", False, "either", None, None, None),
]


def either(value: object, options: tuple[object, ...]) -> tuple[object, ...]:
    return options if value == "either" else (value,)


CELLS = [
    (Preparation(Category(category), Method(method), tested, nonsterile), storage, hours)  # type: ignore[arg-type]
    for category, methods, tests, parts, *by_storage in TABLE_1_2
    for method in either(methods, ("aseptic", "terminal"))
    for tested in either(tests, (False, True))
    for nonsterile in either(parts, (False, True))
    for storage, hours in zip(Storage, by_storage, strict=True)
]
