"""Reads of lots: one, those of a product, and the list of the shelf."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from pharmacy.domain.errors import NotFound
from pharmacy.domain.formatting import moment
from pharmacy.domain.lots import LotOnHand
from pharmacy.domain.statuses import LotStatus
from pharmacy.formulary.models import Product
from pharmacy.inventory.models import Lot
from pharmacy.inventory.queries.balances import Balance, get_balances

PAGE = 50
# A lot that expires this soon is marked on the lists.
_SOON = timedelta(days=30)


@dataclass(frozen=True)
class LotLine:
    """One lot of a list with what is on hand of it."""

    lot: Lot
    balance: Balance


def soon(at: datetime) -> datetime:
    """Return the instant before which an expiry is soon."""
    return at + _SOON


def get_lot(session: Session, lot_id: int, *, site_id: int) -> Lot:
    """Return a lot of a site."""
    lot = session.get(Lot, lot_id)
    if lot is None or lot.site_id != site_id:
        raise NotFound("No lot is recorded under this number at this site.")
    return lot


def find_lot(session: Session, product_id: int, number: str, *, site_id: int) -> Lot | None:
    """Find a lot of a product at a site by the maker's number."""
    return session.scalar(
        select(Lot).where(Lot.site_id == site_id, Lot.product_id == product_id, Lot.number == number)
    )


def find_lot_in_other_case(session: Session, product_id: int, number: str, *, site_id: int) -> Lot | None:
    """Find a lot of a product whose number differs only in the case of its letters."""
    return session.scalars(
        select(Lot).where(
            Lot.site_id == site_id,
            Lot.product_id == product_id,
            func.upper(Lot.number) == number.upper(),
            Lot.number != number,
        )
    ).first()


def list_lots_called(session: Session, number: str, *, site_id: int) -> list[Lot]:
    """List the lots of a site with a maker's number; several products may have the same."""
    return list(session.scalars(select(Lot).where(Lot.site_id == site_id, Lot.number == number.strip())))


def list_lots_of_product(session: Session, product_id: int, *, site_id: int) -> list[Lot]:
    """List the lots of a product at a site, the soonest expiry first."""
    return list(
        session.scalars(
            select(Lot)
            .where(Lot.site_id == site_id, Lot.product_id == product_id)
            .order_by(Lot.expires_at, Lot.number)
        )
    )


def list_lots_on_hand(session: Session, product_id: int, *, site_id: int) -> list[LotOnHand]:
    """List the lots of a product as the rule of first expiry, first out takes them."""
    lots = list_lots_of_product(session, product_id, site_id=site_id)
    balances = get_balances(session, [lot.id for lot in lots])
    return [
        LotOnHand(
            lot_id=lot.id,
            number=lot.number,
            expires=lot.expires_at,
            containers=balances[lot.id].usable,
            usable=lot.status is LotStatus.AVAILABLE,
            held_because=_why_held(lot, balances[lot.id]),
        )
        for lot in lots
    ]


def _why_held(lot: Lot, balance: Balance) -> str:
    if lot.status is not LotStatus.AVAILABLE:
        return lot.status.value
    return "all of it stands in quarantine" if balance.held and not balance.usable else ""


def list_usable_lots(
    session: Session, product_ids: Collection[int], *, site_id: int, at: datetime
) -> list[Lot]:
    """List the lots of some products that may be used now and of which a container is left."""
    lots = list(
        session.scalars(
            select(Lot)
            .where(
                Lot.site_id == site_id,
                Lot.product_id.in_(product_ids),
                Lot.status == LotStatus.AVAILABLE,
                Lot.expires_at > at,
            )
            .order_by(Lot.product_id, Lot.expires_at, Lot.number)
        )
    )
    balances = get_balances(session, [lot.id for lot in lots])
    return [lot for lot in lots if balances[lot.id].usable > 0]


def list_lots(
    session: Session, *, site_id: int, page: int = 1, status: LotStatus | None = None, search: str = ""
) -> list[LotLine]:
    """List a page of lots with what is on hand, the soonest expiry first; one more than a page holds."""
    wanted = _of_site(site_id)
    if status is not None:
        wanted = wanted.where(Lot.status == status)
    if search.strip():
        columns = (Lot.number, Product.drug)
        wanted = wanted.where(or_(*(one.icontains(search.strip(), autoescape=True) for one in columns)))
    lots = list(
        session.scalars(
            wanted.order_by(Lot.expires_at, Lot.number, Lot.id).offset((page - 1) * PAGE).limit(PAGE + 1)
        )
    )
    balances = get_balances(session, [lot.id for lot in lots])
    return [LotLine(lot, balances[lot.id]) for lot in lots]


def _of_site(site_id: int) -> Select[Lot]:
    return select(Lot).join(Lot.product).where(Lot.site_id == site_id)


def find_objection(lot: Lot, *, at: datetime, zone: ZoneInfo) -> str | None:
    """Say in a sentence why a lot may not be used now; None when nothing speaks against it."""
    name = f"Lot {lot.number} of {lot.product.name}"
    if lot.status is LotStatus.RECALLED:
        return f"{name} is recalled."
    if lot.status is LotStatus.QUARANTINED:
        return f"{name} is in quarantine."
    if at >= lot.expires_at:
        return f"{name} expired {moment(lot.expires_at, zone)}."
    return None
