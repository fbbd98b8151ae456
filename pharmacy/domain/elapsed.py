"""Elapsed time from an instant: a limit of N hours is N hours by the stopwatch, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from pharmacy.domain.errors import InvalidInput

_MICROSECONDS_AN_HOUR = 3_600_000_000


def ensure_instant(value: datetime) -> datetime:
    """Return an instant in UTC; a date-time without zone is a ValueError, an error of the program."""
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone; a rule takes instants")
    return value.astimezone(UTC)


def elapsed(hours: Fraction | Decimal | int) -> timedelta:
    """Return a number of hours as elapsed time, cut to the microsecond."""
    return timedelta(microseconds=int(Fraction(hours) * _MICROSECONDS_AN_HOUR))


def after_hours(since: datetime, hours: Fraction | Decimal | int) -> datetime:
    """Return the instant some elapsed hours later, cut to the microsecond, never rounded up.

    Refuses an instant past the year 9999 (calculators.md, common rules).

    >>> after_hours(datetime(2025, 3, 3, 14, 12, tzinfo=UTC), 240).isoformat()
    '2025-03-13T14:12:00+00:00'
    """
    try:
        return since + elapsed(hours)
    except OverflowError:
        raise InvalidInput("A limit lies past the year 9999; check the days and hours given.") from None
