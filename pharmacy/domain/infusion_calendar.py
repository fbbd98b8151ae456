"""Doses as a dated calendar: the only way to write days that no weekday can tell (domain.md 3.2).

Weeks run from Sunday to Saturday, as on the calendar that is printed for the home.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from zoneinfo import ZoneInfo

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.formatting import day as day_words
from pharmacy.domain.frequency import Frequency, expand
from pharmacy.domain.local_time import to_instant, to_local

WEEKDAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
MOST_DAYS = 366
_DAY = timedelta(days=1)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Start:
    """Hold one infusion of a day: its clock time at home and what it is done with, such as a bag."""

    clock: str
    note: str


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """Hold one day; a day without starts is a day of rest."""

    date: date
    starts: tuple[Start, ...]
    is_today: bool

    @property
    def words(self) -> str:
        """Say the day and its infusions for somebody who does not see the grid.

        >>> CalendarDay(date(2026, 11, 9), (Start("21:00", "Bag 1"),), False).words
        'Mon 9 Nov 2026: infuse at 21:00 (Bag 1)'
        """
        starts = ", ".join(one.clock + (f" ({one.note})" if one.note else "") for one in self.starts)
        return f"{day_words(self.date)}: {f'infuse at {starts}' if starts else 'rest'}"


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """Hold a month as weeks of seven places; None is a place outside the month or the dates asked for."""

    title: str
    weeks: tuple[tuple[CalendarDay | None, ...], ...]

    @property
    def days(self) -> tuple[CalendarDay, ...]:
        """List the days in order."""
        return tuple(day for week in self.weeks for day in week if day is not None)


def lay_out_calendar(
    doses: Mapping[datetime, str], *, zone: ZoneInfo, first: date, last: date, today: date | None
) -> tuple[CalendarMonth, ...]:
    """Lay dose instants out by the home's dates from `first` to `last`, each with its note (may be empty).

    Doses outside these dates are left out. Refuses `last` before `first` and more than a year.
    """
    if not 0 <= (last - first).days < MOST_DAYS:
        raise InvalidInput(f"A calendar shows 1 to {MOST_DAYS} days.", field="last")
    starts: dict[date, list[Start]] = {}
    for instant, note in sorted(doses.items()):
        local = to_local(instant, zone)
        starts.setdefault(local.date(), []).append(Start(f"{local:%H:%M}", note))
    days = [
        CalendarDay(date=one, starts=tuple(starts.get(one, ())), is_today=one == today)
        for one in (first + _DAY * number for number in range((last - first).days + 1))
    ]
    return tuple(
        CalendarMonth(title=f"{_MONTHS[month - 1]} {year}", weeks=_weeks(list(some)))
        for (year, month), some in groupby(days, key=lambda one: (one.date.year, one.date.month))
    )


def _weeks(days: list[CalendarDay]) -> tuple[tuple[CalendarDay | None, ...], ...]:
    places: list[CalendarDay | None] = [None] * _place(days[0].date)
    places += days
    places += [None] * (-len(places) % 7)
    return tuple(tuple(places[start : start + 7]) for start in range(0, len(places), 7))


def _place(day: date) -> int:
    """Return the place of a day in a week that begins on Sunday."""
    return (day.weekday() + 1) % 7


def lay_out_schedule(
    frequency: Frequency,
    *,
    anchor: datetime,
    effective: datetime,
    infusion_hours: Decimal,
    zone: ZoneInfo,
    days: int,
    today: date | None,
) -> tuple[CalendarMonth, ...]:
    """Lay out what a frequency means: its doses in `days` days from the day on which it takes effect.

    `anchor` and `effective` are clock times at home. The days before the first dose are shown as rest.
    """
    first = effective.date()
    midnight = datetime.combine(first + _DAY * days, time())
    doses = expand(
        frequency,
        anchor=anchor,
        zone=zone,
        starts=to_instant(effective, zone),
        ends=to_instant(midnight, zone),
        infusion_hours=infusion_hours,
    )
    return lay_out_calendar(
        dict.fromkeys(doses, ""), zone=zone, first=first, last=first + _DAY * (days - 1), today=today
    )


__all__ = ["WEEKDAYS", "CalendarDay", "CalendarMonth", "Start", "lay_out_calendar", "lay_out_schedule"]
