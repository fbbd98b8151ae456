"""Courses of the therapy by the number of the day, planned from midnight to midnight at home."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pharmacy.domain.dispensing import BagsOnHand, DispensePlan, PlannedArrival, Segment, plan_dispensing
from pharmacy.domain.frequency import parse_frequency

ZONE = ZoneInfo("America/New_York")
DAY_1 = date(2026, 11, 9)
NINE_IN_THE_EVENING = time(21)


def on(number: int, at: time = time(0)) -> datetime:
    """Return the clock time on day `number` of the therapy, day 1 being DAY_1."""
    return datetime.combine(DAY_1 + timedelta(days=number - 1), at)


def instant(number: int, at: time = time(0)) -> datetime:
    return on(number, at).replace(tzinfo=ZONE).astimezone(UTC)


def pattern(text: str, number: int, at: time = NINE_IN_THE_EVENING, *, first: int | None = None) -> Segment:
    """Make a segment in force from midnight of day `number`, day 1 of the pattern being `first`."""
    return Segment(on(number), parse_frequency(text), on(number if first is None else first, at))


def hold(number: int) -> Segment:
    return Segment(on(number), None, None)


def plan(
    regimen: list[Segment],
    first: int,
    last: int,
    on_hand: list[tuple[int, datetime]] | None = None,
    deliveries: list[tuple[datetime, datetime]] | None = None,
    **quantities: int,
) -> DispensePlan:
    """Plan from midnight of day `first` to midnight at the end of day `last`."""
    return plan_dispensing(
        zone=ZONE,
        regimen=regimen,
        starts=instant(first),
        ends=instant(last + 1),
        on_hand=[BagsOnHand(bags, beyond_use) for bags, beyond_use in on_hand or []],
        deliveries=[PlannedArrival(arrives, beyond_use) for arrives, beyond_use in deliveries or []],
        **quantities,
    )
