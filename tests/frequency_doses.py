"""Doses as the tests write them: from clock times at home to clock times at home."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from pharmacy.domain.frequency import expand, parse_frequency


def list_local(
    written: str,
    *,
    anchor: str,
    starts: str,
    ends: str,
    zone: str = "America/New_York",
    infusion_hours: Decimal | None = None,
) -> list[str]:
    """List the doses of a window as local date-times with offset."""
    home = ZoneInfo(zone)
    doses = expand(
        parse_frequency(written),
        anchor=datetime.fromisoformat(anchor),
        zone=home,
        starts=datetime.fromisoformat(starts).replace(tzinfo=home),
        ends=datetime.fromisoformat(ends).replace(tzinfo=home),
        infusion_hours=infusion_hours,
    )
    assert all(dose.tzinfo is UTC for dose in doses)
    return [dose.astimezone(home).isoformat(timespec="minutes") for dose in doses]
