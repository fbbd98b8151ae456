"""The dispense plan when bags are made already (domain.md 6.3): cases, and what holds for every plan."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.dispensing import (
    BagsOnHand,
    DispensePlan,
    OnHandUse,
    PlannedArrival,
    Segment,
    Source,
    Why,
    plan_dispensing,
)
from pharmacy.domain.dispensing_ready import count_use, plan_with_ready_bags, working_with_ready_bags
from pharmacy.domain.frequency import parse_frequency

ZONE = ZoneInfo("America/New_York")
FIRST = datetime.combine(date(2026, 11, 9), time(21))


def day(number: int, hour: int = 21) -> datetime:
    """Return an hour of a day of the therapy; day 1 is Monday 9 November 2026."""
    local = FIRST.replace(hour=hour) + timedelta(days=number - 1)
    return local.replace(tzinfo=ZONE).astimezone(UTC)


def plan(
    *,
    last: int,
    home: list[tuple[int, int]] | None = None,
    ready: list[tuple[int, int]] | None = None,
    arrives: list[tuple[int, int]] | None = None,
    spare: int = 0,
    authorized: int = 100,
    text: str = "daily",
) -> DispensePlan:
    """Plan doses at 21:00 from day 1 to day `last`; bags as (bags, day of beyond use at noon)."""
    return plan_with_ready_bags(
        zone=ZONE,
        regimen=[Segment(FIRST.replace(hour=0), parse_frequency(text), FIRST)],
        starts=day(1, 0),
        ends=day(last + 1, 0),
        at_home=[BagsOnHand(bags, day(until, 12)) for bags, until in home or []],
        ready=[BagsOnHand(bags, day(until, 12)) for bags, until in ready or []],
        deliveries=[PlannedArrival(day(on, 9), day(until, 12)) for on, until in arrives or []],
        spare_bags=spare,
        authorized_bags=authorized,
    )


def days_served(found: DispensePlan, source: Source, index: int) -> list[int]:
    return [
        (one.dose - day(1)).days + 1 for one in found.serves if one.source is source and one.index == index
    ]


def test_ready_bags_serve_no_dose_before_they_arrive() -> None:
    found = plan(last=5, home=[(1, 9)], ready=[(2, 9)], arrives=[(3, 12)])

    assert days_served(found, Source.ON_HAND, 0) == [1]
    assert days_served(found, Source.ON_HAND, 1) == [3, 4]
    assert days_served(found, Source.DELIVERY, 0) == [5]
    assert [(one.dose, one.why) for one in found.uncovered] == [(day(2), Why.NO_BAG_YET)]
    assert found.deliveries[0].bags == 1


def test_next_needed_looks_at_the_bags_at_home_alone() -> None:
    assert plan(last=5, home=[(1, 9)], ready=[(9, 9)], arrives=[(1, 12)]).next_needed == day(2)


def test_nothing_is_made_when_what_is_ready_is_enough() -> None:
    found = plan(last=4, ready=[(5, 6)], arrives=[(1, 12)])

    assert found.deliveries[0].bags == 0
    assert found.on_hand == OnHandUse(used=4, spare=1, expires_unused=0)


def test_ready_bags_that_are_too_old_are_made_anew() -> None:
    found = plan(last=6, ready=[(6, 4)], arrives=[(1, 12)])

    assert days_served(found, Source.ON_HAND, 0) == [1, 2, 3]
    assert found.deliveries[0].bags == 3
    assert found.on_hand == OnHandUse(used=3, spare=0, expires_unused=3)


def test_ready_bags_count_as_spares() -> None:
    assert plan(last=3, ready=[(4, 9)], arrives=[(1, 12)], spare=2).deliveries[0].spares == 1


def test_without_a_delivery_ready_bags_stay_where_they_are() -> None:
    found = plan(last=2, ready=[(2, 9)])

    assert len(found.uncovered) == 2 and found.stock == ()


def test_the_authorised_quantity_caps_what_is_made_only() -> None:
    found = plan(last=5, ready=[(2, 9)], arrives=[(1, 12)], authorized=2)

    assert found.deliveries[0].bags == 2
    assert [one.why for one in found.uncovered] == [Why.AUTHORIZED_QUANTITY]


def test_the_working_tells_ready_bags_from_those_at_home() -> None:
    found = plan(last=3, home=[(1, 9)], ready=[(1, 9)], arrives=[(2, 12)])

    lines = working_with_ready_bags(found, ZONE, at_home=1)

    assert [line.split(":")[0] for line in lines if "to be started before" in line][:2] == [
        "On hand",
        "Made or in work, comes with delivery 1",
    ]


@pytest.mark.parametrize(("until", "spare"), [(4, 0), (5, 2)], ids=["expired at the end", "after the end"])
def test_what_is_left_is_spare_while_it_can_be_started_at_the_end(until: int, spare: int) -> None:
    use = count_use([BagsOnHand(2, day(until, 0))], [], day(4, 0))

    assert use == OnHandUse(used=0, spare=spare, expires_unused=2 - spare)


BAGS = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 12)), max_size=3)
ARRIVES = st.lists(st.integers(1, 10), unique=True, max_size=3).map(sorted)
CASES = {
    "home": BAGS,
    "arrives": ARRIVES.flatmap(lambda days: st.just([(one, one + 5) for one in days])),
    "spare": st.integers(0, 2),
    "authorized": st.integers(0, 20),
    "text": st.sampled_from(["daily", "2 of every 3 days"]),
}


@given(st.fixed_dictionaries(CASES))
def test_without_ready_bags_it_is_the_plan_of_the_rule(case: dict[str, object]) -> None:
    found = plan(last=10, **case)  # type: ignore[arg-type]

    assert found == plan_dispensing(
        zone=ZONE,
        regimen=found.regimen,
        starts=found.starts,
        ends=found.ends,
        on_hand=found.stock,
        deliveries=[PlannedArrival(one.arrives, one.beyond_use) for one in found.deliveries],
        spare_bags=found.spare_bags,
        authorized_bags=found.authorized_bags,
    )


@given(st.fixed_dictionaries({**CASES, "ready": BAGS}))
def test_every_bag_serves_one_dose_that_it_can_serve(case: dict[str, object]) -> None:
    found = plan(last=10, **case)  # type: ignore[arg-type]
    at_home = len(case["home"])  # type: ignore[arg-type]

    served = [(one.dose, one.source, one.index) for one in found.serves]
    used = {(source, index): 0 for _, source, index in served}
    for dose, source, index in served:
        used[source, index] += 1
        origin = found.stock if source is Source.ON_HAND else found.deliveries
        assert dose < origin[index].beyond_use
        if source is Source.DELIVERY:
            assert found.deliveries[index].arrives <= dose
        elif index >= at_home:
            assert found.deliveries[0].arrives <= dose
    for (source, index), count in used.items():
        assert count <= (found.stock if source is Source.ON_HAND else found.deliveries)[index].bags
    assert len(served) + len(found.uncovered) == len(found.doses)
    assert found.on_hand == count_use(found.stock, found.taken, found.ends)
    assert sum(one.bags for one in found.deliveries) <= found.authorized_bags  # type: ignore[operator]


@given(st.fixed_dictionaries({**CASES, "ready": BAGS}))
def test_bags_that_are_ready_from_the_start_are_bags_at_home(case: dict[str, object]) -> None:
    """With the first delivery at the start, the split must not show."""
    case = {**case, "arrives": [(1, 6), *((on, until) for on, until in case["arrives"] if on > 1)]}  # type: ignore[attr-defined]
    found = plan(last=10, **case)  # type: ignore[arg-type]
    moved = plan_with_ready_bags(
        zone=ZONE,
        regimen=found.regimen,
        starts=day(1, 9),
        ends=found.ends,
        at_home=found.stock,
        ready=[],
        deliveries=[PlannedArrival(one.arrives, one.beyond_use) for one in found.deliveries],
        spare_bags=found.spare_bags,
        authorized_bags=found.authorized_bags or 0,
    )

    assert (found.taken, found.deliveries, found.uncovered, found.on_hand) == (
        moved.taken,
        moved.deliveries,
        moved.uncovered,
        moved.on_hand,
    )
