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


def bag(name: str, dose: int | None, good_for: int, there: int = 0) -> CalendarBag:
    """Return a bag planned for a day, or a spare, there from one day on and to be started before another."""
    return CalendarBag(name, None if dose is None else day(dose), day(there), day(good_for))


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
        pytest.param([], [bag("B1", 0, 9)], [], ["B1"], id="no dose"),
        pytest.param(
            DAILY, [bag("B1", 0, 9), bag("B2", 1, 9)], [(0, "B1"), (1, "B2")], [], id="each its own dose"
        ),
        pytest.param(
            DAILY, [bag("B2", 2, 9)], [(2, "B2")], [], id="it begins with the first day that has a bag"
        ),
        pytest.param(DAILY[1:], [bag("B1", 1, 1)], [], ["B1"], id="R19: an equal instant is too late"),
        pytest.param(
            DAILY, [bag("B1", 1, 2), bag("B2", 2, 3)], [(1, "B1"), (2, "B2")], [], id="just in time"
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
            [bag("B0", 0, 9), bag("B3", 3, 9), bag("S", None, 9, there=2)],
            [(0, "B0"), (1, None), (2, "S"), (3, "B3")],
            [],
            id="a bag that is not there yet leaves its gap open",
        ),
        pytest.param(DAILY, [bag("B1", 1, 9, there=1)], [(1, "B1")], [], id="there just in time"),
        pytest.param(
            DAILY,
            [bag("B0", 0, 9), bag("B1", 0, 9, there=2), bag("B3", 3, 9)],
            [(0, "B0"), (1, None), (2, "B1"), (3, "B3")],
            [],
            id="one that comes after its dose is moved",
        ),
        pytest.param(
            DAILY,
            [bag("B1", 0, 9), bag("B2", 0, 9)],
            [(0, "B1"), (1, "B2")],
            [],
            id="two bags for one dose: the second takes the next",
        ),
        pytest.param(
            DAILY,
            [bag("at home", 0, 9), bag("at home", 1, 9)],
            [(0, "at home"), (1, "at home")],
            [],
            id="bags that were counted without a serial",
        ),
    ],
)
def test_which_day_takes_which_bag(doses, bags, expected, unused):
    assert shown(doses, bags) == (expected, unused)


def test_an_infusion_ends_elapsed_hours_after_its_start_through_a_change_of_clocks():
    zone = ZoneInfo("America/New_York")
    starts = datetime(2025, 3, 8, 21, tzinfo=zone).astimezone(UTC)
    bags = [CalendarBag("B1", starts, starts, starts + timedelta(1))]

    [whole] = plan_infusions([starts], bags, run_hours=RUN).infusions
    [broken] = plan_infusions([starts], bags, run_hours=Fraction(500, 21)).infusions

    # pumps.md case 53: 21:00 EST and 10 hours are 08:00 EDT
    assert whole.ends.astimezone(zone).hour == 8
    assert broken.ends - starts == timedelta(seconds=85714, microseconds=285714)


offsets = st.integers(0, 12)
some_bags = st.lists(st.tuples(st.none() | offsets, st.integers(0, 14), st.integers(0, 4)), max_size=8).map(
    lambda rows: [bag(f"B{place}", dose, good, there) for place, (dose, good, there) in enumerate(rows)]
)


@given(st.sets(offsets).map(sorted), some_bags)
def test_no_bag_twice_none_too_old_and_none_left_that_a_shown_day_needs(doses, bags):
    plan = plan_infusions([day(one) for one in doses], bags, run_hours=RUN)
    by_name = {one.name: one for one in bags}
    used = [one.bag for one in plan.infusions if one.bag]

    assert len(used) == len(set(used))
    assert sorted([*used, *plan.unused]) == sorted(by_name)
    starts = [one.starts for one in plan.infusions]
    if plan.infusions:
        first = [day(one) for one in doses].index(starts[0])
        assert starts == [day(one) for one in doses][first : first + len(starts)]
        assert plan.infusions[0].bag and plan.infusions[-1].bag
    for one in plan.infusions:
        if one.bag:
            assert by_name[one.bag].can_serve(one.starts)
        else:
            assert not any(by_name[name].can_serve(one.starts) for name in plan.unused)
    planned = [one for one in bags if one.dose is not None and one.can_serve(one.dose)]
    found = {one.bag: one.starts for one in plan.infusions}
    for one in planned:
        alone = sum(other.dose == one.dose for other in planned) == 1
        if alone and one.dose in {day(number) for number in doses}:
            assert found[one.name] == one.dose
