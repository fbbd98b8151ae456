"""Reads of the code on a package that came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from pharmacy.domain.barcodes import ScanKind, ScanMeaning
from pharmacy.domain.errors import ScanRefused
from pharmacy.domain.formatting import day
from pharmacy.domain.interception import Cause
from pharmacy.formulary.models import Product
from pharmacy.formulary.queries import find_products_by_code
from pharmacy.scanning import keep_meaning, read_scan, reading_of

BY_HAND = "Choose the product and type what is printed."


@dataclass(frozen=True)
class Received:
    """Hold what the code on a package says; `number` and `expiry` are empty where it is silent."""

    product: Product
    number: str
    expiry: str

    @property
    def words(self) -> str:
        """Say what was read."""
        lot = f", lot {self.number}" if self.number else ""
        expiry = f", expires {day(date.fromisoformat(self.expiry))}" if self.expiry else ""
        return f"Read: {self.product.name}{lot}{expiry}."


def find_scanned_products(session: Session, meaning: ScanMeaning, *, site_id: int) -> list[Product]:
    """Find the products of a site that a scan may mean: by its GTIN, else by the NDCs it can stand for."""
    found: dict[int, Product] = {}
    if meaning.gtin:
        found = {one.id: one for one in find_products_by_code(session, "gtin", meaning.gtin, site_id=site_id)}
    if not found:
        for ndc in meaning.ndc11_candidates:
            found |= {one.id: one for one in find_products_by_code(session, "ndc", ndc, site_id=site_id)}
    return list(found.values())


def read_received(session: Session, code: str, *, site_id: int) -> Received:
    """Read the code on a package that came in; refuses one of no product of the site, or of several."""
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
            raise ScanRefused(why, action=BY_HAND, cause=Cause.NOT_OUR_PRODUCT)
        if len(found) > 1:
            raise ScanRefused("This code may be of several products.", action=BY_HAND, cause=Cause.AMBIGUOUS)
    expiry = meaning.expires.isoformat() if meaning.expires else ""
    return Received(found[0], meaning.lot or "", expiry)
