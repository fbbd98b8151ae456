"""Doses as instants: the counts in the reference tables, and clocks that change."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from pharmacy.domain.frequency import (
    count,
    expand,
    parse_frequency,
)
from tests.frequency_doses import list_local

NEW_YORK = ZoneInfo("America/New_York")
# Files among the zones that name no place.
NO_PLACE = {"localtime", "Factory"}


def count_days(written: str, *, anchor: date, first: date, days: int) -> int:
    return count(
        parse_frequency(written),
        anchor=datetime.combine(anchor, time(21)),
        zone=NEW_YORK,
        starts=datetime.combine(first, time(), NEW_YORK),
        ends=datetime.combine(first + timedelta(days=days), time(), NEW_YORK),
    )


SATURDAY = date(2025, 3, 1)


@pytest.mark.parametrize(
    ("days", "from_first_on", "from_second_on", "from_off"),
    [
        pytest.param(7, 5, 5, 4, id="domain.md 6.3, 7 days"),
        pytest.param(10, 7, 7, 6, id="domain.md 6.3, 10 days"),
        pytest.param(14, 10, 9, 9, id="domain.md 6.3, 14 days"),
        pytest.param(21, 14, 14, 14, id="domain.md 6.3, 21 days"),
        pytest.param(28, 19, 19, 18, id="domain.md 6.3, 28 days"),
        pytest.param(30, 20, 20, 20, id="domain.md 6.3, 30 days"),
        pytest.param(31, 21, 21, 20, id="pumps.md 1.4, 31 days"),
        pytest.param(90, 60, 60, 60, id="pumps.md 1.4, 90 days"),
    ],
)
def test_two_of_three_days_is_counted_by_its_phase(
    days: int, from_first_on: int, from_second_on: int, from_off: int
) -> None:
    found = [
        count_days("2 of 3 days", anchor=SATURDAY, first=SATURDAY + timedelta(days=later), days=days)
        for later in range(3)
    ]

    assert found == [from_first_on, from_second_on, from_off]


def test_three_weekly_deliveries_need_five_five_and_four_bags() -> None:
    weeks = [SATURDAY + timedelta(days=7 * week) for week in range(3)]

    assert [count_days("2 of 3 days", anchor=SATURDAY, first=week, days=7) for week in weeks] == [5, 5, 4]


@pytest.mark.parametrize(
    ("bags", "last_days"),
    [(7, [10, 10, 11]), (9, [13, 13, 14]), (10, [14, 15, 15]), (14, [20, 21, 21])],
    ids=["domain.md 6.3, 7 bags", "9 bags", "10 bags", "14 bags"],
)
def test_bags_of_two_of_three_days_reach_to_the_day_in_the_table(bags: int, last_days: list[int]) -> None:
    reached = []
    for phase in range(3):
        first = SATURDAY + timedelta(days=phase)
        days = 1
        while count_days("2 of 3 days", anchor=SATURDAY, first=first, days=days) < bags:
            days += 1
        reached.append(days)

    assert reached == last_days


@pytest.mark.parametrize(
    ("days", "by_first_weekday"),
    [
        pytest.param(7, [3] * 7, id="pumps.md 1.4, MWF 7 days"),
        pytest.param(10, [5, 4, 5, 4, 4, 4, 4], id="pumps.md 1.4, MWF 10 days"),
        pytest.param(14, [6] * 7, id="pumps.md 1.4, MWF 14 days"),
        pytest.param(21, [9] * 7, id="pumps.md 1.4, MWF 21 days"),
        pytest.param(28, [12] * 7, id="pumps.md 1.4, MWF 28 days"),
        pytest.param(30, [13, 13, 13, 13, 13, 12, 13], id="pumps.md 1.4, MWF 30 days"),
    ],
)
def test_weekdays_are_counted_by_the_first_weekday(days: int, by_first_weekday: list[int]) -> None:
    monday = date(2026, 11, 9)

    found = [
        count_days("MWF", anchor=date(2026, 1, 1), first=monday + timedelta(days=later), days=days)
        for later in range(7)
    ]

    assert found == by_first_weekday


@pytest.mark.parametrize(
    ("days", "from_on", "from_off"),
    [(7, 4, 3), (10, 5, 5), (14, 7, 7), (21, 11, 10), (28, 14, 14), (30, 15, 15), (31, 16, 15), (90, 45, 45)],
)
def test_every_other_day_is_counted_as_in_pumps_1_4(days: int, from_on: int, from_off: int) -> None:
    assert count_days("q48h", anchor=SATURDAY, first=SATURDAY, days=days) == from_on
    assert count_days("q48h", anchor=SATURDAY, first=SATURDAY + timedelta(days=1), days=days) == from_off


def test_infusion_days_of_the_example_in_pumps_1_4() -> None:
    doses = list_local("2 of 3 days", anchor="2025-03-01T21:00", starts="2025-03-01", ends="2025-03-15")

    assert [int(dose[8:10]) for dose in doses] == [1, 2, 4, 5, 7, 8, 10, 11, 13, 14]
    assert {dose[11:16] for dose in doses} == {"21:00"}


def test_daily_keeps_its_clock_time_when_clocks_go_back() -> None:
    assert list_local("daily", anchor="2026-10-30T21:00", starts="2026-10-31", ends="2026-11-03") == [
        "2026-10-31T21:00-04:00",
        "2026-11-01T21:00-05:00",
        "2026-11-02T21:00-05:00",
    ]


def test_weekdays_keep_their_clock_time_when_clocks_change() -> None:
    assert list_local("Sun, Wed", anchor="2026-10-28T21:00", starts="2026-10-28", ends="2026-11-05") == [
        *("2026-10-28T21:00-04:00", "2026-11-01T21:00-05:00", "2026-11-04T21:00-05:00"),
    ]


def test_days_of_a_cycle_keep_their_clock_time_when_clocks_change() -> None:
    assert list_local("2 of 3 days", anchor="2025-03-07T21:00", starts="2025-03-07", ends="2025-03-12") == [
        *("2025-03-07T21:00-05:00", "2025-03-08T21:00-05:00"),
        *("2025-03-10T21:00-04:00", "2025-03-11T21:00-04:00"),
    ]


def test_clock_time_that_does_not_exist_moves_forward_by_the_gap_for_that_day_only() -> None:
    assert list_local("daily", anchor="2025-03-08T02:30", starts="2025-03-08", ends="2025-03-11") == [
        "2025-03-08T02:30-05:00",
        "2025-03-09T03:30-04:00",
        "2025-03-10T02:30-04:00",
    ]


def test_clock_time_that_occurs_twice_is_the_first() -> None:
    assert list_local("daily", anchor="2025-11-01T01:30", starts="2025-11-01", ends="2025-11-04") == [
        "2025-11-01T01:30-04:00",
        "2025-11-02T01:30-04:00",
        "2025-11-03T01:30-05:00",
    ]


def test_every_twelve_hours_keeps_its_clock_times_and_every_thirty_six_its_hours() -> None:
    window = {"anchor": "2026-10-31T21:00", "starts": "2026-10-31", "ends": "2026-11-04"}

    assert list_local("q12h", **window) == [
        "2026-10-31T21:00-04:00",
        *("2026-11-01T09:00-05:00", "2026-11-01T21:00-05:00"),
        *("2026-11-02T09:00-05:00", "2026-11-02T21:00-05:00"),
        *("2026-11-03T09:00-05:00", "2026-11-03T21:00-05:00"),
    ]
    assert list_local("q36h", **window) == [
        "2026-10-31T21:00-04:00",
        "2026-11-02T08:00-05:00",
        "2026-11-03T20:00-05:00",
    ]


def test_every_two_hours_has_twelve_doses_on_the_short_and_on_the_long_day() -> None:
    for first in (date(2025, 3, 9), date(2025, 11, 2)):
        doses = list_local(
            "q2h",
            anchor="2025-01-01T01:30",
            starts=first.isoformat(),
            ends=(first + timedelta(days=1)).isoformat(),
        )

        assert len(doses) == 12


def test_half_hour_change_moves_the_dose_by_half_an_hour() -> None:
    # Lord Howe goes from +10:30 to +11:00 at 02:00.
    assert list_local(
        "daily", anchor="2025-10-04T02:15", starts="2025-10-04", ends="2025-10-07", zone="Australia/Lord_Howe"
    ) == ["2025-10-04T02:15+10:30", "2025-10-05T02:45+11:00", "2025-10-06T02:15+11:00"]


def test_midnight_that_does_not_exist_is_one_o_clock() -> None:
    assert list_local(
        "daily", anchor="2018-11-03T00:00", starts="2018-11-03", ends="2018-11-06", zone="America/Sao_Paulo"
    ) == ["2018-11-03T00:00-03:00", "2018-11-04T01:00-02:00", "2018-11-05T00:00-02:00"]


def test_skipped_day_moves_its_dose_by_the_gap_of_a_whole_day() -> None:
    # Samoa had no 30 December 2011: by the rule its 09:00 is the next day's, so the calendar's count stays.
    assert list_local(
        "daily", anchor="2011-12-28T09:00", starts="2011-12-28", ends="2012-01-01", zone="Pacific/Apia"
    ) == [
        "2011-12-28T09:00-10:00",
        "2011-12-29T09:00-10:00",
        "2011-12-31T09:00+14:00",
        "2011-12-31T09:00+14:00",
    ]


def test_doses_stay_in_order_where_a_moved_dose_passes_the_next() -> None:
    doses = list_local(
        "q12h", anchor="2011-12-29T09:00", starts="2011-12-29", ends="2012-01-01", zone="Pacific/Apia"
    )

    assert doses == sorted(doses)
    assert len(doses) == 6


def test_no_dose_comes_before_an_anchor_that_was_moved_past_the_next_clock_time() -> None:
    # Without 30 December the anchor's 21:00 is 31 December 21:00; the 09:00 of that day lies before it.
    assert list_local(
        "q12h", anchor="2011-12-30T21:00", starts="2011-12-28", ends="2012-01-01T10:00", zone="Pacific/Apia"
    ) == ["2011-12-31T21:00+14:00", "2011-12-31T21:00+14:00", "2012-01-01T09:00+14:00"]


def test_anchor_that_does_not_exist_starts_elapsed_hours_after_the_gap() -> None:
    assert list_local("q36h", anchor="2025-03-09T02:30", starts="2025-03-09", ends="2025-03-12") == [
        "2025-03-09T03:30-04:00",
        "2025-03-10T15:30-04:00",
    ]


@pytest.mark.parametrize("clock", ["00:00", "02:30"])
def test_every_zone_keeps_its_clock_time_or_moves_it_forward_by_the_gap(clock: str) -> None:
    zones = [ZoneInfo(name) for name in sorted(available_timezones()) if name not in NO_PLACE]
    assert len(zones) > 400
    anchor = datetime.fromisoformat(f"2025-02-01T{clock}")
    walls = [anchor + timedelta(days=number) for number in range(300)]
    for zone in zones:
        doses = expand(
            parse_frequency("daily"),
            anchor=anchor,
            zone=zone,
            starts=datetime(2025, 2, 1, tzinfo=zone),
            ends=datetime.combine(walls[-1] + timedelta(days=1), time(), zone),
        )
        for dose, wall in zip(doses, walls, strict=True):
            local = dose.astimezone(zone)
            if local.replace(tzinfo=None, fold=0) == wall:
                assert local.fold == 0
            else:
                gap = find_gap(wall, zone)
                assert local.replace(tzinfo=None) - wall == gap > timedelta(0)


def find_gap(wall: datetime, zone: ZoneInfo) -> timedelta:
    """Find by how much the clocks of a zone change around a clock time."""
    later, sooner = (wall.replace(tzinfo=zone) + timedelta(days=days) for days in (1, -1))
    return later.utcoffset() - sooner.utcoffset()
