"""From a frequency and its first date-time to the instants of its doses, listed or counted.

Every frequency but elapsed hours is a cycle of wall-clock times counted from the anchor, so the number of any
dose is found by division and the phase of a cycle cannot be lost. Only the doses within a day of an edge of
the window need their offset from UTC looked at, because no offset reaches 24 hours; all others are counted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, cycle, islice, pairwise
from operator import add, sub
from typing import cast
from zoneinfo import ZoneInfo

from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formatting import number
from pharmacy.domain.frequency_types import Continuous, DaysOfCycle, EveryHours, Frequency, WeeklyOn

MOST_LISTED = 1_000_000
_TICK = timedelta(microseconds=1)
_HOUR = timedelta(hours=1) // _TICK
_DAY = 24 * _HOUR
# Clock times are carried as if they were UTC, so that subtracting the zone's offset gives the instant.
_BEGIN = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)
_LAST_WALL = (_LAST - _BEGIN) // _TICK


def shortest_gap_hours(frequency: Frequency, *, infusion_hours: Decimal | Fraction | None = None) -> Fraction:
    """Return the shortest nominal gap between two doses in hours, with 24 hours a day.

    `continuous` needs `infusion_hours`, which is its gap; without it InvalidInput names that field.

    >>> from pharmacy.domain.frequency_types import WeeklyOn
    >>> shortest_gap_hours(WeeklyOn((0, 2, 4)))
    Fraction(48, 1)
    """
    match frequency:
        case DaysOfCycle(on=on, cycle=days):
            return Fraction(24 if on > 1 else 24 * days)
        case EveryHours(hours=hours):
            return Fraction(hours)
        case WeeklyOn(weekdays=weekdays):
            around = (*weekdays, weekdays[0] + 7)
            return Fraction(24 * min(later - day for day, later in pairwise(around)))
        case Continuous():
            return _continuous_gap(infusion_hours)


def _continuous_gap(infusion_hours: Decimal | Fraction | None) -> Fraction:
    if infusion_hours is None:
        raise InvalidInput(
            "infusion_hours is missing; a continuous infusion needs the hours that one bag runs.",
            field="infusion_hours",
        )
    return Fraction(infusion_hours)


def ensure_no_overlap(frequency: Frequency, infusion_hours: Decimal | Fraction) -> None:
    """Refuse an infusion that is still running when the next dose is due (nominal gap, 24 hours a day)."""
    if infusion_hours <= 0:
        raise InvalidInput("infusion_hours should be greater than 0.", field="infusion_hours")
    gap = shortest_gap_hours(frequency, infusion_hours=infusion_hours)
    if Fraction(infusion_hours) > gap:
        raise InvalidInput(
            f"infusion_hours should be at most {number(gap)}, the shortest gap in {frequency.text}:"
            f" an infusion of {number(infusion_hours)} hours would overlap the next.",
            field="infusion_hours",
        )


@dataclass(frozen=True, slots=True)
class _Pattern:
    """Hold dose times as ticks (microseconds) from the anchor: `offsets` repeated every `cycle`."""

    cycle: int | Fraction
    offsets: tuple[int, ...]
    elapsed: bool

    def before(self, ticks: int) -> int:
        """Count the doses less than `ticks` after the anchor."""
        if ticks <= 0:
            return 0
        cycles, rest = divmod(ticks, self.cycle)
        return cycles * len(self.offsets) + bisect_left(self.offsets, rest)

    def time_of(self, dose: int) -> int:
        """Return how many ticks after the anchor a dose comes, counted from 0."""
        cycles, place = divmod(dose, len(self.offsets))
        return int(cycles * self.cycle + self.offsets[place])


def _pattern(frequency: Frequency, anchor: datetime, infusion_hours: Decimal | Fraction | None) -> _Pattern:
    if infusion_hours is not None:
        ensure_no_overlap(frequency, infusion_hours)
    match frequency:
        case DaysOfCycle(on=on, cycle=days):
            return _Pattern(days * _DAY, tuple(day * _DAY for day in range(on)), elapsed=False)
        case EveryHours(hours=hours):
            return _Pattern(hours * _HOUR, (0,), elapsed=not frequency.keeps_clock)
        case WeeklyOn(weekdays=weekdays):
            days_on = sorted((day - anchor.weekday()) % 7 for day in weekdays)
            return _Pattern(7 * _DAY, tuple(day * _DAY for day in days_on), elapsed=False)
        case Continuous():
            gap = _continuous_gap(infusion_hours) * _HOUR
            return _Pattern(gap.numerator if gap.denominator == 1 else gap, (0,), elapsed=True)


def _ticks(local: datetime) -> int:
    return (local.replace(tzinfo=UTC) - _BEGIN) // _TICK


def _offset(wall: datetime, zone: ZoneInfo) -> timedelta:
    # A zone answers for the clock time alone; only `None` has no offset.
    return cast(timedelta, zone.utcoffset(wall))


def _instant_ticks(wall_ticks: int, zone: ZoneInfo) -> int:
    return wall_ticks - _offset(_utc(wall_ticks), zone) // _TICK


class _Doses:
    """Find the numbers of the doses in a window: those near an edge one by one, the others as a range."""

    def __init__(
        self, pattern: _Pattern, *, anchor: datetime, zone: ZoneInfo, starts: datetime, ends: datetime
    ) -> None:
        self.pattern = pattern
        self.anchor = _ticks(anchor)
        self.zone = zone
        self.first = _instant_ticks(self.anchor, zone)
        self.opens = max(_ticks(starts) - cast(timedelta, starts.utcoffset()) // _TICK, self.first)
        self.closes = _ticks(ends) - cast(timedelta, ends.utcoffset()) // _TICK
        if self.closes + _offset(_LAST, zone) // _TICK > _LAST_WALL:
            raise InvalidInput("until should not lie past the year 9999 in the time zone.", field="until")
        self.head: list[int] = []
        self.tail: list[int] = []
        self.middle = range(0)
        if self.opens < self.closes:
            self._find()

    def _find(self) -> None:
        before = self.pattern.before
        if self.pattern.elapsed:
            self.middle = range(before(self.opens - self.first), before(self.closes - self.first))
            return
        opens, closes = self.opens - self.anchor, self.closes - self.anchor
        last = before(min(closes + _DAY, _LAST_WALL + 1 - self.anchor))
        inside = min(before(opens + _DAY), last)
        outside = max(before(closes - _DAY), inside)
        self.head = self._within(range(before(opens - _DAY), inside))
        self.middle = range(inside, outside)
        self.tail = self._within(range(outside, last))

    def _within(self, doses: range) -> list[int]:
        return [dose for dose in doses if self.opens <= self.instant_of(dose) < self.closes]

    def __len__(self) -> int:
        return len(self.head) + len(self.middle) + len(self.tail)

    def instant_of(self, dose: int) -> int:
        """Return the instant of a dose in ticks since the year 1, UTC."""
        after = self.pattern.time_of(dose)
        if self.pattern.elapsed:
            return self.first + after
        return _instant_ticks(self.anchor + after, self.zone)

    def instants(self) -> list[datetime]:
        """List the instants in order."""
        found = [_utc(self.instant_of(dose)) for dose in self.head]
        if self.pattern.elapsed:
            found += [_utc(self.instant_of(dose)) for dose in self.middle]
        elif self.middle:
            walls = list(self._walls())
            found += map(sub, walls, map(self.zone.utcoffset, walls))
        found += [_utc(self.instant_of(dose)) for dose in self.tail]
        # Where a zone skips hours, a dose moved forward can pass the one after it.
        found.sort()
        return found

    def _walls(self) -> Iterator[datetime]:
        """Walk the clock times of the doses in the middle."""
        period = len(self.pattern.offsets)
        numbers = range(self.middle.start, self.middle.start + period + 1)
        times = [self.pattern.time_of(dose) for dose in numbers]
        steps = [(later - time) * _TICK for time, later in pairwise(times)]
        first = _utc(self.anchor + times[0])
        return accumulate(islice(cycle(steps), len(self.middle) - 1), add, initial=first)


def _utc(ticks: int) -> datetime:
    return _BEGIN + ticks * _TICK


def expand(
    frequency: Frequency,
    *,
    anchor: datetime,
    zone: ZoneInfo,
    starts: datetime,
    ends: datetime,
    infusion_hours: Decimal | Fraction | None = None,
) -> list[datetime]:
    """List the doses with `starts` <= dose < `ends` as UTC instants in order, none before the anchor.

    `anchor` is the local date-time of day 1; `starts` and `ends` are aware. Clock times are kept through
    daylight saving: one that does not exist moves forward by the gap, one that occurs twice is the first.
    `continuous` needs `infusion_hours`. Refuses an overlap, more than 1,000,000 doses, and a dose past the
    year 9999 (calculators.md, frequency).

    >>> from pharmacy.domain.frequency_types import DaysOfCycle
    >>> zone = ZoneInfo("America/New_York")
    >>> [dose.day for dose in expand(DaysOfCycle(2, 3), anchor=datetime(2026, 11, 1, 21), zone=zone,
    ...     starts=datetime(2026, 11, 1, tzinfo=zone), ends=datetime(2026, 11, 8, tzinfo=zone))]
    [2, 3, 5, 6, 8]
    """
    pattern = _pattern(frequency, anchor, infusion_hours)
    doses = _Doses(pattern, anchor=anchor, zone=zone, starts=starts, ends=ends)
    if len(doses) > MOST_LISTED:
        raise Refusal(
            f"until should come sooner: the window holds {len(doses):,} doses and at most {MOST_LISTED:,} are"
            " listed.",
            field="until",
        )
    try:
        return doses.instants()
    except OverflowError:
        raise InvalidInput(
            "until should be such that every dose lies in the years 1 to 9999 in UTC.", field="until"
        ) from None


def count(
    frequency: Frequency,
    *,
    anchor: datetime,
    zone: ZoneInfo,
    starts: datetime,
    ends: datetime,
    infusion_hours: Decimal | Fraction | None = None,
) -> int:
    """Count the doses that `expand` would list, at the same cost for ten days and for ten thousand years.

    >>> from pharmacy.domain.frequency_types import DaysOfCycle
    >>> zone = ZoneInfo("America/New_York")
    >>> count(DaysOfCycle(2, 3), anchor=datetime(2026, 11, 1, 21), zone=zone,
    ...     starts=datetime(2026, 11, 1, tzinfo=zone), ends=datetime(2026, 12, 1, tzinfo=zone))
    20
    """
    pattern = _pattern(frequency, anchor, infusion_hours)
    return len(_Doses(pattern, anchor=anchor, zone=zone, starts=starts, ends=ends))
