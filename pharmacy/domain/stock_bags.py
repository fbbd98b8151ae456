"""Bags made for stock: which fits an order, and which goes to which dose (domain.md 1.1, 1.6 and 5).

The bag that must be started first goes first, as long as it can still be started for its dose; a bag that
lasts longer is never taken where an older one serves. What was dispensed never comes back into stock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from pharmacy.domain.beyond_use import may_be_started


@dataclass(frozen=True, slots=True, kw_only=True)
class Makeup:
    """Hold what a bag is, as an order asks for it and as a formula makes it; two alike are the same bag.

    The versions of one formula may differ in words and dates only; then bags of both are alike.
    """

    formula: str
    additive: int
    diluent: int
    dose_mg: Decimal
    diluent_volume_ml: Decimal
    method: str
    fill_ml: Decimal | None
    prime_ml: Decimal
    residual_ml: Decimal
    delivery_basis: str
    route: str
    storage: str
    container: str


# How a pharmacist calls what may differ between a bag in stock and one that is asked for.
_WORDS = {
    "formula": "the formula",
    "additive": "the additive product",
    "diluent": "the diluent product",
    "dose_mg": "the dose in the bag",
    "diluent_volume_ml": "the volume of diluent",
    "method": "the way the volume is made up",
    "fill_ml": "the fill volume",
    "prime_ml": "the priming volume",
    "residual_ml": "the volume left in the set",
    "delivery_basis": "the part of the bag that is delivered",
    "route": "the route",
    "storage": "the storage",
    "container": "the container",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StockBag:
    """Hold one bag of stock: what it is, its beyond-use date, and whether anything holds it back.

    `labelled` says that the stock label that holds was scanned on it, `lots_usable` that no lot in it is in
    quarantine or recalled.
    """

    bag_id: int
    serial: str
    makeup: Makeup
    beyond_use: datetime
    released: bool
    labelled: bool
    lots_usable: bool


class Given(NamedTuple):
    """Say which bag is for which dose; None for a spare."""

    bag: StockBag
    dose: datetime | None


def list_differences(one: Makeup, other: Makeup) -> list[str]:
    """List in a pharmacist's words what tells two bags apart; nothing of two alike."""
    return [words for name, words in _WORDS.items() if getattr(one, name) != getattr(other, name)]


def find_misfit(bag: StockBag, asked: Makeup, *, until: datetime, at: datetime) -> str | None:
    """Say why a bag of stock does not fit what an order asks for; None when it fits.

    `until` is the instant at which it is to be started: the planned dose, or for a spare the last dose before
    the next delivery. A bag that must be started at that very instant comes too late.
    """
    if not bag.released:
        return f"Bag {bag.serial} is not released."
    if not bag.labelled:
        return f"No stock label that holds was scanned on bag {bag.serial}."
    if not bag.lots_usable:
        return f"A lot in bag {bag.serial} is in quarantine or recalled. Put the bag aside."
    different = list_differences(bag.makeup, asked)
    if different:
        return f"Bag {bag.serial} is another bag than the order asks for: {', '.join(different)} differs."
    if not may_be_started(at, bag.beyond_use):
        return f"The beyond-use date of bag {bag.serial} has passed."
    if not may_be_started(until, bag.beyond_use):
        return f"Bag {bag.serial} can no longer be started when it is needed."
    return None


def give_first_beyond_use_first(
    bags: Sequence[StockBag],
    asked: Makeup,
    *,
    doses: Sequence[datetime],
    spares: int,
    spare_until: datetime,
    at: datetime,
) -> list[Given]:
    """Give each dose, the earliest first, the bag that must be started first; then the spares in that way.

    As many doses get a bag as stock allows: a bag that cannot be started for a dose serves none after it.
    """
    left = sorted(bags, key=lambda bag: (bag.beyond_use, bag.bag_id))
    given: list[Given] = []
    for dose, until in [*((dose, dose) for dose in sorted(doses)), *((None, spare_until),) * spares]:
        fitting = next((bag for bag in left if find_misfit(bag, asked, until=until, at=at) is None), None)
        if fitting is not None:
            left.remove(fitting)
            given.append(Given(fitting, dose))
    return given


__all__ = ["Given", "Makeup", "StockBag", "find_misfit", "give_first_beyond_use_first", "list_differences"]
