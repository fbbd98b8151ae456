"""Where a bag of a recall stands, that the count leaves nothing out, and what stops the closing."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.errors import Refusal
from pharmacy.domain.recall import (
    LEAST_ATTEMPTS,
    OPEN,
    Decision,
    Standing,
    ensure_tried_enough,
    find_obstacles_to_closing,
    rank_call,
    reconcile,
    stand,
    stand_in_drill,
)
from pharmacy.domain.statuses import BagStatus

S, D = Standing, Decision
STANDS = {
    BagStatus.PLANNED: S.IN_WORK,
    BagStatus.MADE: S.HERE,
    BagStatus.REWORK: S.HERE,
    BagStatus.QUARANTINED: S.HERE,
    BagStatus.RELEASED: S.HERE,
    BagStatus.REJECTED: S.HERE,
    BagStatus.PACKED: S.IN_A_BOX,
    BagStatus.DELIVERED: S.AT_HOME,
    BagStatus.RETURNED: S.CAME_BACK,
    BagStatus.USED: S.USED,
    BagStatus.DESTROYED: S.DESTROYED,
    BagStatus.CANCELLED: S.NOT_MADE,
}
GONE = (BagStatus.USED, BagStatus.DESTROYED, BagStatus.CANCELLED)


@pytest.mark.parametrize("status", BagStatus)
def test_a_bag_stands_by_its_status_until_somebody_decides(status):
    assert stand(status, None) is STANDS[status]
    assert (STANDS[status] in OPEN) is (status not in GONE)


@pytest.mark.parametrize("status", BagStatus)
def test_a_bag_is_cleared_wherever_it_is_but_not_once_it_is_gone(status):
    assert stand(status, D.CLEARED) is (STANDS[status] if status in GONE else S.CLEARED)


@pytest.mark.parametrize("status", BagStatus)
def test_only_a_bag_at_home_is_written_off_and_one_that_comes_back_is_open_again(status):
    at_home = status is BagStatus.DELIVERED
    assert stand(status, D.UNREACHABLE) is (S.UNREACHABLE if at_home else STANDS[status])


@pytest.mark.parametrize("status", BagStatus)
def test_in_a_drill_a_bag_is_open_until_it_was_looked_for(status):
    assert stand_in_drill(status, None) is (STANDS[status] if status in GONE else S.TO_LOCATE)
    assert stand_in_drill(status, D.LOCATED) is S.LOCATED
    assert stand_in_drill(status, D.NOT_LOCATED) is S.NOT_LOCATED


statuses, decisions = st.sampled_from(BagStatus), st.none() | st.sampled_from(Decision)


@given(st.lists(st.tuples(statuses, decisions)), st.booleans())
def test_affected_is_always_accounted_plus_open(bags, is_drill):
    rule = stand_in_drill if is_drill else stand
    found = reconcile(rule(*bag) for bag in bags)

    assert found.affected == len(bags) == found.accounted + found.open
    assert 0 <= found.located <= found.affected
    assert found.open == sum(rule(*bag) in OPEN for bag in bags)
    assert (found.percent_located is None) is (not bags)


@given(statuses, decisions)
def test_what_is_gone_never_becomes_open(status, decision):
    if stand(status, None) not in OPEN:
        assert stand(status, decision) not in OPEN


def test_what_is_written_off_or_not_found_counts_as_accounted_and_not_as_located():
    found = reconcile([S.LOCATED, S.NOT_LOCATED, S.UNREACHABLE, S.TO_LOCATE])

    assert (found.accounted, found.open, found.located) == (3, 1, 1)
    assert found.percent_located == Fraction(25)
    assert found.say() == "4 bags affected = 3 accounted for + 1 open"


def obstacles(*standings, not_told=(), containers=0, is_drill=False):
    return find_obstacles_to_closing(
        reconcile(standings), not_told=not_told, containers=containers, is_drill=is_drill
    )


def test_a_recall_closes_at_zero():
    assert obstacles(S.DESTROYED, S.USED, S.CLEARED, S.UNREACHABLE, S.NOT_MADE) == []
    assert obstacles() == []


def test_everything_in_the_way_of_closing_is_said():
    assert obstacles(S.AT_HOME, not_told=["Dr. Larch"], containers=2) == [
        "1 bag is not accounted for yet.",
        "2 containers of its lots still in stock. Destroy or send back what is there, and record that.",
        "No notice is recorded for Dr. Larch.",
    ]
    assert obstacles(S.HERE, S.HERE) == ["2 bags are not accounted for yet."]


def test_a_drill_needs_no_notice_and_leaves_the_shelf_alone():
    assert obstacles(S.LOCATED, not_told=["Dr. Larch"], containers=2, is_drill=True) == []
    assert obstacles(S.TO_LOCATE, is_drill=True) == ["1 bag is not accounted for yet."]


@pytest.mark.parametrize("attempts", [0, 1, LEAST_ATTEMPTS - 1])
def test_nobody_is_written_off_after_too_few_calls(attempts):
    with pytest.raises(Refusal, match="Larkspur was called .* a bag is written off after 3 calls"):
        ensure_tried_enough("Larkspur", attempts=attempts)


def test_enough_calls_are_enough():
    ensure_tried_enough("Larkspur", attempts=LEAST_ATTEMPTS)
    ensure_tried_enough("Larkspur", attempts=LEAST_ATTEMPTS + 1)


def test_open_and_unreached_stand_first_then_what_is_due_first():
    now = datetime(2026, 11, 9, tzinfo=UTC)
    later = now + timedelta(hours=1)
    ranks = [
        rank_call(open_bags=2, reached=False, due=now, name="B"),
        rank_call(open_bags=1, reached=False, due=later, name="A"),
        rank_call(open_bags=1, reached=True, due=now, name="A"),
        rank_call(open_bags=0, reached=False, due=now, name="A"),
        rank_call(open_bags=0, reached=False, due=now, name="B"),
    ]
    assert ranks == sorted(ranks)
