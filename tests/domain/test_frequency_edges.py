"""Doses at the edges: of the window, of the calendar, of a list, and of an infusion before the next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.frequency import (
    MOST_LISTED,
    Continuous,
    DaysOfCycle,
    count,
    ensure_no_overlap,
    expand,
    parse_frequency,
    shortest_gap_hours,
)
from tests.frequency_doses import list_local

NEW_YORK = ZoneInfo("America/New_York")
MICROSECOND = timedelta(microseconds=1)


def test_window_holds_its_first_instant_and_not_its_last() -> None:
    window = {"anchor": "2026-11-09T21:00", "starts": "2026-11-09T21:00", "ends": "2026-11-10T21:00"}

    assert list_local("daily", **window) == ["2026-11-09T21:00-05:00"]
    assert list_local("daily", **{**window, "ends": "2026-11-10T21:00:01"})[1:] == ["2026-11-10T21:00-05:00"]
    assert list_local("daily", **{**window, "starts": "2026-11-09T21:00:01"}) == []


def test_no_dose_comes_before_the_anchor() -> None:
    assert list_local("MWF", anchor="2026-11-11T21:00", starts="2026-11-01", ends="2026-11-14") == [
        "2026-11-11T21:00-05:00",
        "2026-11-13T21:00-05:00",
    ]
    assert list_local("daily", anchor="2027-01-01T21:00", starts="2026-11-01", ends="2026-11-14") == []


def test_weekday_schedule_may_start_on_a_day_without_a_dose() -> None:
    assert list_local("every Monday", anchor="2026-11-10T21:00", starts="2026-11-10", ends="2026-11-24") == [
        "2026-11-16T21:00-05:00",
        "2026-11-23T21:00-05:00",
    ]


def test_empty_and_reversed_windows_hold_nothing() -> None:
    assert list_local("daily", anchor="2026-11-09T21:00", starts="2026-11-12", ends="2026-11-12") == []
    assert list_local("daily", anchor="2026-11-09T21:00", starts="2026-11-13", ends="2026-11-12") == []


def test_continuous_bags_follow_each_other_by_elapsed_hours() -> None:
    window = {"anchor": "2026-10-31T20:00", "starts": "2026-10-31", "ends": "2026-11-02"}

    assert list_local("continuous", **window, infusion_hours=Decimal(10)) == [
        *("2026-10-31T20:00-04:00", "2026-11-01T05:00-05:00", "2026-11-01T15:00-05:00"),
    ]


def test_continuous_needs_the_hours_of_a_bag() -> None:
    for rule in (expand, count):
        with pytest.raises(InvalidInput, match="infusion_hours is missing"):
            rule(
                Continuous(),
                anchor=datetime.fromisoformat("2026-01-01"),
                zone=NEW_YORK,
                starts=datetime(2026, 1, 1, tzinfo=UTC),
                ends=datetime(2026, 1, 2, tzinfo=UTC),
            )


def test_continuous_gap_that_is_no_whole_microsecond_does_not_drift() -> None:
    kwargs = {
        "anchor": datetime.fromisoformat("2026-01-01"),
        "zone": ZoneInfo("UTC"),
        "starts": datetime(2026, 1, 1, tzinfo=UTC),
        "ends": datetime(2026, 1, 15, tzinfo=UTC),
        "infusion_hours": Fraction(24, 7),
    }

    doses = expand(Continuous(), **kwargs)

    assert len(doses) == count(Continuous(), **kwargs) == 98
    assert doses[7 * 13] == datetime(2026, 1, 14, tzinfo=UTC)


def test_longest_window_of_the_calendar_is_counted() -> None:
    found = count(
        DaysOfCycle(1, 1),
        anchor=datetime.fromisoformat("0001-01-01T21:00"),
        zone=NEW_YORK,
        starts=datetime(1, 1, 1, tzinfo=NEW_YORK),
        ends=datetime(9999, 12, 31, 23, 59, 59, tzinfo=NEW_YORK),
    )

    assert found == date.max.toordinal()


@pytest.mark.parametrize("zone", ["America/New_York", "UTC", "Asia/Tokyo", "Pacific/Kiritimati"])
@pytest.mark.parametrize("written", ["daily", "2 of 3 days", "q12h", "q36h", "MWF"])
def test_count_of_ten_thousand_years_is_the_sum_of_its_parts(zone: str, written: str) -> None:
    home = ZoneInfo(zone)
    edges = [
        datetime(1, 1, 1, tzinfo=home),
        *(
            datetime(year, 7, 4, 21, 0, second, tzinfo=home)
            for year in (4, 1883, 2026, 7777)
            for second in (0, 1)
        ),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=home),
    ]
    parts = [
        count(
            parse_frequency(written),
            anchor=datetime.fromisoformat("0001-01-01T21:00"),
            zone=home,
            starts=starts,
            ends=ends,
        )
        for starts, ends in pairwise(edges)
    ]

    whole = count(
        parse_frequency(written),
        anchor=datetime.fromisoformat("0001-01-01T21:00"),
        zone=home,
        starts=edges[0],
        ends=edges[-1],
    )

    assert whole == sum(parts)


class CountingZone(ZoneInfo):
    """A zone that counts how often its offset is asked for."""

    asked = 0

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        CountingZone.asked += 1
        return super().utcoffset(dt)


@pytest.mark.parametrize("written", ["daily", "2 of 3 days", "q2h", "q12h", "q36h", "MWF"])
def test_counting_costs_the_same_for_ten_days_and_ten_thousand_years(written: str) -> None:
    home = CountingZone.no_cache("America/New_York")
    asked = []
    for ends in (datetime.fromisoformat("2026-01-11"), datetime.fromisoformat("9999-12-31")):
        CountingZone.asked = 0
        count(
            parse_frequency(written),
            anchor=datetime.fromisoformat("0001-01-01T21:00"),
            zone=home,
            starts=datetime(2026, 1, 1, tzinfo=UTC),
            ends=ends.replace(tzinfo=UTC),
        )
        asked.append(CountingZone.asked)

    assert max(asked) <= 60


def test_dose_that_no_utc_date_time_can_hold_is_refused_when_listed() -> None:
    window = {
        "anchor": datetime.fromisoformat("9999-12-30T21:00"),
        "zone": NEW_YORK,
        "starts": datetime(9999, 12, 30, tzinfo=NEW_YORK),
        "ends": datetime(9999, 12, 31, 23, 59, tzinfo=NEW_YORK),
    }

    assert count(DaysOfCycle(1, 1), **window) == 2
    with pytest.raises(InvalidInput, match="years 1 to 9999"):
        expand(DaysOfCycle(1, 1), **window)


def test_window_that_ends_past_the_local_year_9999_is_refused() -> None:
    for hour, refused in ((14, False), (15, False), (16, True)):
        window = {
            "anchor": datetime.fromisoformat("9999-12-01T21:00"),
            "zone": ZoneInfo("Asia/Tokyo"),
            "starts": datetime(9999, 12, 30, tzinfo=UTC),
            "ends": datetime(9999, 12, 31, hour, tzinfo=UTC) - MICROSECOND,
        }
        if refused:
            with pytest.raises(InvalidInput, match="past the year 9999"):
                count(DaysOfCycle(1, 1), **window)
        else:
            assert count(DaysOfCycle(1, 1), **window) == 2


def test_list_longer_than_anyone_reads_is_refused_and_still_counted() -> None:
    window = {
        "anchor": datetime.fromisoformat("2026-01-01"),
        "zone": ZoneInfo("UTC"),
        "starts": datetime(2026, 1, 1, tzinfo=UTC),
        "ends": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=1),
        "infusion_hours": Decimal("0.000001"),
    }

    assert count(Continuous(), **window) == MOST_LISTED
    with pytest.raises(Refusal, match="1,000,001 doses"):
        expand(Continuous(), **{**window, "ends": window["ends"] + MICROSECOND})


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("daily", 24),
        ("every 3 days", 72),
        ("2 of 3 days", 24),
        ("q8h", 8),
        ("q36h", 36),
        ("MWF", 48),
        ("Mon, Sun", 24),
        ("every Monday", 168),
        ("Monday through Sunday", 24),
    ],
)
def test_shortest_nominal_gap_and_the_infusion_that_just_fits(written: str, hours: int) -> None:
    frequency = parse_frequency(written)

    assert shortest_gap_hours(frequency) == hours
    ensure_no_overlap(frequency, Decimal(hours))
    with pytest.raises(InvalidInput, match=f"infusion_hours should be at most {hours}, .* overlap"):
        ensure_no_overlap(frequency, hours + Decimal("0.000001"))


def test_continuous_gap_is_its_own_infusion() -> None:
    assert shortest_gap_hours(Continuous(), infusion_hours=Decimal("7.5")) == Fraction(15, 2)
    ensure_no_overlap(Continuous(), Decimal("999"))
    for hours in (Decimal(0), Decimal(-1)):
        with pytest.raises(InvalidInput, match="infusion_hours should be greater than 0"):
            ensure_no_overlap(Continuous(), hours)


def test_overlap_is_refused_when_listed_and_when_counted() -> None:
    for rule in (expand, count):
        with pytest.raises(InvalidInput, match="infusion_hours should be at most 24"):
            rule(
                DaysOfCycle(2, 3),
                anchor=datetime.fromisoformat("2026-01-01"),
                zone=NEW_YORK,
                starts=datetime(2026, 1, 1, tzinfo=UTC),
                ends=datetime(2026, 1, 2, tzinfo=UTC),
                infusion_hours=Decimal("24.5"),
            )


def test_list_may_be_as_long_as_the_most_that_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pharmacy.domain.frequency_schedule.MOST_LISTED", 3)
    window = {"anchor": "2026-11-09T21:00", "starts": "2026-11-09"}

    assert len(list_local("daily", **window, ends="2026-11-12")) == 3
    with pytest.raises(Refusal) as refused:
        list_local("daily", **window, ends="2026-11-13")
    assert refused.value.field == "until"
    assert refused.value.sentence == (
        "until should come sooner: the window holds 4 doses and at most 3 are listed."
    )


@pytest.mark.parametrize("written", ["daily", "q36h", "MWF", "continuous"])
def test_window_of_one_microsecond_holds_the_dose_at_its_start(written: str) -> None:
    start = datetime(2026, 11, 9, 21, tzinfo=NEW_YORK)
    for ends, found in ((start, 0), (start + MICROSECOND, 1)):
        assert found == count(
            parse_frequency(written),
            anchor=start.replace(tzinfo=None),
            zone=NEW_YORK,
            starts=start,
            ends=ends,
            infusion_hours=Decimal(10),
        )


LAST_DAYS = {
    "anchor": datetime.fromisoformat("9999-12-30T21:00"),
    "starts": datetime(9999, 12, 30, tzinfo=UTC),
}


@pytest.mark.parametrize(
    ("refuse", "field", "sentence"),
    [
        (
            lambda: shortest_gap_hours(Continuous()),
            "infusion_hours",
            "infusion_hours is missing; a continuous infusion needs the hours that one bag runs.",
        ),
        (
            lambda: ensure_no_overlap(DaysOfCycle(1, 1), Decimal(0)),
            "infusion_hours",
            "infusion_hours should be greater than 0.",
        ),
        (
            lambda: ensure_no_overlap(DaysOfCycle(2, 3), Decimal("24.5")),
            "infusion_hours",
            "infusion_hours should be at most 24, the shortest gap in 2 of every 3 days:"
            " an infusion of 24.5 hours would overlap the next.",
        ),
        (
            lambda: count(
                DaysOfCycle(1, 1),
                **LAST_DAYS,
                zone=ZoneInfo("Asia/Tokyo"),
                ends=datetime(9999, 12, 31, 20, tzinfo=UTC),
            ),
            "until",
            "until should not lie past the year 9999 in the time zone.",
        ),
        (
            lambda: expand(
                DaysOfCycle(1, 1),
                **LAST_DAYS,
                zone=NEW_YORK,
                ends=datetime(9999, 12, 31, 23, 59, tzinfo=NEW_YORK),
            ),
            "until",
            "until should be such that every dose lies in the years 1 to 9999 in UTC.",
        ),
    ],
    ids=["no hours", "no time at all", "overlap", "past the zone's calendar", "past the calendar in UTC"],
)
def test_refusal_names_its_field_and_what_it_should_be(
    refuse: Callable[[], object], field: str, sentence: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        refuse()

    assert (refused.value.field, refused.value.sentence) == (field, sentence)
