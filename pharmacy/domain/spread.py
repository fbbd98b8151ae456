"""How long things took: the middle, what nine in ten stayed within, and the longest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Spread:
    """Hold a number of durations by their median, their ninth tenth (nearest rank) and the longest."""

    count: int
    median: timedelta
    nine_in_ten: timedelta
    longest: timedelta


def spread_of(durations: Iterable[timedelta]) -> Spread | None:
    """Summarise durations; None of none. The ninth tenth is the smallest that 9 of 10 do not exceed.

    >>> found = spread_of(timedelta(minutes=m) for m in (10, 20, 30, 100))
    >>> found.median, found.nine_in_ten
    (datetime.timedelta(seconds=1500), datetime.timedelta(seconds=6000))
    """
    ordered = sorted(durations)
    if not ordered:
        return None
    rank = -(-9 * len(ordered) // 10)
    middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
    return Spread(len(ordered), middle, ordered[rank - 1], ordered[-1])


def whole_minutes(duration: timedelta) -> int:
    """Return a duration in whole minutes, rounded half up.

    >>> whole_minutes(timedelta(seconds=89)), whole_minutes(timedelta(seconds=90))
    (1, 2)
    """
    return (duration + _MINUTE / 2) // _MINUTE
