"""What a scan at the station is, held against what the bag needs next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from pharmacy.compounding.models import Bag
from pharmacy.compounding.queries.preparation import BagState, ProductState, read_bag_state
from pharmacy.domain.barcodes import ScanKind, ScanMeaning
from pharmacy.domain.errors import InvalidInput, ScanRefused
from pharmacy.domain.interception import Cause, Reading
from pharmacy.formulary.models import Product
from pharmacy.inventory.queries import find_scanned_products
from pharmacy.scanning import keep_meaning, read_scan, reading_of

ASIDE = "Put it aside and tell a pharmacist."
SCAN_CODE = "Scan the code on the container."


class Ask(StrEnum):
    """What a scan leaves to ask of the person who made it."""

    NOTHING = "nothing"
    PRODUCT = "which product"
    LOT = "which lot"


@dataclass(frozen=True)
class ExpectedScan:
    """Hold a scan beside what is expected: what it means, and each product that it may be."""

    meaning: ScanMeaning
    expected: ProductState
    products: list[Product]


def what_to_ask(
    session: Session, bag: Bag, raw: str, *, product_id: int | None = None, site_id: int, at: datetime
) -> Ask:
    """Say what a scan of the right product leaves open; refuses one that can only be a wrong product.

    `product_id` is the product that a person chose where the code may be several.
    """
    with reading_of(raw) as seen:
        state = read_bag_state(session, bag.worksheet, bag, at=at)
        scan = _read(session, state, seen, site_id=site_id)
        if product_id is None and len(scan.products) > 1 and scan.expected.product in scan.products:
            return Ask.PRODUCT
        _ensure_product(state, scan, product_id)
    return Ask.LOT if scan.meaning.lot is None else Ask.NOTHING


def list_candidates(session: Session, bag: Bag, raw: str, *, site_id: int, at: datetime) -> list[Product]:
    """List the products that a code may be, in the order in which they are offered."""
    with reading_of(raw) as seen:
        state = read_bag_state(session, bag.worksheet, bag, at=at)
        products = _read(session, state, seen, site_id=site_id).products
    return sorted(products, key=lambda one: (one.name, one.id))


def read_expected_scan(
    session: Session, state: BagState, seen: Reading, *, product_id: int | None = None, site_id: int
) -> ExpectedScan:
    """Read a scan of the product that the bag needs next; stops anything else with ScanRefused."""
    scan = _read(session, state, seen, site_id=site_id)
    _ensure_product(state, scan, product_id)
    return scan


def _read(session: Session, state: BagState, seen: Reading, *, site_id: int) -> ExpectedScan:
    expected = state.expected
    if expected is None:
        raise ScanRefused(
            "Nothing is scanned now.", action=f"Next: {state.step.value}.", cause=Cause.OUT_OF_TURN
        )
    needed = _say_needed(state)
    lots = {one.lot.number for one in state.bag.worksheet.proposed_lots}
    try:
        meaning = keep_meaning(seen, read_scan(seen.raw, known_lots=lots))
    except ScanRefused as refusal:
        action = refusal.action or SCAN_CODE
        raise ScanRefused(refusal.why, expected=needed, action=action, cause=refusal.cause) from None
    if meaning.kind is ScanKind.OWN_SERIAL:
        why = f"This is our own serial {meaning.text}, not a container."
        raise ScanRefused(why, expected=needed, action=SCAN_CODE, cause=Cause.OWN_SERIAL)
    if meaning.kind is ScanKind.UNKNOWN:
        raise ScanRefused(meaning.why, expected=needed, action=SCAN_CODE, cause=Cause.UNREADABLE)
    products = find_scanned_products(session, meaning, site_id=site_id)
    seen.product = " or ".join(one.name for one in products) or seen.product
    return ExpectedScan(meaning, expected, products)


def _say_needed(state: BagState) -> str:
    return f"Bag {state.bag.position} needs {state.expected.product.name}." if state.expected else ""


def _ensure_product(state: BagState, scan: ExpectedScan, product_id: int | None) -> None:
    found, needed = scan.products, _say_needed(state)
    if not found:
        why = "This code is of no product of this pharmacy."
        raise ScanRefused(why, expected=needed, action=ASIDE, cause=Cause.NOT_OUR_PRODUCT)
    if product_id is not None and len(found) > 1:
        found = [one for one in found if one.id == product_id]
        if not found:
            raise InvalidInput("Choose one of the products that the code may be.", field="answer")
    names = " or ".join(one.name for one in found)
    if len(found) > 1 and scan.expected.product in found:
        action = "Say which it is, or scan the square code, which says it."
        raise ScanRefused(f"This code may be {names}.", expected=needed, action=action, cause=Cause.AMBIGUOUS)
    if scan.expected.product not in found:
        cause = _say_difference(found[0], scan.expected.product)
        why = f"{cause.value.capitalize()}. You scanned {names}."
        raise ScanRefused(why, expected=needed, action=ASIDE, cause=cause)


def _say_difference(scanned: Product, expected: Product) -> Cause:
    if scanned.drug != expected.drug:
        return Cause.WRONG_PRODUCT
    return Cause.WRONG_STRENGTH if scanned.strength != expected.strength else Cause.WRONG_CONTAINER
