"""The steps of making a bag: what is drawn from which container, and the two volumes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmacy.domain.admixture import compute_batch
from pharmacy.domain.preparation_steps import (
    EnteredContainer,
    Need,
    Share,
    find_opened,
    is_agreed,
    measured_ml,
    share_out,
)

NOON = datetime(2026, 11, 9, 12, tzinfo=UTC)
UNTIL = NOON + timedelta(hours=12)


def container(number, left, until=UNTIL):
    return EnteredContainer(number, Decimal(left), until)


def need(volume, size, *, pool=False):
    return Need(Decimal(volume), Decimal(size), pool)


@pytest.mark.parametrize(
    ("wanted", "containers", "expected"),
    [
        pytest.param(need(4, 10), [(1, "10")], [(1, "4")], id="one vial serves"),
        pytest.param(need(4, 10), [(1, "4")], [(1, "4")], id="exactly enough"),
        pytest.param(need(4, 10), [(1, "3.99")], [], id="just too little"),
        pytest.param(need(4, 10), [(1, "2"), (2, "2")], [], id="remnants are not combined"),
        pytest.param(need(4, 10), [(1, "2"), (2, "10")], [(2, "4")], id="the one that holds enough"),
        pytest.param(need(4, 10, pool=True), [(1, "2"), (2, "10")], [(1, "2"), (2, "2")], id="pooled"),
        pytest.param(need(4, 10, pool=True), [(1, "2"), (2, "1.5")], [], id="pooled, still short"),
        pytest.param(
            need(4, 10, pool=True), [(1, "0"), (2, "4")], [(2, "4")], id="an empty one gives nothing"
        ),
        pytest.param(
            need(5, 2), [(1, "2"), (2, "2"), (3, "2")], [(1, "2"), (2, "2"), (3, "1")], id="whole vials"
        ),
        pytest.param(need(5, 2), [(1, "2"), (2, "2")], [], id="whole vials, one missing"),
        pytest.param(
            need(4, 2), [(1, "2"), (2, "1"), (3, "2")], [(1, "2"), (3, "2")], id="an entered one is no whole"
        ),
        pytest.param(need(100, 100), [(1, "100")], [(1, "100")], id="the whole bag of diluent"),
        pytest.param(need(100, 100), [(1, "99")], [], id="never another bag's diluent"),
    ],
)
def test_shares(wanted, containers, expected):
    shares = share_out(wanted, [container(*one) for one in containers], at=NOON)

    assert shares == tuple(Share(number, Decimal(volume)) for number, volume in expected)


@pytest.mark.parametrize("pool", [False, True])
@pytest.mark.parametrize(("before", "serves"), [(1, True), (0, False), (-1, False)])
def test_the_clock_of_an_open_container_gates_it(pool, before, serves):
    wanted, at = need(4, 10, pool=pool), UNTIL - timedelta(seconds=before)

    assert bool(share_out(wanted, [container(1, 10)], at=at)) is serves
    assert (find_opened(wanted, [container(1, 10)], at=at) is not None) is serves


def test_the_first_open_container_that_serves_is_drawn_from():
    containers = [container(1, 3), container(2, 6), container(3, 10)]

    assert find_opened(need(4, 10), containers, at=NOON) == containers[1]
    assert find_opened(need(4, 10, pool=True), containers, at=NOON) == containers[0]
    assert find_opened(need(4, 10), [], at=NOON) is None


@given(
    volume=st.integers(1, 1500),
    size=st.integers(100, 1000),
    bags=st.integers(1, 12),
    pool=st.booleans(),
)
@settings(max_examples=200)
def test_making_all_bags_opens_exactly_the_vials_of_the_worksheet(volume, size, bags, pool):
    """The station and the worksheet count alike: scan an open vial where one serves, else a new one."""
    wanted = need(Decimal(volume) / 100, Decimal(size) / 100, pool=pool)
    left: dict[int, Decimal] = {}
    for _ in range(bags):
        scanned: list[int] = []
        while not share_out(wanted, [container(one, left[one]) for one in scanned], at=NOON):
            others = [container(one, left[one]) for one in left if one not in scanned]
            found = find_opened(wanted, others, at=NOON)
            if found is None:
                left[len(left)] = wanted.container_ml
                scanned.append(len(left) - 1)
            else:
                scanned.append(found.container_id)
        for share in share_out(wanted, [container(one, left[one]) for one in scanned], at=NOON):
            left[share.container_id] -= share.volume_ml
        assert min(left.values()) >= 0

    batch = compute_batch(additive_ml=wanted.volume_ml, vial_ml=wanted.container_ml, bags=bags, pool=pool)
    assert len(left) == batch.vials
    assert sum(left.values()) == batch.waste_ml


@given(
    volume=st.integers(1, 800),
    lefts=st.lists(st.integers(0, 400), max_size=5),
    pool=st.booleans(),
)
def test_shares_are_all_or_nothing_and_never_more_than_is_left(volume, lefts, pool):
    containers = [container(number, left) for number, left in enumerate(lefts)]

    shares = share_out(need(volume, 400, pool=pool), containers, at=NOON)

    assert sum(one.volume_ml for one in shares) in (0, volume)
    assert all(0 < one.volume_ml <= lefts[one.container_id] for one in shares)
    if pool:
        assert bool(shares) is (sum(lefts) >= volume)


@pytest.mark.parametrize(
    ("first", "second", "agrees"),
    [("4", "4", True), ("4.0", "4.00", True), ("4.01", "4", False), ("4", "3.99", False), ("5", "5", False)],
)
def test_both_volumes_are_compared_with_the_order(first, second, agrees):
    found = is_agreed(needed_ml=Decimal(4), first_ml=Decimal(first), second_ml=Decimal(second))

    assert found is agrees


@pytest.mark.parametrize(
    ("volume", "measured"),
    [(Fraction(4), "4"), (Fraction(20, 3), "6.67"), (Fraction("4.005"), "4.01"), (Decimal("4.0049"), "4")],
)
def test_volumes_are_measured_to_a_hundredth(volume, measured):
    assert measured_ml(volume) == Decimal(measured)
