"""What of an order is made, in work or dispensed, and until when a bag made for a delivery is good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.compounding.models import Bag
from pharmacy.compounding.queries import count_bags_dispensed, date_new_bag, list_bags_of_order
from pharmacy.domain.beyond_use import LimitsTable
from pharmacy.domain.formatting import counted
from pharmacy.domain.statuses import BagStatus
from pharmacy.prescriptions.models import OrderVersion

_AT_THE_PHARMACY = (
    BagStatus.PLANNED,
    BagStatus.MADE,
    BagStatus.REWORK,
    BagStatus.QUARANTINED,
    BagStatus.RELEASED,
    BagStatus.PACKED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """Hold the bags of an order that have not reached the patient, and what may still be made.

    `ready` are made or in work and can go with the next delivery; `held` are in quarantine; `too_old` are
    past their beyond-use date; `not_made` belong to worksheets of a version that was replaced.
    """

    ready: tuple[Bag, ...]
    held: tuple[Bag, ...]
    too_old: tuple[Bag, ...]
    not_made: tuple[Bag, ...]
    packed: tuple[Bag, ...]
    dispensed: int
    authorised: int

    @property
    def left(self) -> int:
        """Return how many bags may still be made: what is ready or in quarantine counts as given out."""
        return max(0, self.authorised - self.dispensed - len(self.ready) - len(self.held))


def read_supply(session: Session, version: OrderVersion, *, at: datetime) -> Supply:
    """Read what of an order is made, in work or dispensed."""
    bags = list_bags_of_order(session, version.order_id, _AT_THE_PHARMACY)
    kinds: dict[str, list[Bag]] = {kind: [] for kind in ("ready", "held", "too_old", "not_made", "packed")}
    for bag in bags:
        kinds[_kind_of(bag, version, at)].append(bag)
    return Supply(
        **{kind: tuple(found) for kind, found in kinds.items()},
        dispensed=count_bags_dispensed(session, version.order_id),
        authorised=version.bags_authorised,
    )


def _kind_of(bag: Bag, version: OrderVersion, at: datetime) -> str:
    if bag.status is BagStatus.PACKED:
        return "packed"
    until = find_known_date(bag)
    if until is not None and until <= at:
        return "too_old"
    if bag.status is BagStatus.QUARANTINED:
        return "held"
    if bag.status is BagStatus.PLANNED and bag.order_version_id != version.id:
        return "not_made"
    return "ready"


def find_known_date(bag: Bag) -> datetime | None:
    """Find the beyond-use date of a bag: its own, or that of its worksheet once preparation has started."""
    return bag.beyond_use_at or bag.worksheet.beyond_use_at


def date_of_ready_bag(
    bag: Bag, *, prepare_from: datetime, table: LimitsTable, zone: ZoneInfo, at: datetime
) -> datetime:
    """Date a bag that is ready: as frozen, or if it is not started yet as though started when it is due."""
    known = find_known_date(bag)
    if known is not None:
        return known
    prepared_at = max(min(bag.worksheet.needed_at, prepare_from), at)
    return date_new_bag(bag.worksheet.formula, prepared_at=prepared_at, table=table, zone=zone).until


def say_supply(supply: Supply) -> Iterator[str]:
    """Say what is authorised, dispensed, ready and left, and which bags are not counted on."""
    held = f" - {len(supply.held)} in quarantine" if supply.held else ""
    left = f"{counted(supply.left, 'bag')} that may still be made"
    yield (
        f"Authorised: {counted(supply.authorised, 'bag')} - {supply.dispensed} dispensed"
        f" - {len(supply.ready)} made or in work{held}: {left}."
    )
    if supply.ready:
        yield f"Made or in work, to go with the first delivery: {_name(supply.ready)}."
    if supply.held:
        yield f"In quarantine, not counted on: {_name(supply.held)}."
    if supply.too_old:
        yield f"Past the beyond-use date, not sent: {_name(supply.too_old)}."
    if supply.not_made:
        yield f"On worksheets of a version that was replaced, not counted on: {_name(supply.not_made)}."


def _name(bags: tuple[Bag, ...]) -> str:
    together: dict[str, list[str]] = {}
    for bag in bags:
        together.setdefault(bag.worksheet.serial, []).append(bag.serial)
    return "; ".join(f"{', '.join(serials)} (worksheet {sheet})" for sheet, serials in together.items())


__all__ = [
    "Supply",
    "date_of_ready_bag",
    "find_known_date",
    "read_supply",
    "say_supply",
]
