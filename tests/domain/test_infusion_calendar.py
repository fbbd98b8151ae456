"""Doses as a dated calendar: each day of the window once, under its weekday, with its starts."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.frequency import DaysOfCycle, EveryHours, WeeklyOn
from pharmacy.domain.infusion_calendar import WEEKDAYS, lay_out_calendar, lay_out_schedule

NEW_YORK = ZoneInfo("America/New_York")


def days_of(months):
    return [day for month in months for day in month.days]


def infusion_days(months):
    return [day.date.day for day in days_of(months) if day.starts]


def test_two_of_three_days_from_domain_6_3():
    first = datetime.fromisoformat("2026-11-09T21:00")
    months = lay_out_schedule(
        DaysOfCycle(2, 3), anchor=first, effective=first, infusion_hours=Decimal(10), zone=NEW_YORK, days=9,
        today=date(2026, 11, 10),
    )  # fmt: skip

    assert [month.title for month in months] == ["November 2026"]
    assert infusion_days(months) == [9, 10, 12, 13, 15, 16]
    days = days_of(months)
    assert [day.is_today for day in days] == [False, True] + [False] * 7
    assert days[0].words == "Mon 9 Nov 2026: infuse at 21:00"
    assert days[2].words == "Wed 11 Nov 2026: rest"


def test_the_clock_at_home_is_kept_when_the_clocks_change():
    first = datetime.fromisoformat("2025-03-08T21:00")
    months = lay_out_schedule(
        DaysOfCycle(1, 1), anchor=first, effective=first, infusion_hours=Decimal(10), zone=NEW_YORK, days=3,
        today=None,
    )  # fmt: skip

    assert [day.starts[0].clock for day in days_of(months)] == ["21:00", "21:00", "21:00"]


def test_days_before_the_first_dose_are_rest():
    months = lay_out_schedule(
        DaysOfCycle(1, 2),
        anchor=datetime.fromisoformat("2026-11-12T09:00"),
        effective=datetime.fromisoformat("2026-11-09T00:00"),
        zone=NEW_YORK,
        infusion_hours=Decimal(10),
        days=6,
        today=None,
    )

    assert [bool(day.starts) for day in days_of(months)] == [False, False, False, True, False, True]


def test_doses_before_the_order_holds_are_not_shown():
    months = lay_out_schedule(
        DaysOfCycle(1, 1),
        anchor=datetime.fromisoformat("2026-11-01T09:00"),
        effective=datetime.fromisoformat("2026-11-09T09:01"),
        zone=NEW_YORK,
        infusion_hours=Decimal(10),
        days=2,
        today=None,
    )

    assert infusion_days(months) == [10]


def test_two_starts_of_a_day_are_both_written_with_their_bags():
    doses = {datetime(2026, 11, 9, 14, tzinfo=UTC): "Bag 1", datetime(2026, 11, 10, 2, tzinfo=UTC): "Bag 2"}

    (month,) = lay_out_calendar(
        doses, zone=NEW_YORK, first=date(2026, 11, 9), last=date(2026, 11, 9), today=None
    )

    assert month.days[0].words == "Mon 9 Nov 2026: infuse at 09:00 (Bag 1), 21:00 (Bag 2)"


@pytest.mark.parametrize(("days", "refused"), [(0, True), (1, False), (366, False), (367, True)])
def test_a_calendar_is_one_day_to_one_year_long(days, refused):
    first = date(2026, 1, 1)
    last = first + timedelta(days=days - 1)

    if refused:
        with pytest.raises(InvalidInput):
            lay_out_calendar({}, zone=NEW_YORK, first=first, last=last, today=None)
    else:
        assert len(days_of(lay_out_calendar({}, zone=NEW_YORK, first=first, last=last, today=None))) == days


FREQUENCIES = st.sampled_from([DaysOfCycle(2, 3), DaysOfCycle(1, 2), EveryHours(12), WeeklyOn((0, 3))])


@given(
    FREQUENCIES,
    st.datetimes(datetime.fromisoformat("2025-01-01T00:00"), datetime.fromisoformat("2027-01-01T00:00")).map(
        lambda d: d.replace(second=0, microsecond=0)
    ),
    st.integers(1, 70),
    st.sampled_from(["America/New_York", "UTC", "Australia/Lord_Howe"]),
)
def test_every_place_of_the_grid_is_its_own_weekday_and_no_day_is_lost(frequency, anchor, days, zone):
    months = lay_out_schedule(
        frequency, anchor=anchor, effective=anchor, infusion_hours=Decimal(2), zone=ZoneInfo(zone), days=days,
        today=None,
    )  # fmt: skip

    expected = [anchor.date() + timedelta(days=number) for number in range(days)]
    assert [day.date for day in days_of(months)] == expected
    for month in months:
        for week in month.weeks:
            assert len(week) == 7
            for place, day in enumerate(week):
                assert day is None or f"{day.date:%a}" == WEEKDAYS[place]
    if isinstance(frequency, DaysOfCycle):
        oracle = [number % frequency.cycle < frequency.on for number in range(days)]
        assert [bool(day.starts) for day in days_of(months)] == oracle
