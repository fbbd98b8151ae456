"""Two lists beside each other: whatever they hold, both can be read out of it again, in their order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.side_by_side import Mark, align

LISTS = st.lists(st.sampled_from(["Wipe.", "Scan.", "Draw.", "Mix.", "Seal."]), max_size=8)


@given(LISTS, LISTS)
def test_both_lists_are_read_out_again(was, now):
    lines = align(was, now)

    assert [one.was for one in lines if one.mark is not Mark.ADDED] == was
    assert [one.now for one in lines if one.mark is not Mark.REMOVED] == now
    for one in lines:
        assert (one.mark is Mark.SAME) == (one.was == one.now)
        assert (one.mark is Mark.ADDED) == (not one.was) and (one.mark is Mark.REMOVED) == (not one.now)


@pytest.mark.parametrize(
    ("was", "now", "marks"),
    [
        ("abc", "abc", "same same same"),
        ("abc", "axc", "same changed same"),
        ("abc", "ac", "same removed same"),
        ("ac", "abc", "same added same"),
        ("a", "bcd", "changed added added"),
        ("", "", ""),
    ],
)
def test_marks_say_what_became_of_a_line(was, now, marks):
    assert [one.mark.value for one in align(list(was), list(now))] == marks.split()
