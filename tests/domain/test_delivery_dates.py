"""The fewest deliveries, against every set of dates settled by the dispense rules (calculators.md)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmacy.domain.delivery_dates import ChosenDelivery, choose_deliveries
from pharmacy.domain.dispensing_bags import BagsOnHand
from pharmacy.domain.dispensing_settle import PlannedArrival, Settlement, settle

START = datetime(2026, 11, 9, tzinfo=UTC)


class Case(NamedTuple):
    """Hours of the doses and of the possible arrivals, how long a bag lasts, bags on hand, bags a dose."""

    doses: list[int]
    arrivals: list[int]
    lasts: int
    on_hand: list[tuple[int, int]] = []
    each: int = 1


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def hour(instant: datetime) -> int:
    return (instant - START) // timedelta(hours=1)


def stock(on_hand: list[tuple[int, int]]) -> list[BagsOnHand]:
    return [BagsOnHand(bags, at(beyond_use)) for bags, beyond_use in on_hand]


def possible(arrivals: list[int], lasts: int) -> list[PlannedArrival]:
    return [PlannedArrival(at(arrives), at(arrives + lasts)) for arrives in arrivals]


def choose(case: Case) -> list[ChosenDelivery]:
    return choose_deliveries(
        [at(dose) for dose in case.doses],
        on_hand=stock(case.on_hand),
        arrivals=possible(case.arrivals, case.lasts),
        bags_per_dose=case.each,
    )


def dates(chosen: list[ChosenDelivery]) -> list[int]:
    return [hour(one.arrival.arrives) for one in chosen]


def settled(case: Case, arrivals: list[int]) -> Settlement:
    return settle(
        [at(dose) for dose in case.doses],
        starts=at(-2000),
        ends=at(2000),
        on_hand=stock(case.on_hand),
        deliveries=possible(arrivals, case.lasts),
        bags_per_dose=case.each,
    )


def weigh(case: Case, arrivals: list[int]) -> tuple[int, int, int, list[int]]:
    plan = settled(case, arrivals)
    return len(plan.uncovered), len(arrivals), sum(one.bags for one in plan.deliveries), arrivals


def list_sets(hours: list[int]) -> list[list[int]]:
    return [list(some) for size in range(len(hours) + 1) for some in combinations(hours, size)]


def try_all(case: Case) -> list[int]:
    """Settle every set of dates and take the best; slow and plain."""
    return min(weigh(case, some) for some in list_sets(case.arrivals))[3]


DAILY = [21 + 24 * day for day in range(4)]


@pytest.mark.parametrize(
    ("case", "chosen"),
    [
        pytest.param(Case([], [0, 24], 48), [], id="no dose needs no delivery"),
        pytest.param(Case(DAILY, [], 48), [], id="no date is possible"),
        pytest.param(Case(DAILY, [0, 24, 48], 96), [0], id="one delivery serves all"),
        pytest.param(
            Case(DAILY, [0, 24, 48], 72), [0, 24], id="the second comes as early as it can serve the last"
        ),
        pytest.param(
            Case(DAILY, [0, 24, 48], 45), [0, 24, 48], id="the last dose is at the beyond-use date of 48"
        ),
        pytest.param(
            Case(DAILY, [0, 24, 48], 46), [0, 48], id="two doses a delivery: the date between is not needed"
        ),
        pytest.param(Case(DAILY, [0, 48], 48), [0, 48], id="both are needed"),
        pytest.param(Case(DAILY, [22], 96), [22], id="a dose before the first possible date stays without"),
        pytest.param(Case([21], [21], 5), [21], id="a bag that arrives with the dose serves it"),
        pytest.param(Case([21], [22], 5), [], id="a bag that arrives after the dose does not"),
        pytest.param(Case([21], [16], 5), [], id="at the beyond-use date it is too late"),
        pytest.param(Case([21], [16, 17], 5), [17], id="a date whose bag is too old is not chosen"),
        pytest.param(Case(DAILY, [0, 24, 48], 96, [(4, 200)]), [], id="bags on hand serve all"),
        pytest.param(
            Case(DAILY, [0, 24, 48, 72], 96, [(2, 200)]), [0], id="any date would do, the earliest is taken"
        ),
        pytest.param(
            Case(DAILY, [0, 24, 48, 72], 50, [(2, 200)]), [0], id="bags on hand are kept for the last doses"
        ),
        pytest.param(
            Case(DAILY, [0, 24, 48, 72], 46, [(2, 60)]), [48], id="bags on hand go first where they expire"
        ),
        pytest.param(
            Case(DAILY, [0, 48], 22, [(1, 200)]), [0, 48], id="kept for the dose that no delivery can serve"
        ),
        pytest.param(
            Case([5, 30], [0], 10, [(1, 90)]),
            [0],
            id="a bag on hand is kept when no delivery can serve the last",
        ),
        pytest.param(
            Case(DAILY, [0, 24], 96, [(3, 200)], 2), [0], id="a single bag left over serves no dose of two"
        ),
    ],
)
def test_dates(case: Case, chosen: list[int]) -> None:
    assert dates(choose(case)) == chosen
    assert try_all(case) == chosen


def test_another_delivery_can_leave_more_doses_out() -> None:
    """Why taking every possible date is not the answer: the second lets the first dose take the last bag."""
    case = Case([5, 40], [0, 20], 15, [(1, 90)])

    assert [hour(one.dose) for one in settled(case, [0, 20]).uncovered] == [40]
    assert settled(case, [0]).uncovered == ()
    assert dates(choose(case)) == [0]


@pytest.mark.parametrize("on_hand", [[], [(1, 99)], [(1, 25), (1, 99)], [(2, 43)]], ids=str)
@pytest.mark.parametrize(("lasts", "each"), [(12, 1), (21, 1), (30, 1), (21, 2)])
def test_every_case_of_a_small_world(on_hand: list[tuple[int, int]], lasts: int, each: int) -> None:
    for doses in list_sets([8, 20, 32, 44, 56]):
        for arrivals in list_sets([5, 20, 30, 40]):
            case = Case(doses, arrivals, lasts, on_hand, each)

            assert dates(choose(case)) == try_all(case), case


@st.composite
def small_cases(draw: st.DrawFn) -> Case:
    hours = st.integers(0, 60)
    return Case(
        doses=sorted(draw(st.sets(hours, max_size=12))),
        arrivals=sorted(draw(st.sets(hours, max_size=7))),
        lasts=draw(st.integers(1, 40)),
        on_hand=draw(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 80)), max_size=4)),
        each=draw(st.integers(1, 3)),
    )


@settings(max_examples=250)
@given(small_cases())
def test_no_set_of_dates_is_better(case: Case) -> None:
    assert dates(choose(case)) == try_all(case)


@settings(max_examples=150)
@given(small_cases())
def test_without_a_delivery_its_first_dose_is_left_out(case: Case) -> None:
    chosen = choose(case)
    with_all = {one.dose for one in settled(case, dates(chosen)).uncovered}
    for place, one in enumerate(chosen):
        others = dates(chosen[:place] + chosen[place + 1 :])
        without = {one.dose for one in settled(case, others).uncovered}

        assert one.first_dose == min(without - with_all)
        assert one.relies_on == (chosen[place - 1].arrival if place else None)


@settings(max_examples=100)
@given(small_cases(), st.integers(-1000, 1000))
def test_another_clock_changes_nothing(case: Case, shift: int) -> None:
    moved = Case(
        [dose + shift for dose in case.doses],
        [arrival + shift for arrival in case.arrivals],
        case.lasts,
        [(bags, beyond_use + shift) for bags, beyond_use in case.on_hand],
        case.each,
    )

    assert [date - shift for date in dates(choose(moved))] == dates(choose(case))


@settings(max_examples=100)
@given(small_cases(), st.integers(1, 20))
def test_bags_that_last_longer_need_no_more_deliveries_when_none_are_on_hand(case: Case, more: int) -> None:
    """With bags on hand they may: fewer doses are left out then, or bags on hand are used up sooner."""
    case = case._replace(on_hand=[])
    longer = case._replace(lasts=case.lasts + more)
    before, after = weigh(case, dates(choose(case))), weigh(longer, dates(choose(longer)))

    assert after[0] <= before[0]
    assert after[0] < before[0] or after[1] <= before[1]
