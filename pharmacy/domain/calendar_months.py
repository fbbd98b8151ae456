"""Calendar months: N months after a date, and never past the end of the month that it leads to."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def add_months(start: date, months: int) -> date:
    """Return the same day of the month some months later, or that month's last day where there is none.

    >>> add_months(date(2026, 8, 31), 6).isoformat(), add_months(date(2026, 11, 9), 12).isoformat()
    ('2027-02-28', '2027-11-09')
    """
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
