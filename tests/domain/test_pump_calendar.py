"""The infusion calendar of a pump sheet: planned bags keep their doses, other bags fill the rest."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.pump_calendar import CalendarBag, plan_infusions

FIRST = datetime(2026, 11, 10, 2, tzinfo=UTC)
RUN = Fraction(10)


def day(number: int) -> datetime:
    return FIRST + timedelta(days=number)


def bag(serial: str, dose: int | None, good_for: int) -> CalendarBag:
    """Return a bag planned for a day, or a spare, that can be started before the clock time of another."""
    return CalendarBag(serial, None if dose is None else day(dose), day(good_for))


def shown(doses: list[int], bags: list[CalendarBag]) -> tuple[list[tuple[int, str | None]], list[str]]:
    plan = plan_infusions([day(one) for one in doses], bags, run_hours=RUN)
    return [((one.starts - FIRST).days, one.bag) for one in plan.infusions], list(plan.unused)


DAILY = list(range(12))
TWO_OF_THREE = [0, 1, 3, 4, 6, 7, 9, 10]


@pytest.mark.parametrize(
    ("doses", "bags", "expected", "unused"),
    [
        pytest.param([], [], [], [], id="nothing"),
        pytest.param(DAILY, [], [], [], id="no bag: no day is promised"),
        pytest.param(
            DAILY, [bag("B1", 0, 9), bag("B2", 1, 9)], [(0, "B1"), (1, "B2")], [], id="each its own dose"
        ),
        pytest.param(
            DAILY,
            [bag("B2", 2, 9)],
            [(0, None), (1, None), (2, "B2")],
            [],
            id="a dose before without a bag of these",
        ),
        pytest.param(DAILY[1:], [bag("B1", 1, 1)], [], ["B1"], id="R19: an equal instant is too late"),
        pytest.param(
            DAILY,
            [bag("B1", 1, 2), bag("B2", 2, 3)],
            [(0, None), (1, "B1"), (2, "B2")],
            [],
            id="just in time",
        ),
        pytest.param(
            TWO_OF_THREE,
            [bag("B1", 0, 9), bag("B2", 1, 9), bag("B3", 2, 9), bag("B4", 3, 9)],
            [(0, "B1"), (1, "B2"), (3, "B4"), (4, "B3")],
            [],
            id="from daily to 2 of every 3 days: the bag of a rest day goes to the next free dose",
        ),
        pytest.param(
            TWO_OF_THREE,
            [bag("B3", 2, 4), bag("B4", 3, 9), bag("B5", 5, 9)],
            [(0, "B3"), (1, "B5"), (3, "B4")],
            [],
            id="moved bags take the free doses before, earliest beyond-use first",
        ),
        pytest.param(
            DAILY,
            [bag("B1", 0, 9), bag("S", None, 9), bag("B3", 2, 9)],
            [(0, "B1"), (1, "S"), (2, "B3")],
            [],
            id="a spare fills a gap",
        ),
        pytest.param(
            DAILY, [bag("B1", 0, 9), bag("S", None, 9)], [(0, "B1")], ["S"], id="a spare adds no day"
        ),
        pytest.param(
            DAILY,
            [bag("B1", 0, 9), bag("B2", 0, 9)],
            [(0, "B1"), (1, "B2")],
            [],
            id="two bags for one dose: the second takes the next",
        ),
    ],
)
def test_which_day_takes_which_bag(doses, bags, expected, unused):
    assert shown(doses, bags) == (expected, unused)


def test_an_infusion_ends_elapsed_hours_after_its_start_through_a_change_of_clocks():
    zone = ZoneInfo("America/New_York")
    starts = datetime(2025, 3, 8, 21, tzinfo=zone).astimezone(UTC)

    plan = plan_infusions(
        [starts], [CalendarBag("B1", starts, starts + timedelta(1))], run_hours=Fraction(500, 21)
    )

    [only] = plan.infusions
    assert only.ends - starts == timedelta(seconds=85714, microseconds=285714)
    assert (
        plan_infusions([starts], [CalendarBag("B1", starts, starts + timedelta(1))], run_hours=RUN)
        .infusions[0]
        .ends.astimezone(zone)
        .hour
        == 8
    )  # pumps.md case 53: 21:00 EST and 10 hours are 08:00 EDT


offsets = st.integers(0, 12)
some_bags = st.lists(
    st.tuples(st.none() | offsets, st.integers(0, 14)).map(lambda one: (one[0], one[1])), max_size=8
).map(lambda rows: [bag(f"B{place}", dose, good) for place, (dose, good) in enumerate(rows)])


@given(st.sets(offsets).map(sorted), some_bags)
def test_no_bag_twice_none_too_old_and_none_left_that_a_shown_day_needs(doses, bags):
    plan = plan_infusions([day(one) for one in doses], bags, run_hours=RUN)
    by_serial = {one.serial: one for one in bags}
    used = [one.bag for one in plan.infusions if one.bag]

    assert [one.starts for one in plan.infusions] == [day(one) for one in doses][: len(plan.infusions)]
    assert len(used) == len(set(used))
    assert sorted([*used, *plan.unused]) == sorted(by_serial)
    for one in plan.infusions:
        if one.bag:
            assert one.starts < by_serial[one.bag].beyond_use
        else:
            assert all(by_serial[serial].beyond_use <= one.starts for serial in plan.unused)
    if plan.infusions:
        assert plan.infusions[-1].bag
    planned = [one for one in bags if one.dose is not None and one.dose < one.beyond_use]
    alone = [one for one in planned if sum(other.dose == one.dose for other in planned) == 1]
    found = {one.bag: one.starts for one in plan.infusions}
    for one in alone:
        if one.dose in {day(number) for number in doses}:
            assert found[one.serial] == one.dose
