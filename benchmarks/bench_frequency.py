"""What listing and counting doses costs; the floor is the rrule of dateutil on the same dates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, FR, MO, WE, WEEKLY, rrule
from timing import report, seconds

from pharmacy.domain.frequency import count, expand, parse_frequency

YEARS = 100
ZONE = ZoneInfo("America/New_York")
ANCHOR = datetime(2026, 11, 9, 21)  # noqa: DTZ001
STARTS = ANCHOR.replace(tzinfo=ZONE)
LAST = ANCHOR + timedelta(days=365 * YEARS)
ENDS = (LAST + timedelta(hours=1)).replace(tzinfo=ZONE)
SCHEDULES = {
    "daily": partial(rrule, DAILY, dtstart=ANCHOR, until=LAST),
    "every 2 days": partial(rrule, DAILY, interval=2, dtstart=ANCHOR, until=LAST),
    "weekly on Monday, Wednesday, Friday": partial(
        rrule, WEEKLY, byweekday=(MO, WE, FR), dtstart=ANCHOR, until=LAST
    ),
}


def by_rrule(rule: partial[rrule]) -> list[datetime]:
    """List the same doses as instants."""
    return [wall.replace(tzinfo=ZONE).astimezone(UTC) for wall in rule()]


def main() -> None:
    """Compare on many years of each schedule."""
    for text, rule in SCHEDULES.items():
        frequency = parse_frequency(text)
        window = {"anchor": ANCHOR, "zone": ZONE, "starts": STARTS, "ends": ENDS}
        listing, counting = partial(expand, frequency, **window), partial(count, frequency, **window)
        same = by_rrule(rule)
        if listing() != same or counting() != len(same):
            raise SystemExit(f"{text}: rrule has other doses")
        floor = {"floor": "dateutil.rrule as instants", "floor_s": seconds(partial(by_rrule, rule))}
        report(f"list {YEARS} years {text}", **floor, work_s=seconds(listing))
        thousand = seconds(lambda ask=counting: [ask() for _ in range(1000)])
        counted = {"floor": "dateutil.rrule counted", "floor_s": seconds(lambda rule=rule: rule().count())}
        report(f"count {YEARS} years {text}", **counted, work_s=thousand / 1000)
    years = seconds(lambda: [_count_years(8000) for _ in range(1000)])
    week = seconds(lambda: [_count_years(1) for _ in range(1000)])
    report("count 8,000 years", floor="count 1 year", floor_s=week / 1000, work_s=years / 1000)


def _count_years(years: int) -> int:
    return count(
        parse_frequency("2 of every 3 days"),
        anchor=ANCHOR,
        zone=ZONE,
        starts=datetime(1990, 1, 1, tzinfo=UTC),
        ends=datetime(1990 + years, 1, 1, tzinfo=UTC),
    )


if __name__ == "__main__":
    main()
