"""Bars: as long as their values ask for, on a scale of round numbers from 0."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.bar_chart import LABELS, PLOT, lay_out_bars
from pharmacy.domain.errors import InvalidInput


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (0, ["0", "1"]),
        (1, ["0", "1"]),
        (5, ["0", "1", "2", "3", "4", "5"]),
        (6, ["0", "2", "4", "6"]),
        (10, ["0", "2", "4", "6", "8", "10"]),
        (11, ["0", "5", "10", "15"]),
        (26, ["0", "10", "20", "30"]),
        (5001, ["0", "2,000", "4,000", "6,000"]),
        (Decimal("7.5"), ["0", "2", "4", "6", "8"]),
    ],
)
def test_the_scale_ends_at_or_above_the_largest_value(most, ticks):
    assert [tick.shown for tick in lay_out_bars("t", "u", [("a", most)]).ticks] == ticks


def test_bars_stand_below_each_other_with_their_values():
    chart = lay_out_bars("Bags", "bags", [("Tina", 10), ("Theo", Decimal("2.5")), ("Paula", 0)])

    assert [(bar.label, bar.shown, bar.width) for bar in chart.bars] == [
        ("Tina", "10", PLOT),
        ("Theo", "2.5", PLOT // 4),
        ("Paula", "0", 0),
    ]
    assert [bar.top for bar in chart.bars] == [6, 40, 74]
    assert (chart.ticks[0].left, chart.ticks[-1].left) == (LABELS, LABELS + PLOT)


@pytest.mark.parametrize(("length", "shown"), [(36, "n" * 36), (37, "n" * 35 + "…")])
def test_a_long_label_ends_in_dots(length, shown):
    assert lay_out_bars("t", "u", [("n" * length, 1)]).bars[0].label == shown


def test_a_value_below_nothing_is_refused():
    with pytest.raises(InvalidInput, match="A bar should not be below 0."):
        lay_out_bars("t", "u", [("a", -1)])


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=20))
def test_no_bar_passes_the_scale_and_larger_ones_are_never_shorter(values):
    chart = lay_out_bars("t", "u", [(str(value), value) for value in values])

    widths = [bar.width for bar in chart.bars]
    assert max(widths) <= PLOT
    assert 2 <= len(chart.ticks) <= 6
    assert sorted(widths) == [width for _, width in sorted(zip(values, widths, strict=True))]
