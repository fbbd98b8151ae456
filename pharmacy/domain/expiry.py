"""A manufacturer's expiry: the last good instant of the month or day that is printed (domain.md 1.3, 1.6)."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from pharmacy.domain.errors import InvalidInput

_MONTH = re.compile(r"\d{4}-\d\d", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def parse_expiry(text: str, zone: ZoneInfo, *, field: str = "expires") -> datetime:
    """Read a manufacturer's expiry, a month `YYYY-MM` or a date `YYYY-MM-DD`, as its last good instant.

    >>> parse_expiry("2025-03", ZoneInfo("America/New_York")).isoformat()
    '2025-04-01T03:59:59+00:00'
    """
    try:
        if _MONTH.fullmatch(text):
            return end_of_day(last_day_of_month(date.fromisoformat(f"{text}-01")), zone)
        if _DATE.fullmatch(text):
            return end_of_day(date.fromisoformat(text), zone)
    except ValueError:
        pass
    raise InvalidInput(f"{field} should be a month as YYYY-MM or a date as YYYY-MM-DD.", field=field)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant 23:59:59 of a day in a zone: the earlier where it occurs twice or falls in a gap.

    An expiry is never rounded up, so a gap moves it back to the last second before, not forward.
    """
    last = datetime.combine(day, time(23, 59, 59), tzinfo=zone)
    return min(last.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def last_day_of_month(day: date) -> date:
    """Return the last day of the month that a day lies in."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
