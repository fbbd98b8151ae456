"""Which of the bags that are really there serves which dose (domain.md 6.3, last rule).

The plan says how many bags to make; this says what a given set of bags can do: those that should be left at
home, those of a quantity that somebody chose, and those that were made, with their real beyond-use dates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush


@dataclass(frozen=True, slots=True)
class BagThere:
    """Hold from when on a bag is at home, and the instant before which it must be started."""

    there_from: datetime
    beyond_use: datetime


@dataclass(frozen=True, slots=True)
class Assignment:
    """Hold each dose, in time order, with the place of its bag or None, and the places of the unused bags."""

    served: tuple[tuple[datetime, int | None], ...]
    unused: tuple[int, ...]

    @property
    def without_bag(self) -> tuple[datetime, ...]:
        """List the doses that no bag serves."""
        return tuple(dose for dose, place in self.served if place is None)


def assign_bags(doses: Sequence[datetime], bags: Sequence[BagThere]) -> Assignment:
    """Give each dose in time order the bag that is there and has the earliest beyond-use date after it.

    A bag serves a dose when `there_from` <= dose < `beyond_use`; on equal dates the first listed is taken. No
    other way serves more doses, and where bags are short the later doses go without.

    >>> day = datetime(2026, 11, 9), datetime(2026, 11, 10), datetime(2026, 11, 11)
    >>> assign_bags([day[0], day[1]], [BagThere(day[0], day[2]), BagThere(day[0], day[1])]).served[0][1]
    1
    """
    arriving = sorted(range(len(bags)), key=lambda place: bags[place].there_from, reverse=True)
    there: list[tuple[datetime, int]] = []
    unused: list[int] = []
    served: list[tuple[datetime, int | None]] = []
    for dose in sorted(doses):
        while arriving and bags[arriving[-1]].there_from <= dose:
            place = arriving.pop()
            heappush(there, (bags[place].beyond_use, place))
        while there and there[0][0] <= dose:
            unused.append(heappop(there)[1])
        served.append((dose, heappop(there)[1] if there else None))
    unused += [place for _, place in there] + arriving
    return Assignment(tuple(served), tuple(sorted(unused)))


__all__ = ["Assignment", "BagThere", "assign_bags"]
