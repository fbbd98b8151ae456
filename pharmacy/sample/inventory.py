"""The sample stock: two lots of the vial and of the diluent bag, one of the bags short-dated."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.domain.barcodes import normalize_ndc
from pharmacy.domain.local_time import to_local
from pharmacy.formulary.queries import find_products_by_code
from pharmacy.inventory.actions import receive_lot
from pharmacy.sample.formulary import PREMIX, SALINE, SMALL_VIAL, VIAL

SUPPLIER = "Sample Wholesale Company"
# What expires this soon caps the beyond-use date of a bag that it goes into.
SHORT_DAYS = 6


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
)


def load_inventory(session: Session, people: dict[str, Person], *, at: datetime) -> None:
    """Receive the sample lots, as a technician would."""
    by = people["tina"]
    today = to_local(at, ZoneInfo(by.site.time_zone)).date()
    for one in _STOCK:
        value = normalize_ndc(one.ndc).ndc11
        [product] = find_products_by_code(session, "ndc", value or "", site_id=by.site_id)
        receive_lot(
            session,
            product,
            number=one.number,
            expiry=(today + timedelta(days=one.good_for_days)).isoformat(),
            supplier=SUPPLIER,
            containers=one.containers,
            location=one.location,
            by=by,
            at=at,
        )
