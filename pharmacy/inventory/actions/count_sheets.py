"""Open and close the sheet on which a whole location is counted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import record
from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import counted
from pharmacy.inventory.models import CountSheet, CountSheetLine, Lot, StockLocation
from pharmacy.inventory.queries import find_open_sheet, list_lots_at, list_uncounted


def open_count_sheet(session: Session, location: StockLocation, *, by: Person, at: datetime) -> CountSheet:
    """Open the count sheet of a location with every lot that is booked there; one is open at a time."""
    ensure_may(by.role, Permission.RECEIVE_STOCK)
    if find_open_sheet(session, location.id):
        raise Refusal(f"A count sheet of {location.name} is open already; go on with it.")
    lots = list_lots_at(session, location)
    if not lots:
        raise Refusal(
            f"Nothing is booked at {location.name}. Count a lot that you found there on its own page."
        )
    sheet = CountSheet(site_id=by.site_id, location=location, opened_by=by, opened_at=at,
                       lines=[CountSheetLine(lot=lot, added=False) for lot in lots])  # fmt: skip
    session.add(sheet)
    record(session, sheet, "opened a count sheet", by=by, at=at, location=location.name, lots=len(lots))
    return sheet


def add_to_sheet(
    session: Session, sheet: CountSheet, lot: Lot, *, by: Person, at: datetime
) -> CountSheetLine:
    """Add a lot that was found at the location though nothing of it is booked there."""
    ensure_may(by.role, Permission.RECEIVE_STOCK)
    _ensure_open(sheet)
    if lot.id in {one.lot_id for one in sheet.lines}:
        raise Refusal(f"Lot {lot.number} is on this sheet already.", field="number")
    line = CountSheetLine(lot=lot, added=True)
    sheet.lines.append(line)
    record(session, sheet, "added a lot to a count sheet", by=by, at=at, lot=lot.number)
    return line


def close_count_sheet(session: Session, sheet: CountSheet, *, by: Person, at: datetime) -> CountSheet:
    """Close a sheet once each of its lots was counted; what differs is settled on its own page."""
    ensure_may(by.role, Permission.RECEIVE_STOCK)
    _ensure_open(sheet)
    left = list_uncounted(sheet)
    if left:
        raise Refusal(f"{counted(len(left), 'lot')} of this sheet not counted yet.")
    sheet.closed_by_id, sheet.closed_at = by.id, at
    record(session, sheet, "closed a count sheet", by=by, at=at, location=sheet.location.name)
    return sheet


def _ensure_open(sheet: CountSheet) -> None:
    if sheet.closed_at is not None:
        raise Refusal("This count sheet is closed.")
