"""Clock times at home and at the site: from a local date-time to the instant it names, and back.

A local time that does not exist (clocks go forward) moves forward by the gap; one that occurs twice is
the first (calculators.md, frequency).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from pharmacy.domain.errors import InvalidInput

# Files in a time zone folder that name no place, or that count leap seconds (which moves every clock time).
_NO_PLACE = re.compile(r"(right|posix)/.*|localtime|posixrules|Factory")


def find_zone(name: str, *, field: str = "timezone") -> ZoneInfo:
    """Find an IANA time zone by name; raises InvalidInput naming `field` for an unknown one."""
    try:
        if _NO_PLACE.fullmatch(name):
            raise KeyError(name)
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InvalidInput(
            f"{field} should be an IANA time zone such as America/New_York.", field=field
        ) from None


def to_instant(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the UTC instant of a local date-time without offset.

    >>> to_instant(datetime(2025, 3, 9, 2, 30), ZoneInfo("America/New_York")).isoformat()
    '2025-03-09T07:30:00+00:00'
    >>> to_instant(datetime(2025, 11, 2, 1, 30), ZoneInfo("America/New_York")).isoformat()
    '2025-11-02T05:30:00+00:00'
    """
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def to_local(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return the aware local date-time of an instant in a zone."""
    return instant.astimezone(zone)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the UTC instant at which a day begins in a zone, also where its midnight does not exist.

    >>> start_of_day(date(2026, 11, 9), ZoneInfo("America/New_York")).isoformat()
    '2026-11-09T05:00:00+00:00'
    """
    return to_instant(datetime.combine(day, time.min), zone)
