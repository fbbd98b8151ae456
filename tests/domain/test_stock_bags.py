"""Which bag of stock fits an order, and which goes to which dose: cases, and brute force."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.stock_bags import Makeup, StockBag, find_misfit, give_first_beyond_use_first

AT = datetime(2026, 11, 9, 14, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
MAKEUP = Makeup(
    formula="MG-2G-100",
    additive=1,
    diluent=2,
    dose_mg=Decimal(2000),
    diluent_volume_ml=Decimal(100),
    method="add",
    fill_ml=None,
    prime_ml=Decimal(2),
    residual_ml=Decimal(1),
    delivery_basis="whole_bag",
    route="subcutaneous",
    storage="refrigerator",
    container="polyolefin bag",
)
OTHER = {
    "formula": "MG-4G-100",
    "additive": 9,
    "diluent": 9,
    "dose_mg": Decimal(4000),
    "diluent_volume_ml": Decimal(250),
    "method": "replace",
    "fill_ml": Decimal(100),
    "prime_ml": Decimal(3),
    "residual_ml": Decimal(2),
    "delivery_basis": "nominal",
    "route": "intravenous",
    "storage": "room",
    "container": "PVC bag",
}


def bag(number=1, *, hours=48, **changes):
    values = {
        "bag_id": number,
        "serial": f"B-{number}",
        "makeup": MAKEUP,
        "beyond_use": AT + timedelta(hours=hours),
        "released": True,
        "labelled": True,
        "lots_usable": True,
    }
    return StockBag(**values | changes)


def test_the_same_bag_fits():
    assert find_misfit(bag(), MAKEUP, until=AT, at=AT) is None


@pytest.mark.parametrize(("name", "value"), OTHER.items())
def test_a_bag_that_differs_in_anything_does_not_fit(name, value):
    words = find_misfit(bag(), replace(MAKEUP, **{name: value}), until=AT, at=AT)

    assert words.startswith("Bag B-1 is another bag than the order asks for: ")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"released": False}, "is not released"),
        ({"labelled": False}, "No stock label that holds"),
        ({"lots_usable": False}, "in quarantine or recalled"),
    ],
)
def test_a_bag_that_is_held_back_does_not_fit(changes, words):
    assert words in find_misfit(bag(**changes), MAKEUP, until=AT, at=AT)


@pytest.mark.parametrize(
    ("until", "words"), [(-TICK, None), (timedelta(0), "when it is needed"), (TICK, "when it is needed")]
)
def test_a_bag_must_be_started_before_its_date_when_it_is_needed(until, words):
    one = bag()
    found = find_misfit(one, MAKEUP, until=one.beyond_use + until, at=AT)

    assert (found is None) if words is None else (words in found)


@pytest.mark.parametrize(("at", "fits"), [(-TICK, True), (timedelta(0), False), (TICK, False)])
def test_a_bag_past_its_date_fits_nothing(at, fits):
    one = bag()

    assert (find_misfit(one, MAKEUP, until=AT, at=one.beyond_use + at) is None) is fits


def give(bags, doses, spares=0):
    return give_first_beyond_use_first(bags, MAKEUP, doses=doses, spares=spares, spare_until=AT, at=AT)


def test_the_bag_that_must_be_started_first_goes_to_the_first_dose():
    later, sooner = bag(1, hours=72), bag(2, hours=30)
    doses = [AT + timedelta(hours=48), AT + timedelta(hours=24)]

    assert give([later, sooner], doses) == [(sooner, doses[1]), (later, doses[0])]


def test_a_bag_too_old_for_every_dose_may_still_be_a_spare():
    old, good = bag(1, hours=3), bag(2, hours=30)
    dose = AT + timedelta(hours=24)

    assert give([old, good], [dose], spares=1) == [(good, dose), (old, None)]


hours = st.lists(st.integers(1, 12), max_size=5)


def most_served(lives, doses):
    """Try every order of the bags; count the doses that a bag can be started for, at best."""
    size = min(len(lives), len(doses))
    chosen = permutations(range(len(lives)), size)
    return max(
        (
            sum(lives[bag] > dose for bag, dose in zip(order, picked, strict=True))
            for order in chosen
            for picked in permutations(doses, size)
        ),
        default=0,
    )


@given(lives=hours, doses=hours)
def test_as_many_doses_as_possible_get_a_bag(lives, doses):
    bags = [bag(number, hours=life) for number, life in enumerate(lives)]
    given_out = give(bags, [AT + timedelta(hours=dose) for dose in doses])

    assert len(given_out) == most_served(lives, doses)
    assert len({one.bag.bag_id for one in given_out}) == len(given_out)
    assert all(one.bag.beyond_use > one.dose for one in given_out)
