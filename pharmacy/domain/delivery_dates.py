"""The fewest deliveries: which of the possible arrivals to choose (calculators.md, deliveries).

Of all sets of arrivals, each settled by the dispense rules without cap and spares, the best leaves the fewest
doses uncovered, then has the fewest deliveries, then the fewest bags, then the earliest dates. It is found
without trying the sets:

- While bags on hand serve every dose, a delivery brings nothing. So the first delivery of the best set makes
  a bag, and a bag is made only in a window that uses up the bags on hand: what comes after the second arrival
  knows of none.
- A set that leaves a dose out which a possible arrival could serve is never the best: with that arrival added
  one dose more is served, and the bags on hand had run out anyway.
- So without bags on hand the best is the shortest chain from each arrival to one before the next dose that
  would be left out, and the arrivals to be tried are the first and the second only.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import neg
from typing import NamedTuple

from pharmacy.domain.delivery_dates_stock import Stock
from pharmacy.domain.dispensing_bags import BagsOnHand
from pharmacy.domain.dispensing_settle import PlannedArrival


@dataclass(frozen=True, slots=True)
class ChosenDelivery:
    """Name an arrival and the first dose that would have no bag without it.

    `relies_on` is the delivery before it, whose bags are too old for that dose; None for the first.
    """

    arrival: PlannedArrival
    first_dose: datetime
    relies_on: PlannedArrival | None


def choose_deliveries(
    doses: Sequence[datetime],
    *,
    on_hand: Sequence[BagsOnHand],
    arrivals: Sequence[PlannedArrival],
    bags_per_dose: int = 1,
) -> list[ChosenDelivery]:
    """Choose the arrivals: fewest doses uncovered, then deliveries, then bags, then the earliest dates.

    `doses` rise; `arrivals` rise strictly and so do their beyond-use dates, each later than its arrival.
    """
    return _Choice(doses, Stock(doses, on_hand, bags_per_dose), arrivals).choose()


class _Cost(NamedTuple):
    """Weigh a set: doses left out, deliveries, doses with new bags, then its first two arrivals."""

    uncovered: int
    deliveries: int
    made: int
    first: int
    second: int


class _Choice:
    """Find the best set; doses and arrivals are known by their places, `_end` is the place after the last."""

    def __init__(self, doses: Sequence[datetime], stock: Stock, arrivals: Sequence[PlannedArrival]) -> None:
        self._doses = doses
        self._stock = stock
        self._arrivals = arrivals
        self._end = len(arrivals)
        # For each arrival the first dose that comes after it, and the first that its bags are too old for.
        self._opens = [*(bisect_left(doses, one.arrives) for one in arrivals), len(doses)]
        self._too_late = [bisect_left(doses, one.beyond_use) for one in arrivals]
        self._find_servable()
        self._find_chains()

    def _find_servable(self) -> None:
        """For each dose find the next that an arrival can serve, itself included, and count those to come."""
        count = len(self._doses)
        self._next_servable, self._servable = [count] * (count + 1), [0] * (count + 1)
        number = self._end - 1
        for place in range(count - 1, -1, -1):
            while number >= 0 and self._opens[number] > place:
                number -= 1
            # The last arrival before a dose has the freshest bags.
            is_servable = number >= 0 and place < self._too_late[number]
            self._next_servable[place] = place if is_servable else self._next_servable[place + 1]
            self._servable[place] = self._servable[place + 1] + is_servable

    def _find_last(self, unserved: int) -> int:
        """Find the last arrival that comes in time when the doses from `unserved` on have no bag."""
        return bisect_right(self._opens, self._next_servable[unserved]) - 1

    def _find_chains(self) -> None:
        """Without bags on hand, count the deliveries from each arrival on and find the earliest that follows.

        A later start never needs more deliveries: the counts fall, and the last in time has the lowest.
        """
        self._chain, self._follows = [0] * (self._end + 1), [self._end] * self._end
        for number in range(self._end - 1, -1, -1):
            last = self._find_last(self._too_late[number])
            self._chain[number] = 1 + self._chain[last]
            self._follows[number] = bisect_left(
                self._chain, -self._chain[last], number + 1, last + 1, key=neg
            )

    def choose(self) -> list[ChosenDelivery]:
        """Weigh the set without a delivery against the sets that begin with each arrival in time."""
        best = _Cost(len(self._doses) - self._stock.served, 0, 0, self._end, self._end)
        last = self._find_last(self._stock.served)
        for first in range(min(last + 1, self._end)):
            best = min([best, *self._weigh(first)])
        return list(self._explain(best.first, best.second))

    def _weigh(self, first: int) -> Iterator[_Cost]:
        """Weigh the sets that begin with `first`: of its followers the last in time, and those as good.

        A later second arrival leaves no more doses out and needs no more deliveries, but can need more bags.
        """
        opens = self._opens[first]
        before = max(0, opens - self._stock.served)
        window = self._stock.open_window(opens, self._too_late[first])
        least = None
        for second in range(self._find_last(window.first_uncovered), first, -1):
            made, uncovered = window.settle(self._opens[second])
            rest, later = len(self._doses) - self._opens[second], self._servable[self._opens[second]]
            cost = _Cost(
                before + uncovered + rest - later, 1 + self._chain[second], made + later, first, second
            )
            if not made or (least is not None and cost[:2] > least):
                return
            least = cost[:2]
            yield cost

    def _explain(self, first: int, second: int) -> Iterator[ChosenDelivery]:
        if first == self._end:
            return
        yield self._choose(first, max(self._stock.served, self._opens[first]), None)
        number, before = second, first
        unserved = self._stock.open_window(self._opens[first], self._too_late[first]).first_uncovered
        while number < self._end:
            yield self._choose(number, max(unserved, self._opens[number]), self._arrivals[before])
            unserved = self._too_late[number]
            number, before = self._follows[number], number

    def _choose(self, number: int, dose: int, relies_on: PlannedArrival | None) -> ChosenDelivery:
        return ChosenDelivery(self._arrivals[number], self._doses[dose], relies_on)


__all__ = ["ChosenDelivery", "choose_deliveries"]
