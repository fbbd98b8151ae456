"""A sheet's infusions as the months of a printed calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from labels.month_grid import INFUSE, REST, WEEKDAYS, CalendarDay, Month
from pharmacy.domain.formatting import counted
from pharmacy.domain.formatting import day as day_words
from pharmacy.domain.infusion_calendar import CalendarDay as PlannedDay
from pharmacy.domain.infusion_calendar import CalendarMonth, lay_out_calendar
from pharmacy.domain.local_time import to_local
from pharmacy.domain.pump_calendar import Infusion
from pharmacy.pumps.queries import SheetCalendar

NO_BAG = "no bag: call"


def lay_out(calendar: SheetCalendar, *, today: date | None) -> tuple[CalendarMonth, ...]:
    """Lay a sheet's infusions out by the home's dates, each with its bag."""
    zone = ZoneInfo(calendar.zone)
    days = [to_local(one.starts, zone).date() for one in calendar.infusions]
    return lay_out_calendar(
        {one.starts: one.bag or NO_BAG for one in calendar.infusions},
        zone=zone,
        first=days[0],
        last=days[-1],
        today=today,
    )


def draw_months(calendar: SheetCalendar) -> tuple[Month, ...]:
    """Set a sheet's infusions in the grid of the paper: the bag, and from when to when it runs."""
    by_day = _by_day(calendar)
    return tuple(
        Month(
            title=month.title,
            weeks=tuple(
                tuple(_place(day, by_day, place, calendar) for place, day in enumerate(week))
                for week in month.weeks
            ),
        )
        for month in lay_out(calendar, today=None)
    )


def _by_day(calendar: SheetCalendar) -> dict[date, list[Infusion]]:
    zone = ZoneInfo(calendar.zone)
    return {
        day: list(some)
        for day, some in groupby(calendar.infusions, key=lambda one: to_local(one.starts, zone).date())
    }


def _place(
    day: PlannedDay | None, by_day: dict[date, list[Infusion]], place: int, calendar: SheetCalendar
) -> CalendarDay:
    if day is None:
        return CalendarDay()
    infusions = by_day.get(day.date, [])
    named = {"weekday": WEEKDAYS[place], "day": str(day.date.day)}
    if not infusions:
        return CalendarDay(**named, kind=REST)
    return CalendarDay(
        **named,
        kind=INFUSE,
        bag=_say_bag(infusions[0]) if len(infusions) == 1 else counted(len(infusions), "bag"),
        note=_say_times(infusions[0], calendar) if len(infusions) == 1 else "see the list",
    )


def _say_bag(infusion: Infusion) -> str:
    bag = infusion.bag or NO_BAG
    return bag[:1].upper() + bag[1:]


def _say_times(infusion: Infusion, calendar: SheetCalendar) -> str:
    zone = ZoneInfo(calendar.zone)
    return f"{to_local(infusion.starts, zone):%H:%M} to {to_local(infusion.ends, zone):%H:%M}"


def list_crowded_days(calendar: SheetCalendar) -> str:
    """List the bags of the days that have several infusions, for which the grid has no room; else nothing."""
    zone = ZoneInfo(calendar.zone)
    parts = [
        f"{day_words(day)}: "
        + ", ".join(f"{to_local(one.starts, zone):%H:%M} {_say_bag(one)}" for one in infusions)
        for day, infusions in _by_day(calendar).items()
        if len(infusions) > 1
    ]
    return "; ".join(parts)


def say_summary(calendar: SheetCalendar) -> str:
    """Count the infusions, their bags and the spares, and list the days that have several."""
    bags = [one.bag for one in calendar.infusions if one.bag]
    text = f"{counted(len(calendar.infusions), 'infusion')}, {counted(len(bags), 'bag')} named here."
    if calendar.unused:
        text += f" Spare, for no day: {', '.join(calendar.unused)}."
    crowded = list_crowded_days(calendar)
    return f"{text} {crowded}." if crowded else text


def list_clock_times(calendar: SheetCalendar) -> Sequence[str]:
    """List the clock times at which infusions start, each once."""
    zone = ZoneInfo(calendar.zone)
    return sorted({f"{to_local(one.starts, zone):%H:%M}" for one in calendar.infusions})
