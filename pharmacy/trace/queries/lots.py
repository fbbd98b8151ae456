"""From a lot, scanned or typed, to every bag it reached: a fixed number of statements, whatever there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pharmacy.compounding.models import Bag
from pharmacy.domain.barcodes import ScanKind
from pharmacy.domain.errors import NotFound, ScanRefused
from pharmacy.domain.statuses import BagStatus
from pharmacy.inventory.models import Lot
from pharmacy.inventory.queries import find_scanned_products
from pharmacy.scanning import read_scan
from pharmacy.trace.queries.reached import TracedBag, reached_by, read_bags, select_bags

PAGE = 100


@dataclass(frozen=True)
class LotTrace:
    """A lot with how many bags it reached, by status, and those of them that are shown."""

    lot: Lot
    counts: dict[BagStatus, int] = field(default_factory=dict)
    bags: list[TracedBag] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Count the bags that the lot reached."""
        return sum(self.counts.values())


def find_lots(session: Session, text: str, *, site_id: int) -> list[Lot]:
    """Find the lots that a text may mean: a lot number, which several products may bear, or a package's code.

    Raises NotFound where none was received, ScanRefused for a code that is damaged or holds no lot number.
    """
    wanted = text.strip()
    found = _by_number(session, wanted, site_id=site_id) or _by_code(session, wanted, site_id=site_id)
    if not found:
        raise NotFound(f"No lot {wanted[:60]} has been received at this site.")
    return found


def _by_number(session: Session, wanted: str, *, site_id: int) -> list[Lot]:
    """Look for the number as typed and in capitals, by its index; else in any mixture of the two."""
    lots = select(Lot).where(Lot.site_id == site_id).order_by(Lot.id)
    found = session.scalars(lots.where(Lot.number.in_({wanted, wanted.upper(), wanted.lower()}))).all()
    return list(found or session.scalars(lots.where(func.upper(Lot.number) == wanted.upper())))


def _by_code(session: Session, wanted: str, *, site_id: int) -> list[Lot]:
    try:
        meaning = read_scan(wanted)
    except ScanRefused:
        # A lot number may look like a code that is damaged; what holds only a number is no code.
        if len(wanted) <= 20:
            return []
        raise
    if meaning.kind is not ScanKind.PRODUCT:
        return []
    products = find_scanned_products(session, meaning, site_id=site_id)
    if meaning.lot is None:
        name = products[0].name if len(products) == 1 else "a product"
        raise ScanRefused(f"This code is of {name} and holds no lot number. Type the lot as it is printed.")
    return list(
        session.scalars(
            select(Lot)
            .where(
                Lot.site_id == site_id,
                Lot.product_id.in_([one.id for one in products]),
                Lot.number == meaning.lot,
            )
            .order_by(Lot.id)
        )
    )


def trace_lots(session: Session, lots: Sequence[Lot], *, page: int | None = None) -> list[LotTrace]:
    """Trace lots to their bags: those of one page, in the order of lots and bags, or all of them."""
    reached = reached_by([lot.id for lot in lots])
    traces = {lot.id: LotTrace(lot) for lot in lots}
    counts = session.execute(
        select(reached.c.lot_id, Bag.status, func.count())
        .join(Bag, Bag.id == reached.c.bag_id)
        .group_by(reached.c.lot_id, Bag.status)
    )
    for lot_id, status, count in counts:
        traces[lot_id].counts[status] = count
    wanted = select_bags(reached).order_by(reached.c.lot_id, Bag.id)
    if page is not None:
        wanted = wanted.limit(PAGE).offset((page - 1) * PAGE)
    for bag in read_bags(session, wanted):
        traces[bag.lot_id].bags.append(bag)
    return list(traces.values())
