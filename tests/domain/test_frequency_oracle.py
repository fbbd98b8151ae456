"""Doses against a slow and obvious oracle: every day of the calendar, looked up in its zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmacy.domain.frequency import (
    Continuous,
    DaysOfCycle,
    EveryHours,
    Frequency,
    WeeklyOn,
    count,
    expand,
    parse_frequency,
)

# Zones and local dates near which their clocks change in odd ways.
ODD = [
    ("America/New_York", "2025-03-09"),
    ("America/New_York", "2025-11-02"),
    ("America/New_York", "1883-11-18"),
    ("Australia/Lord_Howe", "2025-10-05"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("Pacific/Apia", "2011-12-30"),
    ("Pacific/Kiritimati", "1995-01-01"),
    ("Pacific/Kwajalein", "1993-08-21"),
    ("Pacific/Kwajalein", "1969-10-01"),
    ("America/Sao_Paulo", "2018-11-04"),
    ("America/Sao_Paulo", "2019-02-17"),
    ("Antarctica/Troll", "2026-03-29"),
    ("Africa/Casablanca", "2026-02-15"),
    ("Europe/Dublin", "2026-10-25"),
    ("Asia/Kathmandu", "1986-01-01"),
    ("Asia/Manila", "1844-12-31"),
    ("Africa/Monrovia", "1972-01-07"),
    ("UTC", "2026-01-01"),
]


def list_by_days(
    frequency: Frequency,
    *,
    anchor: datetime,
    zone: ZoneInfo,
    starts: datetime,
    ends: datetime,
    hours: Decimal,
) -> list[datetime]:
    """Walk every day of the calendar from the anchor and look each clock time up in the zone."""
    first = anchor.replace(tzinfo=zone).astimezone(UTC)
    if isinstance(frequency, Continuous) or (isinstance(frequency, EveryHours) and 24 % frequency.hours):
        gap = (
            timedelta(hours=frequency.hours)
            if isinstance(frequency, EveryHours)
            else timedelta(hours=float(hours))
        )
        found = []
        dose = first
        while dose < ends:
            found.append(dose)
            dose += gap
        return [dose for dose in found if dose >= starts]
    clock_times = [anchor.time()]
    if isinstance(frequency, EveryHours):
        later = [anchor + timedelta(hours=frequency.hours * step) for step in range(24 // frequency.hours)]
        clock_times = sorted(one.time() for one in later)
    found = []
    day = anchor.date()
    while day <= ends.astimezone(UTC).date() + timedelta(days=2):
        is_on = True
        if isinstance(frequency, DaysOfCycle):
            is_on = (day - anchor.date()).days % frequency.cycle < frequency.on
        elif isinstance(frequency, WeeklyOn):
            is_on = day.weekday() in frequency.weekdays
        local = [datetime.combine(day, clock) for clock in clock_times if is_on]
        found += [one.replace(tzinfo=zone).astimezone(UTC) for one in local if one >= anchor]
        day += timedelta(days=1)
    return sorted(dose for dose in found if starts <= dose < ends and dose >= first)


@st.composite
def schedules(draw: st.DrawFn) -> dict[str, object]:
    zone, near = draw(st.sampled_from(ODD))
    around = datetime.fromisoformat(near)
    hour, minute = draw(
        st.sampled_from([(0, 0), (0, 30), (1, 30), (2, 15), (2, 30), (9, 0), (21, 0), (23, 45)])
    )
    anchor = around + timedelta(days=draw(st.integers(-80, 10)), hours=hour, minutes=minute)
    starts = (around + timedelta(hours=draw(st.integers(-200, 60)))).replace(tzinfo=UTC)
    ends = starts + timedelta(hours=draw(st.integers(0, 500)), seconds=draw(st.sampled_from([0, 1])))
    return {"anchor": anchor, "zone": ZoneInfo(zone), "starts": starts, "ends": ends}


kinds: st.SearchStrategy[Frequency] = st.one_of(
    st.integers(2, 9).flatmap(
        lambda cycle: st.builds(DaysOfCycle, st.integers(1, cycle - 1), st.just(cycle))
    ),
    st.just(DaysOfCycle(1, 1)),
    st.sampled_from([EveryHours(hours) for hours in (2, 3, 4, 5, 6, 8, 12, 18, 36, 100)]),
    st.sets(st.integers(0, 6), min_size=1).map(lambda days: WeeklyOn(tuple(sorted(days)))),
    st.just(Continuous()),
)


@settings(max_examples=400)
@given(frequency=kinds, window=schedules(), hours=st.sampled_from([Decimal("1.5"), Decimal("2")]))
def test_doses_are_those_of_the_day_by_day_walk(
    frequency: Frequency, window: dict[str, object], hours: Decimal
) -> None:
    expected = list_by_days(frequency, **window, hours=hours)

    assert expand(frequency, **window, infusion_hours=hours) == expected
    assert count(frequency, **window, infusion_hours=hours) == len(expected)


@given(frequency=kinds, window=schedules(), cycles=st.integers(0, 400))
def test_anchor_moved_by_whole_cycles_changes_nothing_after_it(
    frequency: Frequency, window: dict[str, object], cycles: int
) -> None:
    anchor, zone = window["anchor"], window["zone"]
    assert isinstance(anchor, datetime)
    assert isinstance(zone, ZoneInfo)
    step = {DaysOfCycle: 24, EveryHours: 1, WeeklyOn: 168, Continuous: 2}[type(frequency)]
    step *= getattr(frequency, "cycle", 1) * getattr(frequency, "hours", 1)
    if isinstance(frequency, Continuous) or (24 % step and step % 24):
        # Elapsed hours move the clock time itself; only without clock changes is that easy to follow.
        window["zone"] = zone = ZoneInfo("UTC")
    later = anchor + timedelta(hours=step * -cycles)
    moved = {**window, "anchor": later}

    doses = expand(frequency, **moved, infusion_hours=Decimal(2))

    first = anchor.replace(tzinfo=zone).astimezone(UTC)
    kept = expand(frequency, **window, infusion_hours=Decimal(2))
    assert [dose for dose in doses if dose >= first] == kept


@pytest.mark.parametrize(("zone", "near"), ODD)
def test_count_equals_the_list_over_thirty_years(zone: str, near: str) -> None:
    around = datetime.fromisoformat(near).replace(tzinfo=UTC)
    for written in ("daily", "5 of 7 days", "q8h", "q36h", "Tue, Sat"):
        window = {
            "anchor": datetime.fromisoformat("1840-01-01T02:30"),
            "zone": ZoneInfo(zone),
            "starts": around - timedelta(days=600),
            "ends": around + timedelta(days=600),
        }
        doses = expand(parse_frequency(written), **window)

        assert doses == sorted(doses)
        assert len(doses) == count(parse_frequency(written), **window)
