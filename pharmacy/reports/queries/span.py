"""The span of days that a report covers, as the people at the site count days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.local_time import start_of_day, to_local

MOST_DAYS = 366
_SHOWN_FIRST = 30


@dataclass(frozen=True, slots=True)
class Span:
    """Hold whole days at the site, both ends included, and the instants from which and before which."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def starts(self) -> datetime:
        """Return the instant at which the first day begins."""
        return start_of_day(self.first, self.zone)

    @property
    def ends(self) -> datetime:
        """Return the instant at which the last day has ended."""
        return start_of_day(self.last + timedelta(days=1), self.zone)


def read_span(first: str, last: str, *, zone: ZoneInfo, at: datetime) -> Span:
    """Read the days of a report: the last 30 without any; raises InvalidInput for bad ones."""
    today = to_local(at, zone).date()
    ends = _day(last, "last", today)
    starts = _day(first, "first", ends - timedelta(days=_SHOWN_FIRST - 1))
    if starts > ends:
        raise InvalidInput("The first day should not lie after the last.", field="first")
    if (ends - starts).days >= MOST_DAYS:
        raise InvalidInput(f"A report covers at most {MOST_DAYS} days; choose a shorter span.", field="first")
    return Span(starts, ends, zone)


def _day(text: str, field: str, otherwise: date) -> date:
    if not text.strip():
        return otherwise
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput(f"The {field} day should be a date that exists, such as 2026-11-09.",
                           field=field) from None  # fmt: skip
    if not 1900 <= found.year <= 9000:
        raise InvalidInput(f"The {field} day should be a date that exists, such as 2026-11-09.", field=field)
    return found
