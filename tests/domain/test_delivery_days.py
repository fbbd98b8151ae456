"""Possible arrivals: weekdays, closed dates, lead, both ends, clock changes (calculators.md, deliveries)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pharmacy.domain.delivery_days import DeliveryDays, list_possible_arrivals
from pharmacy.domain.errors import InvalidInput

NEW_YORK = ZoneInfo("America/New_York")
# Monday.
FROM, UNTIL = datetime(2026, 11, 9, 14, tzinfo=UTC), datetime(2026, 11, 23, 15, tzinfo=UTC)


def days(**changes: Any) -> DeliveryDays:
    given: dict[str, Any] = {
        "weekdays": {0, 3},
        "closed": set(),
        "arrival_time": time(10),
        "lead_hours": Decimal(0),
        "beyond_use_hours": Decimal(240),
    }
    return DeliveryDays(**given | changes)


def arrivals(
    zone: ZoneInfo = NEW_YORK, starts: datetime = FROM, ends: datetime = UNTIL, **changes: Any
) -> list[str]:
    found = list_possible_arrivals(days(**changes), zone=zone, starts=starts, ends=ends)
    return [one.arrives.astimezone(zone).strftime("%m-%d %H:%M") for one in found]


def on(*november: int) -> list[str]:
    return [f"11-{day:02} 10:00" for day in november]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, on(9, 12, 16, 19), id="at until is too late"),
        pytest.param({"ends": UNTIL + timedelta(microseconds=1)}, on(9, 12, 16, 19, 23), id="before until"),
        pytest.param({"lead_hours": Decimal(1)}, on(9, 12, 16, 19), id="prepared at from"),
        pytest.param({"lead_hours": Decimal("1.000001")}, on(12, 16, 19), id="prepared before from"),
        pytest.param({"starts": FROM + timedelta(hours=1)}, on(9, 12, 16, 19), id="arrives at from"),
        pytest.param({"starts": FROM + timedelta(hours=1, microseconds=1)}, on(12, 16, 19), id="before from"),
        pytest.param({"closed": {date(2026, 11, 12)}}, on(9, 16, 19), id="closed"),
        pytest.param({"closed": {date(2026, 11, 11)}}, on(9, 12, 16, 19), id="closed on another day"),
        pytest.param({"weekdays": {6}}, on(15, 22), id="another weekday"),
        pytest.param(
            {"lead_hours": Decimal(9999999), "beyond_use_hours": Decimal("9999999.5")},
            [],
            id="a lead longer than the course",
        ),
    ],
)
def test_possible_arrivals(changes: dict[str, Any], expected: list[str]) -> None:
    assert arrivals(**changes) == expected


def test_the_clock_time_is_kept_when_the_clocks_change() -> None:
    week = {"starts": datetime(2026, 10, 30, tzinfo=UTC), "ends": datetime(2026, 11, 4, tzinfo=UTC)}

    found = list_possible_arrivals(days(weekdays={5, 6}), zone=NEW_YORK, **week)

    assert [one.arrives.isoformat() for one in found] == [
        "2026-10-31T14:00:00+00:00",
        "2026-11-01T15:00:00+00:00",
    ]


def test_a_bag_lasts_elapsed_hours_from_the_start_of_its_preparation() -> None:
    found = list_possible_arrivals(
        days(weekdays={6}, lead_hours=Decimal("30.5"), beyond_use_hours=Decimal(240)),
        zone=NEW_YORK,
        starts=datetime(2026, 10, 20, tzinfo=UTC),
        ends=datetime(2026, 10, 26, tzinfo=UTC),
    )

    # Sunday 25 October 10:00 EDT, prepared on Saturday 03:30 EDT; 10 days later the clock shows an hour less.
    assert [one.beyond_use.astimezone(NEW_YORK).isoformat() for one in found] == ["2026-11-03T02:30:00-05:00"]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param(time(2, 30), "2026-03-08T07:30:00+00:00", id="does not exist: forward by the gap"),
        pytest.param(time(1, 30), "2026-03-08T06:30:00+00:00", id="before the gap"),
    ],
)
def test_a_clock_time_in_the_gap(at: time, expected: str) -> None:
    sunday = {"starts": datetime(2026, 3, 8, tzinfo=UTC), "ends": datetime(2026, 3, 9, tzinfo=UTC)}

    found = list_possible_arrivals(days(weekdays={6}, arrival_time=at), zone=NEW_YORK, **sunday)

    assert [one.arrives.isoformat() for one in found] == [expected]


def test_a_day_that_a_zone_skipped_has_no_arrival() -> None:
    """Samoa had no 30 December 2011."""
    found = arrivals(
        ZoneInfo("Pacific/Apia"),
        datetime(2011, 12, 29, 12, tzinfo=UTC),
        datetime(2012, 1, 2, tzinfo=UTC),
        weekdays=set(range(7)),
    )

    assert found == ["12-29 10:00", "12-31 10:00", "01-01 10:00", "01-02 10:00"]


@pytest.mark.parametrize("hour", [0, 23, 24, 25])
def test_an_arrival_that_moves_past_midnight_is_found_wherever_the_course_begins(hour: int) -> None:
    """Nuuk's clocks go forward on Saturday at 23:00, so 23:30 is Sunday 00:30."""
    nuuk = ZoneInfo("America/Nuuk")
    starts = datetime(2026, 3, 28, tzinfo=nuuk).astimezone(UTC) + timedelta(hours=hour - 0.5)

    found = arrivals(nuuk, starts, starts + timedelta(days=3), weekdays={5}, arrival_time=time(23, 30))

    assert found == (["03-29 00:30"] if hour <= 24 else [])


def test_a_course_from_the_first_day_of_the_calendar() -> None:
    first = datetime(1, 1, 1, tzinfo=UTC)

    assert arrivals(ZoneInfo("UTC"), first, first + timedelta(days=2), weekdays=set(range(7))) == [
        "01-01 10:00",
        "01-02 10:00",
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"weekdays": set()}, "delivery_days", id="no day"),
        pytest.param(
            {"beyond_use_hours": Decimal(24), "lead_hours": Decimal(24)}, "beyond_use_hours", id="at the lead"
        ),
        pytest.param(
            {"beyond_use_hours": Decimal(24), "lead_hours": Decimal(25)},
            "beyond_use_hours",
            id="below the lead",
        ),
        pytest.param({"lead_hours": Decimal(-1)}, "lead_hours", id="a lead below zero"),
    ],
)
def test_refusals(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        days(**changes)

    assert refusal.value.field == field
    assert refusal.value.sentence.startswith(field)


def test_the_shortest_time_that_a_bag_can_have_at_home() -> None:
    assert days(beyond_use_hours=Decimal("24.000001"), lead_hours=Decimal(24)).weekday_names == [
        "Monday",
        "Thursday",
    ]
