"""What a scan at the station is, held against what the bag needs next."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.compounding.models import Bag
from pharmacy.compounding.queries.preparation import BagState, ProductState, read_bag_state
from pharmacy.domain.barcodes import ScanKind, ScanMeaning
from pharmacy.domain.errors import ScanRefused
from pharmacy.domain.interception import Cause, Reading
from pharmacy.formulary.models import Product
from pharmacy.inventory.queries import find_scanned_products
from pharmacy.scanning import keep_meaning, read_scan, reading_of

ASIDE = "Put it aside and tell a pharmacist."
SCAN_CODE = "Scan the code on the container."


def is_lot_missing(session: Session, bag: Bag, raw: str, *, site_id: int, at: datetime) -> bool:
    """Tell whether a scan is of the right product and only its lot is missing; refuses a wrong product."""
    with reading_of(raw) as seen:
        state = read_bag_state(session, bag.worksheet, bag, at=at)
        meaning, _ = read_expected_scan(session, state, seen, site_id=site_id)
    return meaning.lot is None


def read_expected_scan(
    session: Session, state: BagState, seen: Reading, *, site_id: int
) -> tuple[ScanMeaning, ProductState]:
    """Read a scan of the product that the bag needs next; stops anything else with ScanRefused."""
    expected = state.expected
    if expected is None:
        raise ScanRefused(
            "Nothing is scanned now.", expected=f"Next: {state.step.value}.", cause=Cause.OUT_OF_TURN
        )
    lots = {one.lot.number for one in state.bag.worksheet.proposed_lots}
    needed = f"Bag {state.bag.position} needs {expected.product.name}."
    try:
        meaning = keep_meaning(seen, read_scan(seen.raw, known_lots=lots))
    except ScanRefused as refusal:
        raise ScanRefused(refusal.why, expected=needed, action=refusal.action, cause=refusal.cause) from None
    if meaning.kind is ScanKind.OWN_SERIAL:
        why = f"This is our own serial {meaning.text}, not a container."
        raise ScanRefused(why, expected=needed, action=SCAN_CODE, cause=Cause.OWN_SERIAL)
    if meaning.kind is ScanKind.UNKNOWN:
        raise ScanRefused(meaning.why, expected=needed, action=SCAN_CODE, cause=Cause.UNREADABLE)
    found = find_scanned_products(session, meaning, site_id=site_id)
    seen.product = " or ".join(one.name for one in found) or seen.product
    _ensure_product(found, expected.product, needed)
    return meaning, expected


def _ensure_product(found: list[Product], expected: Product, needed: str) -> None:
    if not found:
        why = "This code is of no product of this pharmacy."
        raise ScanRefused(why, expected=needed, action=ASIDE, cause=Cause.NOT_OUR_PRODUCT)
    if len(found) > 1:
        why = f"This code may be {' or '.join(one.name for one in found)}."
        action = "Scan the square code, which says it."
        raise ScanRefused(why, expected=needed, action=action, cause=Cause.AMBIGUOUS)
    scanned = found[0]
    if scanned.id == expected.id:
        return
    cause = Cause.WRONG_PRODUCT
    if scanned.drug == expected.drug:
        cause = Cause.WRONG_STRENGTH if scanned.strength != expected.strength else Cause.WRONG_CONTAINER
    why = f"{cause.value.capitalize()}. You scanned {scanned.name}."
    raise ScanRefused(why, expected=needed, action=ASIDE, cause=cause)
