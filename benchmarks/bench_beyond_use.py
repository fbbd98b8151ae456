"""What a beyond-use date with its sources costs; the floor is the least of the same instants."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from timing import report, seconds

from pharmacy.domain.beyond_use import Component, StabilityEntry, StorageMove, assign_beyond_use
from pharmacy.domain.beyond_use_limits import Category, Method, Preparation, Storage, load_limits_table

START = datetime(2026, 11, 9, 14, tzinfo=UTC)
HOURS = (240, 720, 24 * 300, 24 * 400, 24 * 4 + 24 * 7)
TABLE = load_limits_table()


def assign() -> object:
    """Assign the date of the therapy's bag: refrigerated, two components, moved to room temperature."""
    return assign_beyond_use(
        prepared_at=START,
        zone=ZoneInfo("America/New_York"),
        preparation=Preparation(
            category=Category.TWO, method=Method.ASEPTIC, sterility_tested=False, nonsterile_components=False
        ),
        storage=Storage.REFRIGERATOR,
        stability=[
            StabilityEntry(Storage.REFRIGERATOR, Decimal(720), "reference"),
            StabilityEntry(Storage.ROOM, Decimal(720), "reference"),
        ],
        components=[
            Component("magnesium sulfate", "M1", START + timedelta(days=300)),
            Component("sodium chloride", "S1", START + timedelta(days=400)),
        ],
        table=TABLE,
        moves=[StorageMove(START + timedelta(days=7), Storage.ROOM)],
    )


if __name__ == "__main__":
    floor = seconds(lambda: [min(START + timedelta(hours=one) for one in HOURS) for _ in range(1000)])
    work = seconds(lambda: [assign() for _ in range(1000)])
    report("a beyond-use date", floor="the least of its instants", floor_s=floor / 1000, work_s=work / 1000)
