"""Reads of the code on a package that came in, and of receipts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from pharmacy.accounts.models import Site
from pharmacy.domain.barcodes import ScanKind, ScanMeaning
from pharmacy.domain.errors import NotFound, ScanRefused
from pharmacy.domain.formatting import day, moment
from pharmacy.domain.interception import Cause
from pharmacy.domain.lots import is_short_dated
from pharmacy.domain.wedge import may_be_caps_locked
from pharmacy.formulary.models import Product
from pharmacy.formulary.queries import find_products_by_code
from pharmacy.inventory.models import Lot, Receipt, ReceiptEntry, StockLocation
from pharmacy.inventory.queries.locations import find_policy
from pharmacy.inventory.queries.lots import PAGE
from pharmacy.scanning import keep_meaning, read_scan, reading_of

ADD_FIRST = "Put it aside: a pharmacist adds the product to the formulary, then it is received."
ASIDE = "Put it aside and ask a pharmacist: it is no longer received."
BY_HAND = "Receive it by hand: choose the product and type what is printed."

# The first digit of a GTIN from which a package holds several of the same.
_OUTER_PACKAGES = frozenset("12345678")


@dataclass(frozen=True)
class Received:
    """Hold what the code on a package says; `number`, `expiry` and `serial` are empty where it is silent.

    `is_outer` tells that the code is of a carton or case, so that somebody has to say how many it holds.
    """

    product: Product
    number: str
    expiry: str
    serial: str
    is_outer: bool
    may_be_caps_locked: bool

    @property
    def words(self) -> str:
        """Say what was read."""
        lot = f", lot {self.number}" if self.number else ""
        expiry = f", expires {day(date.fromisoformat(self.expiry))}" if self.expiry else ""
        return f"Read: {self.product.name}{lot}{expiry}."

    @property
    def is_complete(self) -> bool:
        """Tell whether the code says both lot and expiry."""
        return bool(self.number and self.expiry)


@dataclass(frozen=True)
class ReceiptLine:
    """The containers of a lot that one receipt brought to a location, with the entries that counted them."""

    lot: Lot
    location: StockLocation
    entries: Sequence[ReceiptEntry]

    @property
    def containers(self) -> int:
        """Count the containers of this line."""
        return sum(one.containers for one in self.entries)

    @property
    def by_hand(self) -> int:
        """Count the containers whose lot and expiry a person typed."""
        return sum(one.containers for one in self.entries if one.is_by_hand)


def find_scanned_products(session: Session, meaning: ScanMeaning, *, site_id: int) -> list[Product]:
    """Find the products of a site that a scan may mean: by its GTIN, else by the NDCs it can stand for."""
    found: dict[int, Product] = {}
    if meaning.gtin:
        found = {one.id: one for one in find_products_by_code(session, "gtin", meaning.gtin, site_id=site_id)}
    if not found:
        for ndc in meaning.ndc11_candidates:
            found |= {one.id: one for one in find_products_by_code(session, "ndc", ndc, site_id=site_id)}
    return list(found.values())


def list_received_products(session: Session, code: str, *, site_id: int) -> list[Product]:
    """List the products that the code on a package may be, in the order in which they are offered."""
    with reading_of(code):
        found = find_scanned_products(session, read_scan(code), site_id=site_id)
    return sorted(found, key=lambda one: (one.name, one.id))


def read_received(session: Session, code: str, *, product_id: int | None = None, site_id: int) -> Received:
    """Read the code on a package that came in; refuses one of no product in use, or of several.

    `product_id` is the product that a person chose where the code may be several.
    """
    with reading_of(code) as seen:
        meaning = keep_meaning(seen, read_scan(code))
        if meaning.kind is ScanKind.OWN_SERIAL:
            why = "This is one of our own serials, not a product."
            raise ScanRefused(why, action="Scan the package.", cause=Cause.OWN_SERIAL)
        if meaning.kind is ScanKind.UNKNOWN:
            raise ScanRefused(meaning.why, action="Scan the package.", cause=Cause.UNREADABLE)
        found = find_scanned_products(session, meaning, site_id=site_id)
        if not found:
            why = "This code is of no product of this pharmacy."
            raise ScanRefused(why, action=ADD_FIRST, cause=Cause.NOT_OUR_PRODUCT)
        product = found[0] if len(found) == 1 else next((one for one in found if one.id == product_id), None)
        if product is None:
            why = f"This code may be {' or '.join(one.name for one in found)}."
            raise ScanRefused(why, action=BY_HAND, cause=Cause.AMBIGUOUS)
        if product.retired_at is not None:
            raise ScanRefused(f"{product.name} is retired.", action=ASIDE, cause=Cause.NOT_OUR_PRODUCT)
    expiry = meaning.expires.isoformat() if meaning.expires else ""
    gtin = meaning.gtin or ""
    is_outer = gtin[:1] in _OUTER_PACKAGES and not find_products_by_code(
        session, "gtin", gtin, site_id=site_id
    )
    in_doubt = any(may_be_caps_locked(meaning.text, one) for one in (meaning.lot, meaning.serial))
    return Received(product, meaning.lot or "", expiry, meaning.serial or "", is_outer, in_doubt)


def find_serial(session: Session, product_id: int, serial: str) -> ReceiptEntry | None:
    """Find the entry by which a package of a product was received, whatever the case of its letters."""
    return session.scalars(
        select(ReceiptEntry).where(
            ReceiptEntry.product_id == product_id, func.upper(ReceiptEntry.serial) == serial.upper()
        )
    ).first()


def describe_short_date(
    session: Session, number: str, expires_at: datetime, *, site: Site, at: datetime
) -> str:
    """Say that a lot expires before the limit of the site; empty where it does not, or where none is set."""
    policy = find_policy(session, site_id=site.id)
    if policy is None or not is_short_dated(expires_at, at=at, days=policy.short_dated_days):
        return ""
    return (
        f"Lot {number} is short-dated: it expires {moment(expires_at, ZoneInfo(site.time_zone))}, "
        f"in less than {policy.short_dated_days:,} days."
    )


def get_receipt(session: Session, receipt_id: int, *, site_id: int) -> Receipt:
    """Return a receipt of a site."""
    receipt = session.get(Receipt, receipt_id)
    if receipt is None or receipt.site_id != site_id:
        raise NotFound("No receipt is recorded under this number at this site.")
    return receipt


def find_receipt(session: Session, *, supplier: str, document: str, site_id: int) -> Receipt | None:
    """Find the receipt of a supplier's invoice or packing slip."""
    return session.scalar(
        select(Receipt).where(
            Receipt.site_id == site_id, Receipt.supplier == supplier, Receipt.document == document
        )
    )


def list_receipts(session: Session, *, site_id: int, page: int = 1, search: str = "") -> list[Receipt]:
    """List a page of receipts, the newest first; one more than a page holds."""
    wanted = select(Receipt).where(Receipt.site_id == site_id)
    if search.strip():
        columns = (Receipt.supplier, Receipt.document)
        wanted = wanted.where(or_(*(one.icontains(search.strip(), autoescape=True) for one in columns)))
    wanted = wanted.order_by(Receipt.id.desc()).offset((page - 1) * PAGE).limit(PAGE + 1)
    return list(session.scalars(wanted))


def list_suppliers(session: Session, *, site_id: int) -> list[str]:
    """List the suppliers that something came from, by name."""
    found = select(Receipt.supplier).where(Receipt.site_id == site_id).distinct().order_by(Receipt.supplier)
    return list(session.scalars(found))


def list_receipt_lines(receipt: Receipt) -> list[ReceiptLine]:
    """List the lines of a receipt, the one that was added to last at the top."""
    grouped: dict[tuple[int, int], list[ReceiptEntry]] = {}
    for entry in receipt.entries:
        grouped.setdefault((entry.lot_id, entry.location_id), []).append(entry)
    lines = [ReceiptLine(entries[0].lot, entries[0].location, entries) for entries in grouped.values()]
    return sorted(lines, key=lambda line: line.entries[-1].id, reverse=True)


def list_entries_of_lot(session: Session, lot_id: int, *, size: int | None = None) -> list[ReceiptEntry]:
    """List how a lot came in, the newest first."""
    return list(
        session.scalars(
            select(ReceiptEntry)
            .where(ReceiptEntry.lot_id == lot_id)
            .order_by(ReceiptEntry.id.desc())
            .limit(size)
        )
    )
