"""Moves to another storage: domain.md 1.5 and calculators.md, beyond-use."""

from __future__ import annotations

import pytest

from pharmacy.domain.beyond_use import (
    LimitRule,
    StabilityEntry,
    Storage,
    StorageMove,
)
from pharmacy.domain.errors import InvalidInput, Refusal
from tests.seed_beyond_use import CATEGORY_1, HOUR, LONG, SECOND, START, assign


# domain.md 1.5, the seed bag: 10 days in a refrigerator, 4 days out of it, never after the tenth day.
@pytest.mark.parametrize(
    ("day_out", "expected_days", "rule"),
    [
        (2, 6, LimitRule.MOVE),
        (6, 10, LimitRule.CATEGORY),
        (7, 10, LimitRule.CATEGORY),
    ],
    ids=["out on day 2", "out on day 6: equal", "out on day 7: capped at day 10"],
)
def test_a_move_gives_the_shorter_of_what_stood_and_the_new_limit(
    day_out: int, expected_days: int, rule: LimitRule
) -> None:
    beyond_use = assign(moves=[StorageMove(START + day_out * 24 * HOUR, Storage.ROOM)])

    assert beyond_use.until == START + expected_days * 24 * HOUR
    assert beyond_use.limited_by is rule


def test_moving_back_restores_nothing() -> None:
    out = StorageMove(START + 24 * HOUR, Storage.ROOM)
    back = StorageMove(START + 25 * HOUR, Storage.REFRIGERATOR)

    assert assign(moves=[out, back]).until == assign(moves=[out]).until == START + 120 * HOUR


def test_a_move_takes_the_shorter_of_category_and_stability_of_its_storage() -> None:
    stability = [*LONG, StabilityEntry(Storage.ROOM, 24, "a study")]

    beyond_use = assign(moves=[StorageMove(START + 48 * HOUR, Storage.ROOM)], stability=stability)

    assert (beyond_use.until, beyond_use.limited_by) == (START + 72 * HOUR, LimitRule.MOVE)
    moved = [limit for limit in beyond_use.limits if limit.rule is LimitRule.MOVE]
    assert [limit.until for limit in moved] == [START + 72 * HOUR, START + 144 * HOUR]


def test_a_move_at_the_start_is_allowed() -> None:
    assert assign(moves=[StorageMove(START, Storage.ROOM)]).until == START + 96 * HOUR


@pytest.mark.parametrize(
    "moves",
    [
        [StorageMove(START - SECOND, Storage.ROOM)],
        [StorageMove(START + 2 * HOUR, Storage.ROOM), StorageMove(START + HOUR, Storage.REFRIGERATOR)],
    ],
    ids=["before the start", "out of order"],
)
def test_moves_out_of_order_are_refused(moves: list[StorageMove]) -> None:
    with pytest.raises(InvalidInput, match="moves should be in time order"):
        assign(moves=moves)


def test_a_move_at_the_date_that_stood_is_refused_and_a_second_before_is_not() -> None:
    first = StorageMove(START + 24 * HOUR, Storage.ROOM)
    stood = START + 120 * HOUR

    for at in (stood, stood + SECOND):
        with pytest.raises(Refusal, match="already beyond use"):
            assign(moves=[first, StorageMove(at, Storage.REFRIGERATOR)])
    assert assign(moves=[first, StorageMove(stood - SECOND, Storage.REFRIGERATOR)]).until == stood


def test_a_move_back_does_not_allow_a_later_move_past_the_date_that_stood() -> None:
    """Out at hour 10 it stands until hour 106; cold again at hour 100, a move at hour 106 is late."""
    out = StorageMove(START + 10 * HOUR, Storage.ROOM)
    back = StorageMove(START + 100 * HOUR, Storage.REFRIGERATOR)

    for hours in (106, 107):
        with pytest.raises(Refusal, match="already beyond use"):
            assign(moves=[out, back, StorageMove(START + hours * HOUR, Storage.ROOM)])
    last = StorageMove(START + 105 * HOUR, Storage.ROOM)
    assert assign(moves=[out, back, last]).until == START + 106 * HOUR


def test_a_move_to_a_storage_without_limit_or_reference_is_refused() -> None:
    into_freezer = [StorageMove(START + HOUR, Storage.FREEZER)]

    with pytest.raises(Refusal, match="not permitted"):
        assign(preparation=CATEGORY_1, moves=into_freezer)
    with pytest.raises(Refusal, match="stability should have"):
        assign(stability=[StabilityEntry(Storage.REFRIGERATOR, 96, "a study")], moves=into_freezer)
