"""First expiry, first out: what is proposed, what never is, and what a refusal says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.lots import LotOnHand, is_short_dated, order_of_taking, propose_first_expiry_first_out

NOW = datetime(2026, 11, 9, 14, 0, tzinfo=UTC)
DAY = timedelta(days=1)
AWAY = "all of it stands in quarantine"


def lot(number: str, days: float, containers: int, *, usable: bool = True) -> LotOnHand:
    return LotOnHand(ord(number[0]), number, NOW + days * DAY, containers, usable)


def propose(*lots: LotOnHand, needed: int, lasting_until: datetime | None = None) -> list[tuple[str, int]]:
    shares = propose_first_expiry_first_out(lots, needed=needed, at=NOW, lasting_until=lasting_until)
    return [(share.lot.number, share.containers) for share in shares]


LATE, SOON = lot("LATE", 300, 10), lot("SOON", 30, 2)


@pytest.mark.parametrize(
    ("needed", "expected"),
    [
        (1, [("SOON", 1)]),
        (2, [("SOON", 2)]),
        (3, [("SOON", 2), ("LATE", 1)]),
        (12, [("SOON", 2), ("LATE", 10)]),
    ],
)
def test_the_soonest_expiry_is_taken_first(needed: int, expected: list[tuple[str, int]]) -> None:
    assert propose(LATE, SOON, needed=needed) == expected


def test_equal_expiries_go_by_number() -> None:
    assert propose(lot("B", 30, 1), lot("A", 30, 1), needed=2) == [("A", 1), ("B", 1)]


def test_one_more_than_there_is_is_refused_with_the_numbers() -> None:
    with pytest.raises(Refusal, match=r"^13 containers needed, 12 containers may be used: 1 short\.$"):
        propose(LATE, SOON, needed=13)


def test_expired_and_held_lots_are_never_proposed_and_the_refusal_counts_them() -> None:
    expired, at_its_instant = lot("A", -1, 5), lot("B", 0, 1)
    held = lot("C", 30, 3, usable=False)
    with pytest.raises(Refusal) as refused:
        propose(expired, at_its_instant, held, SOON, needed=3)
    assert refused.value.sentence == (
        "3 containers needed, 2 containers may be used: 1 short. "
        "Not counted: 6 containers expired, 3 containers on hold."
    )
    assert propose(expired, at_its_instant, held, SOON, needed=2) == [("SOON", 2)]


def test_a_lot_that_does_not_last_long_enough_is_left_on_the_shelf() -> None:
    assert propose(LATE, SOON, needed=1, lasting_until=SOON.expires) == [("SOON", 1)]
    assert propose(LATE, SOON, needed=1, lasting_until=SOON.expires + timedelta(seconds=1)) == [("LATE", 1)]
    with pytest.raises(Refusal, match="Not counted: 2 containers expiring too soon"):
        propose(LATE, SOON, needed=11, lasting_until=NOW + 31 * DAY)


@pytest.mark.parametrize("needed", [0, -1])
def test_at_least_one_container_is_asked_for(needed: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        propose(LATE, needed=needed)
    assert refused.value.sentence == "The number of containers needed should be at least 1."
    assert refused.value.field == "needed"


def test_a_refusal_counts_what_stands_on_the_shelf_by_its_reason() -> None:
    shelf = [lot("A", -1, 1), lot("B", 30, 1_000, usable=False), lot("C", 0, 2, usable=False), SOON]

    with pytest.raises(Refusal) as refused:
        propose(*shelf, lot("D", 30, 0), needed=2_500, lasting_until=NOW + 31 * DAY)
    assert refused.value.sentence == (
        "2,500 containers needed, 0 containers may be used: 2,500 short. "
        "Not counted: 3 containers expired, 1,000 containers on hold, 2 containers expiring too soon."
    )


def test_an_empty_shelf_has_nothing_to_count() -> None:
    with pytest.raises(Refusal) as refused:
        propose(needed=1)
    assert refused.value.sentence == "1 container needed, 0 containers may be used: 1 short."


def test_of_equal_expiries_and_numbers_the_first_received_goes_first() -> None:
    first, second = LotOnHand(1, "A", NOW + DAY, 1, True), LotOnHand(2, "A", NOW + DAY, 1, True)

    shares = propose_first_expiry_first_out([second, first], needed=2, at=NOW)

    assert [share.lot.lot_id for share in shares] == [1, 2]


def test_a_lot_may_be_used_before_its_expiry_and_not_at_it() -> None:
    assert SOON.may_be_used(SOON.expires - timedelta(seconds=1))
    assert not SOON.may_be_used(SOON.expires)
    assert not lot("C", 30, 3, usable=False).may_be_used(NOW)


def test_empty_lots_are_not_proposed() -> None:
    assert propose(lot("A", 1, 0), SOON, needed=1) == [("SOON", 1)]


lots = st.lists(
    st.builds(
        LotOnHand,
        lot_id=st.integers(1, 99),
        number=st.sampled_from("ABCDEF"),
        expires=st.integers(-2, 9).map(lambda days: NOW + days * DAY),
        containers=st.integers(0, 4),
        usable=st.booleans(),
    ),
    max_size=6,
)


@given(lots, st.integers(1, 12))
def test_containers_are_taken_one_by_one_from_the_soonest(on_hand: list[LotOnHand], needed: int) -> None:
    shelf = sorted(
        (lot.expires, lot.number, lot.lot_id)
        for lot in on_hand
        for _ in range(lot.containers)
        if lot.usable and lot.expires > NOW
    )
    if len(shelf) < needed:
        with pytest.raises(Refusal, match=f"{needed - len(shelf)} short"):
            propose_first_expiry_first_out(on_hand, needed=needed, at=NOW)
        return

    shares = propose_first_expiry_first_out(on_hand, needed=needed, at=NOW)

    taken = [(lot.expires, lot.number, lot.lot_id) for lot, containers in shares for _ in range(containers)]
    assert taken == shelf[:needed]
    assert all(containers <= lot.containers for lot, containers in shares)


@pytest.mark.parametrize(("seconds", "short"), [(-1, True), (0, False), (1, False)])
def test_short_dated_is_what_expires_before_the_limit(seconds: int, short: bool) -> None:
    expires = NOW + timedelta(days=30, seconds=seconds)

    assert is_short_dated(expires, at=NOW, days=30) is short


def test_the_order_of_taking_says_why() -> None:
    zone = ZoneInfo("America/New_York")
    lots = [
        LotOnHand(1, "LATE", NOW + timedelta(days=20), 5, usable=True),
        LotOnHand(2, "SOON", NOW + timedelta(days=10), 5, usable=True),
        LotOnHand(3, "HELD", NOW + timedelta(days=5), 5, usable=False, held_because="quarantined"),
        LotOnHand(4, "GONE", NOW + timedelta(days=6), 0, usable=True),
        LotOnHand(5, "OLD", NOW, 5, usable=True),
        LotOnHand(6, "STOP", NOW + timedelta(days=30), 5, usable=False),
        LotOnHand(7, "AWAY", NOW + timedelta(days=31), 0, usable=True, held_because=AWAY),
    ]

    turns = order_of_taking(lots, at=NOW, zone=zone)

    assert [one.lot.number for one in turns] == ["SOON", "LATE", "OLD", "HELD", "GONE", "STOP", "AWAY"]
    assert [one.turn for one in turns] == [1, 2, *[None] * 5]
    why = {one.lot.number: one.why for one in turns}
    assert why["SOON"].startswith("expires first of what may be used: ")
    assert why["LATE"].startswith("expires later than those before it: ")
    assert why["OLD"].startswith("expired ") and why["HELD"] == "quarantined"
    assert (why["GONE"], why["STOP"]) == ("none is left", "on hold")
    assert why["AWAY"] == AWAY
