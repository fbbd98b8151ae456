"""What a scan at the station is, held against what the bag needs next."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.compounding.models import Bag
from pharmacy.compounding.queries.preparation import BagState, ProductState, read_bag_state
from pharmacy.domain.barcodes import ScanKind, ScanMeaning
from pharmacy.domain.errors import ScanRefused
from pharmacy.formulary.models import Product
from pharmacy.inventory.queries import find_scanned_products
from pharmacy.scanning import read_scan

ASIDE = "Put it aside and tell a pharmacist."


def is_lot_missing(session: Session, bag: Bag, raw: str, *, site_id: int, at: datetime) -> bool:
    """Tell whether a scan is of the right product and only its lot is missing; refuses a wrong product."""
    state = read_bag_state(session, bag.worksheet, bag, at=at)
    meaning, _ = read_expected_scan(session, state, raw, site_id=site_id)
    return meaning.lot is None


def read_expected_scan(
    session: Session, state: BagState, raw: str, *, site_id: int
) -> tuple[ScanMeaning, ProductState]:
    """Read a scan of the product that the bag needs next; stops anything else with ScanRefused."""
    expected = state.expected
    if expected is None:
        raise ScanRefused(f"Nothing is scanned now. Next: {state.step.value}.")
    worksheet = state.bag.worksheet
    meaning = read_scan(raw, known_lots={one.lot.number for one in worksheet.proposed_lots})
    needed = f"Bag {state.bag.position} needs {expected.product.name}."
    if meaning.kind is ScanKind.OWN_SERIAL:
        raise ScanRefused(f"This is our own serial {meaning.text}, not a container. {needed} Scan its code.")
    if meaning.kind is ScanKind.UNKNOWN:
        raise ScanRefused(f"{meaning.why} {needed} Scan its code.")
    _ensure_product(find_scanned_products(session, meaning, site_id=site_id), expected.product, needed)
    return meaning, expected


def _ensure_product(found: list[Product], expected: Product, needed: str) -> None:
    if not found:
        raise ScanRefused(f"This code is of no product of this pharmacy. {needed} {ASIDE}")
    if len(found) > 1:
        names = " or ".join(one.name for one in found)
        raise ScanRefused(f"This code may be {names}. {needed} Scan the square code, which says it.")
    scanned = found[0]
    if scanned.id == expected.id:
        return
    what = "Wrong product."
    if scanned.drug == expected.drug:
        what = "Wrong strength." if scanned.strength != expected.strength else "Wrong container."
    raise ScanRefused(f"{what} You scanned {scanned.name}. {needed} {ASIDE}")
