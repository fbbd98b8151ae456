"""The sample stock: locations, two lots of the vial and of the bag, one short-dated, one in quarantine."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.domain.barcodes import normalize_ndc
from pharmacy.domain.local_time import to_local
from pharmacy.domain.stock_locations import LocationKind, StorageNeed
from pharmacy.formulary.models import Product
from pharmacy.formulary.queries import find_products_by_code
from pharmacy.inventory import actions
from pharmacy.inventory.models import StockLocation
from pharmacy.sample.formulary import PREMIX, SALINE, SMALL_VIAL, VIAL

SUPPLIER, PACKING_SLIP = "Sample Wholesale Company", "SAMPLE-PS-7001"
# What expires this soon caps the beyond-use date of a bag that it goes into.
SHORT_DAYS = 6
# The sample site calls less than this short-dated, and lets one person settle a difference up to this.
SHORT_DATED_DAYS, LARGE_DIFFERENCE = 30, 2
_LOCATIONS = {
    "High-alert cabinet, shelf 1": LocationKind.HIGH_ALERT,
    "High-alert cabinet, shelf 2": LocationKind.HIGH_ALERT,
    "High-alert cabinet, shelf 3": LocationKind.HIGH_ALERT,
    "Shelf B2": LocationKind.ROOM,
    "Shelf B2, front": LocationKind.ROOM,
    "Refrigerator 1": LocationKind.REFRIGERATOR,
    "Freezer 1": LocationKind.FREEZER,
    "Quarantine shelf": LocationKind.QUARANTINE,
}


class _Stock(NamedTuple):
    ndc: str
    number: str
    good_for_days: int
    containers: int
    location: str


_STOCK = (
    _Stock(VIAL, "SMG4417", 200, 15, "High-alert cabinet, shelf 1"),
    _Stock(VIAL, "SMG5102", 430, 50, "High-alert cabinet, shelf 1"),
    _Stock(SMALL_VIAL, "SMH2090", 300, 25, "High-alert cabinet, shelf 2"),
    _Stock(PREMIX, "SMP3301", 250, 10, "High-alert cabinet, shelf 3"),
    _Stock(SALINE, "SNC0821", SHORT_DAYS, 4, "Shelf B2, front"),
    _Stock(SALINE, "SNC0934", 310, 96, "Shelf B2"),
    _Stock(SALINE, "SNC0977", 320, 12, "Quarantine shelf"),
)
_HELD = "SNC0977"
# Below these numbers the sample site orders; the small vials are below theirs.
_REORDER = {VIAL: 20, SALINE: 40, SMALL_VIAL: 30, PREMIX: None}


def load_inventory(session: Session, people: dict[str, Person], *, at: datetime) -> None:
    """Receive the sample lots by scanning, as a technician would, on what a pharmacist has set up."""
    locations = _set_up(session, by=people["petra"], at=at)
    by = people["tina"]
    today = to_local(at, ZoneInfo(by.site.time_zone)).date()
    receipt = actions.open_receipt(session, supplier=SUPPLIER, document=PACKING_SLIP, received_on=today,
                                   by=by, at=at)  # fmt: skip
    for one in _STOCK:
        expiry = today + timedelta(days=one.good_for_days)
        entry = actions.receive_scanned(
            session,
            receipt,
            f"01{_gtin(_product(session, one.ndc, by=by))}17{expiry:%y%m%d}10{one.number}",
            containers=one.containers,
            location=locations[one.location],
            accepted=actions.Accepted(short_dated=one.good_for_days == SHORT_DAYS),
            by=by,
            at=at,
        )
        if one.number == _HELD:
            actions.quarantine_lot(session, entry.lot, reason="The carton came wet.", by=by, at=at)


def _set_up(session: Session, *, by: Person, at: datetime) -> dict[str, StockLocation]:
    actions.set_policy(session, short_dated_days=SHORT_DATED_DAYS, large_difference=LARGE_DIFFERENCE,
                       by=by, at=at)  # fmt: skip
    for ndc, level in _REORDER.items():
        actions.set_rule(session, _product(session, ndc, by=by), storage=StorageNeed.ROOM,
                         reorder_level=level, by=by, at=at)  # fmt: skip
    return {
        name: actions.add_location(session, name=name, kind=kind, by=by, at=at)
        for name, kind in _LOCATIONS.items()
    }


def _product(session: Session, ndc: str, *, by: Person) -> Product:
    [product] = find_products_by_code(session, "ndc", normalize_ndc(ndc).ndc11 or "", site_id=by.site_id)
    return product


def _gtin(product: Product) -> str:
    return next(code.value for code in product.codes if code.system == "gtin")
