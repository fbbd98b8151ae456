"""Reads of the code on a package that came in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from pharmacy.domain.barcodes import ScanKind, ScanMeaning
from pharmacy.domain.errors import ScanRefused
from pharmacy.formulary.models import Product
from pharmacy.formulary.queries import find_products_by_code
from pharmacy.scanning import read_scan


@dataclass(frozen=True)
class Received:
    """Hold what the code on a package says; `number` and `expiry` are empty where it is silent."""

    product: Product
    number: str
    expiry: str


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
    meaning = read_scan(code)
    if meaning.kind is not ScanKind.PRODUCT:
        raise ScanRefused(meaning.why or "This is one of our own serials, not a product. Scan the package.")
    found = find_scanned_products(session, meaning, site_id=site_id)
    if len(found) != 1:
        several = "may be of several products" if found else "is of no product of this pharmacy"
        raise ScanRefused(f"This code {several}. Choose the product and type what is printed.")
    expiry = meaning.expires.isoformat() if meaning.expires else ""
    return Received(found[0], meaning.lot or "", expiry)
