"""Several lots in one bag: domain.md 1.3 and pumps.md 4.6, against vials emptied drop by drop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.admixture import compute_batch
from pharmacy.domain.admixture_draws import DrawPlan, LotVolume, plan_draws
from pharmacy.domain.errors import Refusal
from pharmacy.domain.lots import LotOnHand, LotShare, propose_first_expiry_first_out

NOW = datetime(2026, 11, 9, 14, 0, tzinfo=UTC)


def lot(name: str, containers: int = 100, days: int = 30) -> LotOnHand:
    return LotOnHand(ord(name), name, NOW + timedelta(days=days), containers, usable=True)


def plan(drawn: int, vial: int, bags: int, vials: list[tuple[str, int]], *, pool: bool) -> DrawPlan:
    batch = compute_batch(additive_ml=drawn, vial_ml=vial, bags=bags, pool=pool)
    return plan_draws(batch, [LotShare(lot(name), containers) for name, containers in vials])


def written(parts: tuple[LotVolume, ...]) -> str:
    return " + ".join(f"{part.lot.number} {part.volume_ml}" for part in parts)


@pytest.mark.parametrize(
    ("drawn", "vial", "vials", "pool", "bags", "wasted"),
    [
        pytest.param(
            4, 2, [("A", 3), ("B", 3)], False, ["A 4", "A 2 + B 2", "B 4"], "", id="2 mL vials: 2 a bag"
        ),
        pytest.param(
            4, 10, [("A", 1), ("B", 1)], False, ["A 4", "A 4", "B 4"], "A 2 + B 6", id="10 mL, whole bags"
        ),
        pytest.param(
            4, 10, [("A", 1), ("B", 1)], True, ["A 4", "A 4", "A 2 + B 2"], "B 8", id="10 mL, pooled"
        ),
        pytest.param(
            5, 2, [("A", 4), ("B", 5)], False, ["A 5", "A 2 + B 3", "B 5"], "A 1 + B 2", id="more than a vial"
        ),
        pytest.param(
            5,
            2,
            [("A", 4), ("B", 4)],
            True,
            ["A 5", "A 3 + B 2", "B 5"],
            "B 1",
            id="more than a vial, pooled",
        ),
        pytest.param(
            3, 1, [("A", 1), ("B", 1), ("C", 1)], False, ["A 1 + B 1 + C 1"], "", id="three lots in a bag"
        ),
        pytest.param(2, 1, [("A", 1), ("B", 1), ("A", 2)], False, ["A 1 + B 1", "A 2"], "", id="a lot twice"),
        pytest.param(10, 10, [("A", 2)], False, ["A 10", "A 10"], "", id="a vial a bag"),
        pytest.param(4, 10, [("A", 9)], False, ["A 4"], "A 6", id="vials that are not needed stay closed"),
        pytest.param(5, 10, [("A", 1)], False, ["A 5", "A 5"], "", id="the last of a vial"),
    ],
)
def test_each_bag_names_its_lots_with_their_volumes(
    drawn: int, vial: int, vials: list[tuple[str, int]], pool: bool, bags: list[str], wasted: str
) -> None:
    made = plan(drawn, vial, len(bags), vials, pool=pool)

    assert [written(parts) for parts in made.bags] == bags
    assert written(made.wasted) == wasted


def test_short_of_vials_is_refused_with_the_numbers() -> None:
    with pytest.raises(Refusal) as refused:
        plan(4, 10, 5, [("A", 1), ("B", 1)], pool=False)
    assert refused.value.sentence == "3 vials needed for 5 bags, 2 given: 1 short."
    assert refused.value.field == "vials"


def test_first_expiry_first_out_gives_the_lots() -> None:
    """The sample's 5 bags: 3 vials, of which one is left of the lot that expires first."""
    batch = compute_batch(additive_ml=4, vial_ml=10, bags=5, pool=False)
    shelf = [lot("L", 10, days=300), lot("S", 1, days=20)]

    made = plan_draws(batch, propose_first_expiry_first_out(shelf, needed=batch.vials, at=NOW))

    assert [written(parts) for parts in made.bags] == ["S 4", "S 4", "L 4", "L 4", "L 4"]
    assert sum(part.volume_ml for part in made.wasted) == batch.waste_ml


@given(
    st.integers(1, 30),
    st.sampled_from([2, 10, 20]),
    st.integers(1, 12),
    st.booleans(),
    st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 9)), min_size=1, max_size=5),
)
def test_the_plan_is_what_emptying_the_vials_mL_by_mL_gives(
    drawn: int, vial: int, bags: int, pool: bool, given_vials: list[tuple[str, int]]
) -> None:
    batch = compute_batch(additive_ml=drawn, vial_ml=vial, bags=bags, pool=pool)
    closed = [name for name, count in given_vials for _ in range(count)]
    if len(closed) < batch.vials:
        with pytest.raises(Refusal, match="short"):
            plan(drawn, vial, bags, given_vials, pool=pool)
        return

    opened: list[str] = []
    thrown: list[str] = []
    expected = []
    for _ in range(bags):
        if not pool and (len(opened) < drawn):
            thrown, opened = thrown + opened, []
        bag: list[str] = []
        for _ in range(drawn):
            if not opened:
                opened = [closed.pop(0)] * vial
            bag.append(opened.pop())
        if not pool and drawn > vial:
            thrown, opened = thrown + opened, []
        expected.append({name: Fraction(bag.count(name)) for name in set(bag)})
    thrown += opened

    made = plan(drawn, vial, bags, given_vials, pool=pool)

    assert [{part.lot.number: part.volume_ml for part in parts} for parts in made.bags] == expected
    assert {part.lot.number: part.volume_ml for part in made.wasted} == {
        name: thrown.count(name) for name in set(thrown)
    }
    assert sum(part.volume_ml for part in made.wasted) == batch.waste_ml
