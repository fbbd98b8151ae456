"""Count what stands on the shelf without seeing what is booked, and settle what differs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import ensure_other_person
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import begin_life, move, record
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.statuses import COUNT_MOVES, CountStatus
from pharmacy.domain.stock_changes import ChangeReason, ensure_explains, is_large
from pharmacy.inventory.actions.stock import move_stock
from pharmacy.inventory.models import CountSheet, Lot, MovementKind, StockCount, StockLocation
from pharmacy.inventory.queries import count_at, find_large_difference, list_open_counts, was_adjusted_since


def count_lot(
    session: Session,
    lot: Lot,
    location: StockLocation,
    *,
    counted: int,
    sheet: CountSheet | None = None,
    by: Person,
    at: datetime,
) -> StockCount:
    """Keep how many unopened containers of a lot stand at a location, beside what is booked there.

    A count of the same lot there that still differs is replaced: it was counted again.
    """
    ensure_may(by.role, Permission.RECEIVE_STOCK)
    if counted < 0:
        raise InvalidInput("Enter how many containers you counted, 0 or more.", field="counted")
    if sheet is not None:
        _ensure_on_sheet(sheet, lot, location)
    for earlier in list_open_counts(session, site_id=by.site_id, lot_id=lot.id, location_id=location.id):
        move(session, earlier, COUNT_MOVES, CountStatus.COUNTED_AGAIN, what="a count", by=by, at=at,
             reason="counted again")  # fmt: skip
    booked = count_at(session, lot.id, location.id)
    status = CountStatus.AGREES if counted == booked else CountStatus.DIFFERS
    count = StockCount(site_id=by.site_id, sheet_id=sheet.id if sheet else None, lot=lot, location=location,
                       status=status, counted=counted, booked=booked, counted_by=by,
                       counted_at=at)  # fmt: skip
    session.add(count)
    begin_life(session, count, by=by, at=at)
    record(session, count, "counted a lot", by=by, at=at, lot=lot.number, location=location.name,
           counted=counted, booked=booked)  # fmt: skip
    return count


def _ensure_on_sheet(sheet: CountSheet, lot: Lot, location: StockLocation) -> None:
    """Refuse a count that a sheet does not ask for."""
    if sheet.closed_at is not None:
        raise Refusal("This count sheet is closed; count the lot on its own page.")
    if sheet.location_id != location.id:
        raise Refusal(f"This count sheet is of {sheet.location.name}, not of {location.name}.")
    if lot.id not in {one.lot_id for one in sheet.lines}:
        raise Refusal(f"Lot {lot.number} is not on this count sheet; add it to the sheet first.")


def explain_count(
    session: Session, count: StockCount, *, reason_code: ChangeReason, reason: str, by: Person, at: datetime
) -> StockCount:
    """Say why a count differs; a small difference is booked at once, a large one waits for a second person.

    Every difference of a high-alert drug is large (domain.md 4.1).
    """
    ensure_may(by.role, Permission.RECEIVE_STOCK)
    ensure_reason(reason)
    if count.status is not CountStatus.DIFFERS:
        raise Refusal("This count does not wait for an explanation.")
    ensure_explains(reason_code, count.difference)
    _ensure_not_booked(session, count)
    _ensure_still_there(session, count)
    count.reason_code, count.reason = reason_code, reason.strip()
    count.explained_by, count.explained_at = by, at
    limit = find_large_difference(session, site_id=count.site_id)
    record(session, count, "explained a difference", by=by, at=at, reason=reason, lot=count.lot.number,
           reason_code=reason_code.value, difference=count.difference)  # fmt: skip
    if is_large(count.difference, high_alert=count.lot.product.high_alert, limit=limit):
        move(session, count, COUNT_MOVES, CountStatus.TO_CONFIRM, what="a count", by=by, at=at, reason=reason)
        return count
    return _settle(session, count, by=by, at=at)


def confirm_count(
    session: Session, count: StockCount, *, counted: int, by: Person, at: datetime
) -> StockCount:
    """Count a large difference again as a second person, who has not seen the first figure.

    Where both found the same the difference is booked. Where not, nothing is: the count is sent back, which
    is no error of the caller. Refuses the person who counted or explained it.
    """
    ensure_may(by.role, Permission.RECEIVE_STOCK)
    if counted < 0:
        raise InvalidInput("Enter how many containers you counted, 0 or more.", field="counted")
    if count.status is not CountStatus.TO_CONFIRM:
        raise Refusal("This count does not wait for a second person.")
    ensure_other_person(by, count.counted_by_id, count.explained_by_id,
                        sentence="You counted or explained this; another person counts again, signed in "
                        "as themselves.")  # fmt: skip
    count.counted_again = counted
    # What was booked in between changes what the second person finds, not by how much it differs.
    if counted - count_at(session, count.lot_id, count.location_id) != count.difference:
        move(session, count, COUNT_MOVES, CountStatus.SENT_BACK, what="a count", by=by, at=at,
             reason="the second person found another number")  # fmt: skip
        record(session, count, "found another number", by=by, at=at, lot=count.lot.number,
               counted=count.counted, counted_again=counted)  # fmt: skip
        return count
    return _settle(session, count, by=by, at=at)


def _ensure_not_booked(session: Session, count: StockCount) -> None:
    """Refuse a difference that somebody may have booked already, in another way."""
    if was_adjusted_since(session, count):
        raise Refusal("Stock was adjusted after this count. Count again.")


def _ensure_still_there(session: Session, count: StockCount) -> None:
    """Refuse a difference that would leave fewer than no containers, since others were taken meanwhile."""
    if count_at(session, count.lot_id, count.location_id) + count.difference < 0:
        raise Refusal(
            f"Containers of lot {count.lot.number} were taken from {count.location.name} after this count. "
            "Count again."
        )


def _settle(session: Session, count: StockCount, *, by: Person, at: datetime) -> StockCount:
    movement = move_stock(session, count.lot, MovementKind.COUNTED, containers=count.difference,
                          volume_ml=count.difference * count.lot.product.volume_ml,
                          location_id=count.location_id, reason=count.reason, reason_code=count.reason_code,
                          by=by, at=at)  # fmt: skip
    count.movement_id, count.settled_by, count.settled_at = movement.id, by, at
    move(session, count, COUNT_MOVES, CountStatus.SETTLED, what="a count", by=by, at=at, reason=count.reason)
    record(session, count, "booked a difference", by=by, at=at, reason=count.reason, lot=count.lot.number,
           location=count.location.name, difference=count.difference)  # fmt: skip
    return count
