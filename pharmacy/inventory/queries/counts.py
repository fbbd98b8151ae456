"""Reads of counts and count sheets."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pharmacy.domain.errors import NotFound
from pharmacy.domain.statuses import CountStatus
from pharmacy.inventory.models import (
    CountSheet,
    CountSheetLine,
    Lot,
    MovementKind,
    StockCount,
    StockLocation,
    StockMovement,
)
from pharmacy.inventory.queries.lots import PAGE

OPEN_COUNTS = (CountStatus.DIFFERS, CountStatus.TO_CONFIRM)
# A count in one of these no longer says anything.
_VOID = (CountStatus.COUNTED_AGAIN, CountStatus.SENT_BACK)

_BOOKS_DIFFERENCE = (MovementKind.COUNTED, MovementKind.ADJUSTED, MovementKind.DESTROYED)


@dataclass(frozen=True)
class SheetLine:
    """One lot of a count sheet with the count that stands for it; None until it was counted."""

    line: CountSheetLine
    count: StockCount | None


def get_count(session: Session, count_id: int, *, site_id: int) -> StockCount:
    """Return a count of a site."""
    count = session.get(StockCount, count_id)
    if count is None or count.site_id != site_id:
        raise NotFound("No count is recorded under this number at this site.")
    return count


def list_open_counts(
    session: Session, *, site_id: int, lot_id: int | None = None, location_id: int | None = None
) -> list[StockCount]:
    """List the counts that differ and are not settled, the oldest first."""
    wanted = select(StockCount).where(StockCount.site_id == site_id, StockCount.status.in_(OPEN_COUNTS))
    if lot_id is not None:
        wanted = wanted.where(StockCount.lot_id == lot_id)
    if location_id is not None:
        wanted = wanted.where(StockCount.location_id == location_id)
    return list(session.scalars(wanted.order_by(StockCount.id)))


def list_counts(
    session: Session, *, site_id: int, page: int = 1, status: CountStatus | None = None
) -> list[StockCount]:
    """List a page of counts, the newest first; one more than a page holds."""
    wanted = select(StockCount).where(StockCount.site_id == site_id)
    if status is not None:
        wanted = wanted.where(StockCount.status == status)
    wanted = wanted.order_by(StockCount.id.desc()).offset((page - 1) * PAGE).limit(PAGE + 1)
    return list(session.scalars(wanted))


def list_movements_since_count(session: Session, count: StockCount, *, size: int) -> list[StockMovement]:
    """List what moved a lot at a location since it was last found right there, the newest first."""
    last_right = session.scalar(
        select(func.max(StockCount.counted_at)).where(
            StockCount.lot_id == count.lot_id,
            StockCount.location_id == count.location_id,
            StockCount.status.in_((CountStatus.AGREES, CountStatus.SETTLED)),
            StockCount.id < count.id,
        )
    )
    wanted = select(StockMovement).where(
        StockMovement.lot_id == count.lot_id,
        StockMovement.location_id == count.location_id,
        StockMovement.containers != 0,
    )
    if last_right is not None:
        wanted = wanted.where(StockMovement.at >= last_right)
    return list(session.scalars(wanted.order_by(StockMovement.id.desc()).limit(size)))


def was_adjusted_since(session: Session, count: StockCount) -> bool:
    """Tell whether a difference of a lot at a location was booked in another way after a count."""
    found = select(StockMovement.id).where(
        StockMovement.lot_id == count.lot_id,
        StockMovement.location_id == count.location_id,
        StockMovement.kind.in_(_BOOKS_DIFFERENCE),
        StockMovement.at > count.counted_at,
    )
    return session.scalar(found.limit(1)) is not None


def get_sheet(session: Session, sheet_id: int, *, site_id: int) -> CountSheet:
    """Return a count sheet of a site."""
    sheet = session.get(CountSheet, sheet_id)
    if sheet is None or sheet.site_id != site_id:
        raise NotFound("No count sheet is recorded under this number at this site.")
    return sheet


def find_open_sheet(session: Session, location_id: int) -> CountSheet | None:
    """Find the count sheet of a location that is open."""
    return session.scalar(
        select(CountSheet).where(CountSheet.location_id == location_id, CountSheet.closed_at.is_(None))
    )


def list_open_sheets(session: Session, *, site_id: int) -> list[CountSheet]:
    """List the count sheets of a site that are open."""
    wanted = select(CountSheet).where(CountSheet.site_id == site_id, CountSheet.closed_at.is_(None))
    return list(session.scalars(wanted.order_by(CountSheet.id)))


def list_lots_at(session: Session, location: StockLocation) -> list[Lot]:
    """List every lot of which something is booked at a location, by drug and expiry."""
    there = (
        select(StockMovement.lot_id)
        .where(StockMovement.location_id == location.id)
        .group_by(StockMovement.lot_id)
        .having(func.sum(StockMovement.containers) != 0)
    )
    lots = session.scalars(select(Lot).where(Lot.id.in_(there)))
    return sorted(lots, key=lambda lot: (lot.product.name, lot.expires_at, lot.number))


def list_sheet_lines(sheet: CountSheet) -> list[SheetLine]:
    """List the lots of a sheet with the last count of each that stands."""
    standing = {one.lot_id: one for one in sheet.counts if one.status not in _VOID}
    return [SheetLine(line, standing.get(line.lot_id)) for line in sheet.lines]


def list_uncounted(sheet: CountSheet) -> list[SheetLine]:
    """List the lots of a sheet that wait for their count."""
    return [one for one in list_sheet_lines(sheet) if one.count is None]
