"""Receive packages by scanning or by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import begin_life, record
from pharmacy.domain.errors import InvalidInput, Refusal, ScanRefused
from pharmacy.domain.expiry import parse_expiry
from pharmacy.domain.formatting import day, moment
from pharmacy.domain.gs1 import is_set_82
from pharmacy.domain.interception import Cause
from pharmacy.domain.local_time import to_local
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.statuses import LotStatus
from pharmacy.formulary.models import Product
from pharmacy.inventory.actions.moves import accept_location, ensure_held_back
from pharmacy.inventory.actions.stock import ensure_alike, ensure_open, move_stock
from pharmacy.inventory.models import Lot, MovementKind, Receipt, ReceiptEntry, StockLocation
from pharmacy.inventory.queries import (
    Received,
    describe_short_date,
    find_lot,
    find_lot_in_other_case,
    find_receipt,
    find_serial,
    read_received,
)


@dataclass(frozen=True)
class Accepted:
    """Say which warnings a person has looked at and accepts."""

    short_dated: bool = False
    location: bool = False


@dataclass(frozen=True)
class Typed:
    """Hold the lot and the expiry as a person typed them, each twice, and why they were not scanned."""

    number: str
    number_again: str
    expiry: str
    expiry_again: str
    reason: str


@dataclass(frozen=True)
class _Package:
    """Hold what is received: its lot and expiry, and where they were read."""

    product: Product
    number: str
    expiry: str
    raw: str | None = None
    serial: str | None = None
    by_hand_because: str | None = None


def open_receipt(
    session: Session, *, supplier: str, document: str, received_on: date, by: Person, at: datetime
) -> Receipt:
    """Open the receipt of a supplier's delivery by its invoice or packing slip; refuses one that is there."""
    ensure_may(by.role, Permission.RECEIVE_STOCK)
    supplier, document = supplier.strip(), document.strip()
    for text, what, field in ((supplier, "supplier", "supplier"), (document, "number", "document")):
        if not text:
            raise InvalidInput(f"Enter the {what}.", field=field)
    if received_on > to_local(at, ZoneInfo(by.site.time_zone)).date():
        raise InvalidInput(f"{day(received_on)} is still to come.", field="received_on")
    if find_receipt(session, supplier=supplier, document=document, site_id=by.site_id):
        raise InvalidInput(
            f"A receipt for {document} of {supplier} is there already: go on with that one.", field="document"
        )
    receipt = Receipt(site_id=by.site_id, supplier=supplier, document=document, received_on=received_on,
                      opened_by=by, opened_at=at)  # fmt: skip
    session.add(receipt)
    record(session, receipt, "opened a receipt", by=by, at=at, supplier=supplier, document=document)
    return receipt


def receive_scanned(
    session: Session,
    receipt: Receipt,
    raw: str,
    *,
    containers: int,
    location: StockLocation,
    accepted: Accepted,
    by: Person,
    at: datetime,
) -> ReceiptEntry:
    """Receive what a scan says: product, lot and expiry are in the code, which is kept as it came.

    Refuses a code without lot or expiry, and a package whose serial was received already.
    """
    ensure_may(by.role, Permission.RECEIVE_STOCK)
    code = read_received(session, raw, site_id=by.site_id)
    _ensure_case(code)
    if not code.is_complete:
        raise InvalidInput("The code does not hold lot and expiry: receive this one by hand.", field="code")
    _ensure_new_serial(session, code, by=by)
    package = _Package(code.product, code.number, code.expiry, raw, code.serial or None)
    return _put_on_shelf(session, receipt, package, containers=containers, location=location,
                         accepted=accepted, by=by, at=at)  # fmt: skip


def receive_by_hand(
    session: Session,
    receipt: Receipt,
    product: Product,
    typed: Typed,
    *,
    raw: str = "",
    containers: int,
    location: StockLocation,
    accepted: Accepted,
    by: Person,
    at: datetime,
) -> ReceiptEntry:
    """Receive a package whose lot and expiry a person typed twice, with the reason why they were not scanned.

    `raw` is a code that was scanned but does not hold both; what it does hold must agree with what was typed.
    """
    ensure_may(by.role, Permission.RECEIVE_STOCK)
    ensure_reason(typed.reason)
    ensure_alike(typed.number, typed.number_again, "lot number", "number_again")
    ensure_alike(typed.expiry, typed.expiry_again, "expiry", "expiry_again")
    number, expiry = typed.number.strip(), typed.expiry.strip()
    code = read_received(session, raw, product_id=product.id, site_id=by.site_id) if raw else None
    if code:
        _ensure_agrees(code, product, number, expiry, by=by)
        _ensure_new_serial(session, code, by=by)
    package = _Package(product, number, expiry, raw or None, code.serial or None if code else None,
                       typed.reason.strip())  # fmt: skip
    return _put_on_shelf(session, receipt, package, containers=containers, location=location,
                         accepted=accepted, by=by, at=at)  # fmt: skip


def _ensure_case(code: Received) -> None:
    """Refuse a lot or a serial in small letters whose case nothing in the code confirms."""
    if code.may_be_caps_locked:
        is_lot = code.number != code.number.upper()
        what, read = ("lot", code.number) if is_lot else ("serial", code.serial)
        raise ScanRefused(
            f"The {what} came through as {read}, with small letters.",
            action="If Caps Lock is on, turn it off and scan again; else receive this package by hand.",
            cause=Cause.KEYBOARD_LAYOUT,
        )


def _ensure_agrees(code: Received, product: Product, number: str, expiry: str, *, by: Person) -> None:
    zone = ZoneInfo(by.site.time_zone)
    if code.product.id != product.id:
        raise ScanRefused(
            f"The code is of {code.product.name}, not of {product.name}.", cause=Cause.WRONG_PRODUCT
        )
    if code.number and code.number != number:
        raise ScanRefused(f"The code says lot {code.number}, not {number}.", cause=Cause.LOT_MISMATCH)
    if code.expiry and parse_expiry(code.expiry, zone) != parse_expiry(expiry, zone, field="expiry"):
        raise ScanRefused(
            f"The code says that it expires {code.expiry}, not {expiry}.", cause=Cause.EXPIRY_MISMATCH
        )


def _ensure_new_serial(session: Session, code: Received, *, by: Person) -> None:
    before = find_serial(session, code.product.id, code.serial) if code.serial else None
    if before:
        when = moment(before.at, ZoneInfo(by.site.time_zone))
        raise ScanRefused(
            f"The package with serial {code.serial} was received already, {when}, by {before.person.name}, "
            f"with {before.receipt.document} of {before.receipt.supplier}.",
            action="It is not counted again.",
            cause=Cause.SCANNED_TWICE,
        )


def _put_on_shelf(
    session: Session,
    receipt: Receipt,
    package: _Package,
    *,
    containers: int,
    location: StockLocation,
    accepted: Accepted,
    by: Person,
    at: datetime,
) -> ReceiptEntry:
    """Book containers of a lot, new or known, at a location; nothing is written before all was asked."""
    if containers < 1:
        raise InvalidInput("Receive at least 1 container.", field="containers")
    ensure_open(location)
    known = find_lot(session, package.product.id, package.number, site_id=by.site_id)
    if known is None:
        _ensure_new_number(session, package, by=by)
    expires_at = _ensure_receivable(package, known, location, by=by, at=at)
    warnings = [
        _accept_short_dated(session, package, expires_at, accepted=accepted.short_dated, by=by, at=at),
        accept_location(session, package.product, location, accepted=accepted.location),
    ]
    lot = known or _add_lot(session, receipt, package, expires_at, location, by=by, at=at)
    movement = move_stock(session, lot, MovementKind.RECEIVED, containers=containers,
                          volume_ml=containers * package.product.volume_ml, location_id=location.id,
                          by=by, at=at)  # fmt: skip
    entry = ReceiptEntry(product_id=package.product.id, lot=lot, location=location, movement_id=movement.id,
                         containers=containers, raw=package.raw, serial=package.serial,
                         by_hand_because=package.by_hand_because, person=by, at=at,
                         accepted=" ".join(filter(None, warnings)) or None)  # fmt: skip
    receipt.entries.append(entry)
    record(session, lot, "received a lot", by=by, at=at, reason=package.by_hand_because, lot=lot.number,
           expiry=package.expiry, containers=containers, supplier=receipt.supplier, document=receipt.document,
           location=location.name, raw=package.raw, accepted=entry.accepted)  # fmt: skip
    return entry


def _ensure_new_number(session: Session, package: _Package, *, by: Person) -> None:
    """Refuse a lot that is here already in other letters: two lots of one would hide each other's recall."""
    other = find_lot_in_other_case(session, package.product.id, package.number, site_id=by.site_id)
    if other:
        raise Refusal(
            f"Lot {other.number} is here already; {package.number} differs only in capital and small "
            "letters. Turn Caps Lock off and read the package again.",
            field="number",
            cause=Cause.KEYBOARD_LAYOUT,
        )


def _ensure_receivable(
    package: _Package, known: Lot | None, location: StockLocation, *, by: Person, at: datetime
) -> datetime:
    """Refuse a lot that does not come onto the shelf; returns the instant at which it expires."""
    zone, number = ZoneInfo(by.site.time_zone), package.number
    if not is_set_82(number):
        raise InvalidInput(
            "The lot number should be as printed: at most 20 letters, digits and signs.", field="number"
        )
    expires_at = parse_expiry(package.expiry, zone, field="expiry")
    if known is not None and known.status is LotStatus.RECALLED:
        raise Refusal(
            f"Lot {number} is recalled; do not put it on the shelf.", field="number", cause=Cause.RECALLED_LOT
        )
    if at >= expires_at:
        raise Refusal(
            f"Lot {number} expired {moment(expires_at, zone)}; do not put it on the shelf.",
            field="expiry",
            cause=Cause.EXPIRED_LOT,
        )
    if known is not None and known.expires_at != expires_at:
        raise Refusal(
            f"Lot {number} is here already and expires {moment(known.expires_at, zone)}, "
            f"not {moment(expires_at, zone)}; read the package again.",
            field="expiry",
            cause=Cause.EXPIRY_MISMATCH,
        )
    if known is not None and known.status is LotStatus.QUARANTINED:
        ensure_held_back(known, location)
    return expires_at


def _add_lot(
    session: Session,
    receipt: Receipt,
    package: _Package,
    expires_at: datetime,
    location: StockLocation,
    *,
    by: Person,
    at: datetime,
) -> Lot:
    lot = Lot(site_id=by.site_id, product=package.product, number=package.number, expiry=package.expiry,
              expires_at=expires_at, status=LotStatus.AVAILABLE, supplier=receipt.supplier,
              location=location.name, received_at=at)  # fmt: skip
    session.add(lot)
    begin_life(session, lot, by=by, at=at)
    return lot


def _accept_short_dated(
    session: Session, package: _Package, expires_at: datetime, *, accepted: bool, by: Person, at: datetime
) -> str:
    warning = describe_short_date(session, package.number, expires_at, site=by.site, at=at)
    if warning and not accepted:
        raise Refusal(f"{warning} Tick that you take it, or put it aside.", field="accept_short_dated")
    return warning
