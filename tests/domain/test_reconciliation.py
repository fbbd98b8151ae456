"""Bags and labels counted against each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.reconciliation import CountedBag, CountedLabel, reconcile

MADE, GIVEN_UP = CountedBag("B-1", True, False), CountedBag("B-2", False, True)
ON_BAG, GONE = CountedLabel("B-1", 2, True, False), CountedLabel("B-1", 1, True, True)


def test_the_counts_close_when_every_bag_and_label_is_on_one_side():
    counts = reconcile([MADE, GIVEN_UP], [GONE, ON_BAG])

    assert counts.closes and counts.list_open_ends() == []
    assert (counts.bags.whole, counts.bags.first, counts.bags.second) == (("B-1", "B-2"), ("B-1",), ("B-2",))
    assert (counts.labels.first, counts.labels.second) == (("B-1 copy 2",), ("B-1 copy 1",))


@pytest.mark.parametrize(
    ("bags", "labels", "words"),
    [
        ([MADE, CountedBag("B-3", False, False)], [ON_BAG], "Bag B-3 is neither made nor given up"),
        ([MADE], [CountedLabel("B-1", 1, False, False)], "Label B-1 copy 1 is neither on its bag nor"),
    ],
)
def test_what_is_missing_is_named_with_where_to_look(bags, labels, words):
    counts = reconcile(bags, labels)

    (sentence,) = counts.list_open_ends()
    assert words in sentence and not counts.closes


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=12))
def test_a_count_closes_exactly_when_nothing_is_left_over(found):
    labels = [CountedLabel("B-1", number, *one) for number, one in enumerate(found, start=1)]
    counts = reconcile([], labels)

    assert counts.labels.closes is all(applied or destroyed for applied, destroyed in found)
    assert len(counts.labels.neither) == sum(not applied and not destroyed for applied, destroyed in found)
