"""The bags that are already at home, handed out earliest beyond-use first (domain.md 6.3, last rule)."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Source(StrEnum):
    """Say where a bag comes from."""

    ON_HAND = "on hand"
    DELIVERY = "delivery"


@dataclass(frozen=True, slots=True)
class BagsOnHand:
    """Count bags that are at home and share a beyond-use date."""

    bags: int
    beyond_use: datetime


@dataclass(slots=True)
class Batch:
    """Count bags of one origin that share a beyond-use date; `left` are those that serve no dose yet."""

    beyond_use: datetime
    source: Source
    index: int
    bags: int
    left: int


def _beyond_use(batch: Batch) -> datetime:
    return batch.beyond_use


def _turn(batch: Batch) -> tuple[datetime, bool, int]:
    return batch.beyond_use, batch.source is not Source.ON_HAND, batch.index


class BagsThere:
    """Hand out the bags at home to doses that come in time order.

    Bags stand in one row: earliest beyond-use first, on equal dates those on hand first, then in the order of
    their lists. As doses come in time order, what stands before `_front` is used up or too old for good.
    """

    def __init__(self, on_hand: Sequence[BagsOnHand]) -> None:
        self._row = sorted(
            (
                Batch(some.beyond_use, Source.ON_HAND, index, some.bags, some.bags)
                for index, some in enumerate(on_hand)
                if some.bags
            ),
            key=_turn,
        )
        self._front = 0
        self._left = sum(batch.left for batch in self._row)
        self._has_too_old = False

    def add_spares(self, bags: int, *, beyond_use: datetime, number: int) -> None:
        """Add the spares of delivery `number`."""
        if not bags:
            return
        spares = Batch(beyond_use, Source.DELIVERY, number, bags, bags)
        if self._front == len(self._row):
            self._row.append(spares)
        else:
            insort(self._row, spares, self._front, key=_turn)
        self._left += bags

    def count_servable(self, doses: Sequence[datetime], each: int) -> int:
        """Count how many of the doses, first in time first, could take `each` bags if no other dose took any.

        Once one cannot, no later one can: what is fresh enough for the later is so for the earlier.
        """
        if not doses:
            return 0
        place = bisect_right(self._row, doses[0], self._front, key=_beyond_use)
        taken = 0
        for served, dose in enumerate(doses):
            needed = each
            while needed:
                if place == len(self._row):
                    return served
                batch = self._row[place]
                usable = batch.left - taken if batch.beyond_use > dose else 0
                given = min(usable, needed)
                needed -= given
                taken += given
                if needed:
                    place, taken = place + 1, 0
        return len(doses)

    def take(self, dose: datetime, each: int, *, hold_back: int) -> list[Batch]:
        """Take `each` bags for the dose, or none if fewer than `hold_back` fresh ones would be left then."""
        self._pass_too_old(dose)
        if self._left - hold_back < each:
            return []
        taken = []
        for _ in range(each):
            batch = self._row[self._front]
            batch.left -= 1
            taken.append(batch)
            if not batch.left:
                self._front += 1
        self._left -= each
        return taken

    def _pass_too_old(self, dose: datetime) -> None:
        while self._front < len(self._row) and self._row[self._front].beyond_use <= dose:
            self._left -= self._row[self._front].left
            self._front += 1
            self._has_too_old = True

    def has_too_old(self, dose: datetime) -> bool:
        """Tell whether an unused bag is there that is too old for the dose and so for all doses after it."""
        self._pass_too_old(dose)
        return self._has_too_old

    def count_startable(self, at: datetime, *, most: int) -> int:
        """Count the unused bags that can still be started at an instant, up to `most`."""
        count = 0
        for place in range(len(self._row) - 1, self._front - 1, -1):
            batch = self._row[place]
            if count >= most or batch.beyond_use <= at:
                break
            count += batch.left
        return min(count, most)

    def list_on_hand(self) -> Iterator[Batch]:
        """List the batches that were on hand, used up ones included."""
        return (batch for batch in self._row if batch.source is Source.ON_HAND)


__all__ = ["BagsOnHand", "BagsThere", "Batch", "Source"]
