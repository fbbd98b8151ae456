"""Bars with a scale, laid out in whole units, so that page and paper draw the same picture.

The scale starts at 0 and ends at or above the largest value, in steps of 1, 2 or 5 times a power of ten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.formatting import number

ROW, BAR, LABELS, PLOT, VALUES, SCALE = 34, 22, 300, 480, 100, 30
# A longer label ends in three dots; the table below the picture has it whole.
_LONGEST_LABEL = 36
_MOST_TICKS = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """Hold one bar: its words, its value as shown, and its place; `top` and `width` in units of the chart."""

    label: str
    shown: str
    top: int
    width: int


@dataclass(frozen=True, slots=True)
class Tick:
    """Hold one mark of the scale and where it stands from the left."""

    shown: str
    left: int


@dataclass(frozen=True, slots=True)
class BarChart:
    """Hold a picture of bars: what it shows, the unit of its scale, its bars and ticks, its size."""

    title: str
    unit: str
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    width: int
    height: int


def lay_out_bars(title: str, unit: str, rows: Sequence[tuple[str, Decimal | int]]) -> BarChart:
    """Lay out a bar for each row, in the order given; raises InvalidInput for a value below 0.

    >>> chart = lay_out_bars("Bags", "bags", [("Mon", 3), ("Tue", 7)])
    >>> [(bar.label, bar.width) for bar in chart.bars], [tick.shown for tick in chart.ticks]
    ([('Mon', 180), ('Tue', 420)], ['0', '2', '4', '6', '8'])
    """
    if any(value < 0 for _, value in rows):
        raise InvalidInput("A bar should not be below 0.", field="value")
    most = max((Decimal(value) for _, value in rows), default=Decimal(0))
    step = _find_step(most)
    steps = max(1, ceil(most / step))
    full = step * steps
    bars = tuple(
        Bar(_cut(label), number(value), place * ROW + (ROW - BAR) // 2, int(Decimal(value) / full * PLOT))
        for place, (label, value) in enumerate(rows)
    )
    ticks = tuple(Tick(number(step * one), LABELS + PLOT * one // steps) for one in range(steps + 1))
    return BarChart(title, unit, bars, ticks, LABELS + PLOT + VALUES, len(rows) * ROW + SCALE)


def _cut(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1].rstrip() + "…"


def _find_step(most: Decimal) -> Decimal:
    """Find the smallest step of 1, 2 or 5 times a power of ten that needs few ticks; whole numbers only."""
    power = Decimal(1)
    while True:
        for factor in (1, 2, 5):
            step = power * factor
            if most <= step * _MOST_TICKS:
                return step
        power *= 10
