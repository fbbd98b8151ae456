"""How long things took: medians and ninth tenths against sorting by hand."""

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.spread import spread_of, whole_minutes


def minutes(*values):
    return [timedelta(minutes=value) for value in values]


def test_nothing_has_no_spread():
    assert spread_of([]) is None


@pytest.mark.parametrize(
    ("values", "median", "nine_in_ten", "longest"),
    [
        ((7,), 7, 7, 7),
        ((10, 4), 7, 10, 10),
        ((3, 1, 2), 2, 3, 3),
        (range(1, 10), 5, 9, 9),
        (range(1, 11), Fraction(11, 2), 9, 10),
        (range(1, 12), 6, 10, 11),
        (range(1, 21), Fraction(21, 2), 18, 20),
        (range(1, 22), 11, 19, 21),
    ],
)
def test_a_table_of_spreads(values, median, nine_in_ten, longest):
    found = spread_of(minutes(*values))

    assert found.median == timedelta(seconds=int(median * 60))
    assert (found.nine_in_ten, found.longest) == tuple(minutes(nine_in_ten, longest))
    assert found.count == len(list(values))


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=60))
def test_nine_in_ten_is_the_least_that_nine_in_ten_stay_within(values):
    found = spread_of(minutes(*values)).nine_in_ten // timedelta(minutes=1)

    assert found in values
    assert sum(one <= found for one in values) * 10 >= len(values) * 9
    assert sum(one < found for one in values) * 10 < len(values) * 9


@pytest.mark.parametrize(("seconds", "shown"), [(0, 0), (29, 0), (30, 1), (89, 1), (90, 2), (3600, 60)])
def test_minutes_are_rounded_half_up(seconds, shown):
    assert whole_minutes(timedelta(seconds=seconds)) == shown
