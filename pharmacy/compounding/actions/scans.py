"""Scan each container at the station: the right product of the right lot, or a hard stop in plain words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import record
from pharmacy.compounding.actions.readiness import ensure_at_station, take_turn
from pharmacy.compounding.models import Bag, Scan
from pharmacy.compounding.queries import (
    ASIDE,
    BagState,
    ProductState,
    find_undoable,
    read_bag_state,
    read_expected_scan,
)
from pharmacy.domain.barcodes import ScanMeaning
from pharmacy.domain.errors import InvalidInput, Refusal, ScanRefused
from pharmacy.domain.expiry import parse_expiry
from pharmacy.domain.formatting import day
from pharmacy.domain.interception import Cause, Reading
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.statuses import LotStatus
from pharmacy.formulary.models import Product
from pharmacy.inventory.actions import let_go, open_container, put_back, take_up, waste
from pharmacy.inventory.models import Lot, OpenedContainer
from pharmacy.inventory.queries import find_lot, find_objection
from pharmacy.scanning import reading_of

_HELD = {LotStatus.RECALLED: Cause.RECALLED_LOT, LotStatus.QUARANTINED: Cause.QUARANTINED_LOT}


def scan_container(
    session: Session,
    bag: Bag,
    raw: str,
    *,
    lot_number: str | None = None,
    product_id: int | None = None,
    by: Person,
    at: datetime,
) -> Scan:
    """Take a scan of a vial or bag for the bag that is being made; opens it, or draws on from an open one.

    `lot_number` is the lot that a person chose and typed, for a code that holds none; `product_id` the
    product that they chose, for an NDC of ten digits that may be several. Refuses with ScanRefused what does
    not belong into this bag: another product or strength, a lot that may not be used.
    """
    ensure_may(by.role, Permission.COMPOUND)
    with reading_of(raw) as seen:
        return _scan(session, bag, seen, lot_number=lot_number, product_id=product_id, by=by, at=at)


def _scan(
    session: Session,
    bag: Bag,
    seen: Reading,
    *,
    lot_number: str | None,
    product_id: int | None,
    by: Person,
    at: datetime,
) -> Scan:
    ensure_at_station(session, bag, by=by, at=at)
    state = read_bag_state(session, bag.worksheet, bag, at=at)
    read = read_expected_scan(session, state, seen, product_id=product_id, site_id=by.site_id)
    meaning, expected = read.meaning, read.expected
    if meaning.lot is None and lot_number is None:
        raise InvalidInput("The code holds no lot: choose the lot and type its number.", field="lot")
    if None not in (meaning.lot, lot_number) and meaning.lot != lot_number:
        why = f"The code says lot {meaning.lot}, not {lot_number}."
        raise ScanRefused(why, action=ASIDE, cause=Cause.LOT_MISMATCH)
    seen.lot = meaning.lot or lot_number
    lot = _get_lot(session, bag, expected.product, seen.lot or "", by=by)
    _ensure_lot_fits(lot, meaning, by=by, at=at)
    opened = _go_on(session, bag, expected, lot, by=by, at=at) or _open(session, bag, lot, by=by, at=at)
    scan = Scan(bag_id=bag.id, raw=seen.raw, lot_by_hand=meaning.lot is None,
                product_by_hand=len(read.products) > 1, product=expected.product, lot=lot,
                opened_container_id=opened.id, person=by, at=at, turn=take_turn(bag.worksheet))  # fmt: skip
    bag.worksheet.scans.append(scan)
    record(session, scan, "scanned a container", by=by, at=at, serial=bag.serial, raw=seen.raw,
           product=expected.product.name, lot=lot.number, lot_by_hand=scan.lot_by_hand,
           may_be=[one.name for one in read.products if scan.product_by_hand])  # fmt: skip
    return scan


def _get_lot(session: Session, bag: Bag, product: Product, number: str, *, by: Person) -> Lot:
    lot = find_lot(session, product.id, number, site_id=by.site_id)
    if lot is None:
        raise _say_unknown(session, product, number, by=by)
    planned = [one.lot for one in bag.worksheet.proposed_lots if one.lot.product_id == product.id]
    if lot.id not in {one.id for one in planned}:
        why = f"Wrong lot. Lot {number} of {product.name} is not on this worksheet."
        take = f"Take lot {' or '.join(one.number for one in planned)}."
        raise ScanRefused(why, action=take, cause=Cause.LOT_NOT_ON_WORKSHEET)
    return lot


def _say_unknown(session: Session, product: Product, number: str, *, by: Person) -> ScanRefused:
    """Say of a lot that was never received whether Caps Lock may have changed its letters."""
    why = f"Wrong lot. Lot {number} of {product.name} was never received here"
    if find_lot(session, product.id, number.swapcase(), site_id=by.site_id):
        why += f", but lot {number.swapcase()} was."
        action = "Is Caps Lock on? Turn it off and scan again."
        return ScanRefused(why, action=action, cause=Cause.KEYBOARD_LAYOUT)
    return ScanRefused(f"{why}.", action=ASIDE, cause=Cause.UNKNOWN_LOT)


def _ensure_lot_fits(lot: Lot, meaning: ScanMeaning, *, by: Person, at: datetime) -> None:
    zone = ZoneInfo(by.site.time_zone)
    objection = find_objection(lot, at=at, zone=zone)
    if objection:
        raise ScanRefused(objection, action=ASIDE, cause=_HELD.get(lot.status, Cause.EXPIRED_LOT))
    if meaning.expires and parse_expiry(meaning.expires.isoformat(), zone) != lot.expires_at:
        raise ScanRefused(
            f"The code says that lot {lot.number} expires {day(meaning.expires)}, "
            f"but it was received with {day(lot.expires_at.astimezone(zone).date())}.",
            action=ASIDE,
            cause=Cause.EXPIRY_MISMATCH,
        )


def _go_on(
    session: Session, bag: Bag, expected: ProductState, lot: Lot, *, by: Person, at: datetime
) -> OpenedContainer | None:
    """Find the open container of a lot to draw on from: of this worksheet, else one that was kept open."""
    opened = next((one for one in expected.reusable if one.lot_id == lot.id), None)
    if opened is not None and opened.held_by_id is None:
        take_up(session, opened, worksheet_id=bag.worksheet_id, by=by, at=at)
    return opened


def _open(session: Session, bag: Bag, lot: Lot, *, by: Person, at: datetime) -> OpenedContainer:
    try:
        return open_container(session, lot, worksheet_id=bag.worksheet_id, bag_id=bag.id, by=by, at=at)
    except Refusal as refusal:
        none_left = refusal.cause is Cause.NONE_LEFT
        action = "Take another lot of the worksheet, or add one to it." if none_left else ""
        raise ScanRefused(refusal.sentence, action=action, cause=refusal.cause) from None


def undo_scan(session: Session, bag: Bag, *, discarded: bool, reason: str, by: Person, at: datetime) -> Scan:
    """Undo the last scan of the bag that is being made, with the reason.

    `discarded` says that the container was entered or broke, so that its content is wasted; else it goes back
    on the shelf. A container that an earlier bag opened stays open. Refuses once the volume was entered.
    """
    ensure_may(by.role, Permission.COMPOUND)
    ensure_reason(reason)
    ensure_at_station(session, bag, by=by, at=at)
    state = read_bag_state(session, bag.worksheet, bag, at=at)
    scan = _get_scan_to_undo(state)
    take_turn(bag.worksheet)
    scan.undone_at, scan.undone_because = at, reason.strip()
    opened = next(
        one
        for one in (*state.diluent.containers, *state.additive.containers)
        if one.id == scan.opened_container_id
    )
    if discarded:
        waste(session, opened, reason=reason, by=by, at=at)
    elif not _is_shared(bag, scan) and opened.worksheet_id != bag.worksheet_id:
        let_go(session, opened, reason=reason, by=by, at=at)
    elif not _is_shared(bag, scan):
        put_back(session, opened, reason=reason, by=by, at=at)
    record(session, scan, "undid a scan", by=by, at=at, reason=reason,
           serial=bag.serial, lot=scan.lot.number, discarded=discarded)  # fmt: skip
    return scan


def _get_scan_to_undo(state: BagState) -> Scan:
    if state.last_scan is None:
        raise Refusal("There is no scan of this bag to undo.")
    if state.is_drawn:
        raise Refusal("The volume in the syringe was entered already: go on, or give up this bag.")
    found = find_undoable(state)
    if not isinstance(found, Scan):
        raise Refusal("A step was confirmed since that scan: undo that first.")
    return found


def _is_shared(bag: Bag, scan: Scan) -> bool:
    """Tell whether another scan that stands took from the same container."""
    return any(
        one.opened_container_id == scan.opened_container_id and one.undone_at is None and one is not scan
        for one in bag.worksheet.scans
    )
