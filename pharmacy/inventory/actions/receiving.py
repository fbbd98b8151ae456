"""Receive lots, and correct what was typed wrongly at receiving."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import begin_life, record
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.expiry import parse_expiry
from pharmacy.domain.formatting import moment
from pharmacy.domain.gs1 import is_set_82
from pharmacy.domain.statuses import LotStatus
from pharmacy.formulary.models import Product
from pharmacy.inventory.actions.stock import ensure_reason, move_stock
from pharmacy.inventory.models import Lot, MovementKind
from pharmacy.inventory.queries import find_lot, is_used


def receive_lot(
    session: Session,
    product: Product,
    *,
    number: str,
    expiry: str,
    supplier: str,
    containers: int,
    location: str,
    by: Person,
    at: datetime,
) -> Lot:
    """Receive containers of a lot, new or known; `expiry` is what the maker printed, a month or a date.

    Refuses a lot that has expired, one that is recalled, and a known lot with another expiry.
    """
    ensure_may(by.role, Permission.RECEIVE_STOCK)
    zone = ZoneInfo(by.site.time_zone)
    number, expiry = number.strip(), expiry.strip()
    if not is_set_82(number):
        raise InvalidInput(
            "The lot number should be as printed: at most 20 letters, digits and signs.", field="number"
        )
    if containers < 1:
        raise InvalidInput("Receive at least 1 container.", field="containers")
    expires_at = parse_expiry(expiry, zone, field="expiry")
    if at >= expires_at:
        raise Refusal(
            f"Lot {number} expired {moment(expires_at, zone)}; do not put it on the shelf.", field="expiry"
        )
    lot = find_lot(session, product.id, number, site_id=by.site_id)
    if lot is None:
        lot = Lot(site_id=by.site_id, product=product, number=number, expiry=expiry,
                  expires_at=expires_at, status=LotStatus.AVAILABLE, supplier=supplier,
                  location=location, received_at=at)  # fmt: skip
        session.add(lot)
        begin_life(session, lot, by=by, at=at)
    _ensure_same(lot, expires_at, zone)
    move_stock(session, lot, MovementKind.RECEIVED, containers=containers,
                volume_ml=containers * product.volume_ml, by=by, at=at)  # fmt: skip
    record(session, lot, "received a lot", by=by, at=at,
           lot=number, expiry=expiry, containers=containers, supplier=supplier)  # fmt: skip
    return lot


def _ensure_same(lot: Lot, expires_at: datetime, zone: ZoneInfo) -> None:
    if lot.status is LotStatus.RECALLED:
        raise Refusal(f"Lot {lot.number} is recalled; do not put it on the shelf.", field="number")
    if lot.expires_at != expires_at:
        raise Refusal(
            f"Lot {lot.number} is here already and expires {moment(lot.expires_at, zone)}, "
            f"not {moment(expires_at, zone)}; read the package again.",
            field="expiry",
        )


def correct_expiry(session: Session, lot: Lot, *, expiry: str, reason: str, by: Person, at: datetime) -> Lot:
    """Correct an expiry that was typed wrongly at receiving, before any container of the lot was opened.

    Afterwards it would leave bags with a date that rests on the wrong one; such a lot is quarantined instead.
    """
    ensure_may(by.role, Permission.LIFT_QUARANTINE)
    ensure_reason(reason)
    if is_used(session, lot.id):
        raise Refusal(f"Lot {lot.number} was opened already; put it in quarantine instead.")
    was, expiry = lot.expiry, expiry.strip()
    lot.expires_at = parse_expiry(expiry, ZoneInfo(by.site.time_zone), field="expiry")
    lot.expiry = expiry
    record(session, lot, "corrected the expiry of a lot", by=by, at=at, reason=reason,
           lot=lot.number, was=was, became=expiry)  # fmt: skip
    return lot
