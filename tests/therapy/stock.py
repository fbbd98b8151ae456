"""Bring stock onto the shelf in one call, for tests whose subject is something else."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.domain.local_time import to_local
from pharmacy.formulary.models import Product
from pharmacy.inventory import actions
from pharmacy.inventory.models import Lot, Receipt, StockLocation
from pharmacy.inventory.queries import find_receipt

SUPPLIER, SLIP = "Somebody", "SLIP-1"


def location_called(session: Session, name: str) -> StockLocation:
    """Return a location by its name."""
    return session.scalars(select(StockLocation).where(StockLocation.name == name)).one()


def receipt_of(session: Session, *, by: Person, at: datetime, document: str = SLIP) -> Receipt:
    """Return the receipt that tests receive on."""
    found = find_receipt(session, supplier=SUPPLIER, document=document, site_id=by.site_id)
    if found:
        return found
    today = to_local(at, ZoneInfo(by.site.time_zone)).date()
    return actions.open_receipt(
        session, supplier=SUPPLIER, document=document, received_on=today, by=by, at=at
    )


def receive_lot(
    session: Session,
    product: Product,
    *,
    number: str,
    expiry: str,
    containers: int = 5,
    location: str = "",
    by: Person,
    at: datetime,
) -> Lot:
    """Receive containers of a lot by hand, at a location that fits; every warning is accepted."""
    fitting = "High-alert cabinet, shelf 1" if product.high_alert else "Shelf B2"
    typed = actions.Typed(number, number, expiry, expiry, "no code on the package")
    return actions.receive_by_hand(
        session,
        receipt_of(session, by=by, at=at),
        product,
        typed,
        containers=containers,
        location=location_called(session, location or fitting),
        accepted=actions.Accepted(short_dated=True, location=True),
        by=by,
        at=at,
    ).lot
