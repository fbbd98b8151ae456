"""Which bag each dose takes: the bags at home and the bags that deliveries bring, settled in time order.

Knows dose times only, nothing of frequencies (calculators.md, dispense; domain.md 6.3).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from pharmacy.domain.dispensing_bags import BagsOnHand, BagsThere, Source


class PlannedArrival(NamedTuple):
    """Name a delivery to come: when it arrives, and the beyond-use date of a bag made for it."""

    arrives: datetime
    beyond_use: datetime


class Why(StrEnum):
    """Say why a dose has no bag."""

    AUTHORIZED_QUANTITY = "authorized quantity"
    BEYOND_USE_DATE = "beyond-use date"
    NO_BAG_YET = "no bag yet"


@dataclass(frozen=True, slots=True)
class Served:
    """Name one bag that a dose takes: `index` is its place in the list of its source."""

    dose: datetime
    source: Source
    index: int


# What `Served` names, kept plain for speed.
Taken: TypeAlias = tuple[datetime, Source, int]


class Uncovered(NamedTuple):
    """Name a dose without a bag, and why it has none."""

    dose: datetime
    why: Why


class DeliveryPlan(NamedTuple):
    """Say what one delivery brings: `bags` include `spares`, `covers` are all doses that its bags serve."""

    arrives: datetime
    bags: int
    spares: int
    covers: tuple[datetime, ...]
    beyond_use: datetime


@dataclass(frozen=True, slots=True)
class OnHandUse:
    """Count what becomes of the bags on hand: serve a dose, could still be started at the end, or neither."""

    used: int
    spare: int
    expires_unused: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """Hold the answer of `settle`; `taken` are the bags used that were there, in the order of the doses."""

    deliveries: tuple[DeliveryPlan, ...]
    on_hand: OnHandUse
    uncovered: tuple[Uncovered, ...]
    next_needed: datetime | None
    taken: tuple[Taken, ...]


def settle(
    doses: Sequence[datetime],
    *,
    starts: datetime,
    ends: datetime,
    on_hand: Sequence[BagsOnHand],
    deliveries: Sequence[PlannedArrival],
    bags_per_dose: int = 1,
    spare_bags: int = 0,
    authorized_bags: int | None = None,
) -> Settlement:
    """Give each dose its bags, window by window, so that each window leaves the fewest doses uncovered.

    `doses` rise and lie in `starts` <= dose < `ends`, as do the arrivals, which rise strictly. The time
    before the first arrival is a window without a delivery; each arrival opens the next (calculators.md).
    """
    settling = _Settling(on_hand, deliveries, bags_per_dose, authorized_bags)
    openings = [starts, *(delivery.arrives for delivery in deliveries), ends]
    places = [bisect_left(doses, opening) for opening in openings]
    settling.settle_without_delivery(doses[: places[1]])
    for number, closes in enumerate(openings[2:]):
        settling.settle_window(doses[places[number + 1] : places[number + 2]], number)
        settling.top_up(number, spare_bags, closes)
    return Settlement(
        deliveries=settling.list_deliveries(),
        on_hand=_count_use(settling.there, ends),
        uncovered=tuple(settling.uncovered),
        next_needed=find_next_needed(doses, on_hand, bags_per_dose),
        taken=tuple(settling.taken),
    )


def list_served(
    taken: Iterable[Taken], deliveries: Sequence[DeliveryPlan], bags_per_dose: int
) -> tuple[Served, ...]:
    """Name each bag used, in the order of the doses: those that were there, and the new ones.

    New bags come first in what a delivery covers, because its spares serve later windows.
    """
    served = [Served(*one) for one in taken]
    for number, delivery in enumerate(deliveries):
        for dose in delivery.covers[: (delivery.bags - delivery.spares) // bags_per_dose]:
            served += [Served(dose, Source.DELIVERY, number)] * bags_per_dose
    return tuple(sorted(served, key=attrgetter("dose")))


def find_next_needed(
    doses: Sequence[datetime], on_hand: Sequence[BagsOnHand], bags_per_dose: int
) -> datetime | None:
    """Find the first dose that the bags on hand cannot serve when nothing is delivered."""
    served = BagsThere(on_hand).count_servable(doses, bags_per_dose)
    return doses[served] if served < len(doses) else None


def _count_use(there: BagsThere, ends: datetime) -> OnHandUse:
    used = spare = expires_unused = 0
    for batch in there.list_on_hand():
        used += batch.bags - batch.left
        if batch.beyond_use > ends:
            spare += batch.left
        else:
            expires_unused += batch.left
    return OnHandUse(used, spare, expires_unused)


class _Settling:
    """Carry the state from window to window."""

    def __init__(
        self,
        on_hand: Sequence[BagsOnHand],
        deliveries: Sequence[PlannedArrival],
        bags_per_dose: int,
        authorized_bags: int | None,
    ) -> None:
        self.there = BagsThere(on_hand)
        self.taken: list[Taken] = []
        self.uncovered: list[Uncovered] = []
        self._deliveries = deliveries
        self._each = bags_per_dose
        self._authorized = authorized_bags
        self._bags = [0] * len(deliveries)
        self._spares = [0] * len(deliveries)
        self._covers: list[list[datetime]] = [[] for _ in deliveries]

    def settle_without_delivery(self, doses: Sequence[datetime]) -> None:
        """Settle the doses before the first arrival."""
        for dose in doses[self._serve_from_there(doses, hold_back=0) :]:
            why = Why.BEYOND_USE_DATE if self.there.has_too_old(dose) else Why.NO_BAG_YET
            self.uncovered.append(Uncovered(dose, why))

    def settle_window(self, doses: Sequence[datetime], number: int) -> None:
        """Settle the doses from the arrival of delivery `number` to the next.

        The doses that its bags are too old for come last, and a bag that is fresh enough for one of them is
        fresh enough for every dose before. So their first claim is a number of bags held back.
        """
        split = bisect_left(doses, self._deliveries[number].beyond_use)
        others, too_late = doses[:split], doses[split:]
        hold_back = self.there.count_servable(too_late, self._each) * self._each
        self._make_new(others[self._serve_from_there(others, hold_back=hold_back) :], number)
        for dose in too_late[self._serve_from_there(too_late, hold_back=0) :]:
            self.uncovered.append(Uncovered(dose, Why.BEYOND_USE_DATE))

    def _serve_from_there(self, doses: Sequence[datetime], *, hold_back: int) -> int:
        """Serve the doses in turn and count them; when one finds too few bags, so do all after it."""
        for served, dose in enumerate(doses):
            batches = self.there.take(dose, self._each, hold_back=hold_back)
            if not batches:
                return served
            self.taken.extend([(dose, batch.source, batch.index) for batch in batches])
            for number in {batch.index for batch in batches if batch.source is Source.DELIVERY}:
                self._covers[number].append(dose)
        return len(doses)

    def _make_new(self, doses: Sequence[datetime], number: int) -> None:
        allowed = len(doses) if self._authorized is None else self._authorized // self._each
        made = doses[:allowed]
        self._count_bags(number, len(made) * self._each)
        self._covers[number].extend(made)
        self.uncovered.extend([Uncovered(dose, Why.AUTHORIZED_QUANTITY) for dose in doses[allowed:]])

    def _count_bags(self, number: int, bags: int) -> None:
        self._bags[number] += bags
        if self._authorized is not None:
            self._authorized -= bags

    def top_up(self, number: int, spare_bags: int, closes: datetime) -> None:
        """Add spares until `spare_bags` that can still be started when the window closes are there."""
        beyond_use = self._deliveries[number].beyond_use
        if not spare_bags or beyond_use <= closes:
            return
        spares = spare_bags - self.there.count_startable(closes, most=spare_bags)
        if self._authorized is not None:
            spares = min(spares, self._authorized)
        self._spares[number] = spares
        self._count_bags(number, spares)
        self.there.add_spares(spares, beyond_use=beyond_use, number=number)

    def list_deliveries(self) -> tuple[DeliveryPlan, ...]:
        """List what each delivery brings, once all windows are settled."""
        return tuple(
            DeliveryPlan(delivery.arrives, bags, spares, tuple(covers), delivery.beyond_use)
            for delivery, bags, spares, covers in zip(
                self._deliveries, self._bags, self._spares, self._covers, strict=True
            )
        )


__all__ = [
    "DeliveryPlan",
    "OnHandUse",
    "PlannedArrival",
    "Served",
    "Settlement",
    "Taken",
    "Uncovered",
    "Why",
    "find_next_needed",
    "list_served",
    "settle",
]
