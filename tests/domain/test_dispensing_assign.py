"""Giving real bags to doses: boundaries, and the largest matching found by trying every way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.dispensing_assign import BagThere, assign_bags

START = datetime(2026, 11, 9, tzinfo=UTC)


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def assign(doses: list[int], bags: list[tuple[int, int]]) -> tuple[list[int | None], list[int]]:
    found = assign_bags(
        [at(dose) for dose in doses], [BagThere(at(there), at(until)) for there, until in bags]
    )
    assert [dose for dose, _ in found.served] == [at(dose) for dose in sorted(doses)]
    assert found.without_bag == tuple(dose for dose, place in found.served if place is None)
    return [place for _, place in found.served], list(found.unused)


@pytest.mark.parametrize(
    ("doses", "bags", "served", "unused"),
    [
        pytest.param([10], [(0, 10)], [None], [0], id="beyond use at the dose: an equal instant is too late"),
        pytest.param([10], [(0, 11)], [0], [], id="beyond use an hour after the dose"),
        pytest.param([10], [(10, 20)], [0], [], id="there exactly at the dose"),
        pytest.param([10], [(11, 20)], [None], [0], id="comes after the dose"),
        pytest.param([1, 2], [(0, 9), (0, 5)], [1, 0], [], id="earliest beyond-use date first"),
        pytest.param([1], [(0, 9), (0, 9)], [0], [1], id="equal dates: the first listed"),
        pytest.param([1, 2, 3], [(0, 9), (0, 9)], [0, 1, None], [], id="short: the later dose goes without"),
        pytest.param([5, 1], [(0, 3), (0, 9)], [0, 1], [], id="doses are taken in time order"),
        pytest.param([], [(0, 3)], [], [0], id="no dose"),
    ],
)
def test_cases(
    doses: list[int], bags: list[tuple[int, int]], served: list[int | None], unused: list[int]
) -> None:
    assert assign(doses, bags) == (served, unused)


def test_domain_md_6_3_vector_a() -> None:
    """Nine bags delivered, three taken; 2 of every 3 days from day 4: four can be started, two expire."""
    bags = [(0, 9 * 24 + 9)] * 6
    doses = [day * 24 + 21 for day in (3, 4, 6, 7, 9, 10)]

    served, unused = assign(doses, bags)

    assert served == [0, 1, 2, 3, None, None] and unused == [4, 5]


def most(doses: list[int], bags: list[tuple[int, int]]) -> int:
    """Try every order of the bags against the doses."""
    places: list[int | None] = [*range(len(bags)), *([None] * len(doses))]
    return max(
        sum(
            place is not None and bags[place][0] <= dose < bags[place][1]
            for dose, place in zip(doses, chosen, strict=True)
        )
        for chosen in permutations(places, len(doses))
    )


HOURS = st.integers(0, 8)


@given(st.lists(HOURS, max_size=4), st.lists(st.tuples(HOURS, HOURS), max_size=4))
def test_no_other_way_serves_more(doses: list[int], bags: list[tuple[int, int]]) -> None:
    served, unused = assign(doses, bags)

    places = [place for place in served if place is not None]
    assert sorted([*places, *unused]) == list(range(len(bags)))
    for dose, place in zip(sorted(doses), served, strict=True):
        assert place is None or bags[place][0] <= dose < bags[place][1]
    assert len(places) == most(doses, bags)
