"""Reads of lots, what is on hand of them, their movements and the containers that are open."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from pharmacy.domain.barcodes import ScanKind, ScanMeaning
from pharmacy.domain.errors import NotFound, ScanRefused
from pharmacy.domain.formatting import moment
from pharmacy.domain.lots import LotOnHand
from pharmacy.domain.statuses import LotStatus
from pharmacy.formulary.models import Product
from pharmacy.formulary.queries import find_products_by_code
from pharmacy.inventory.models import Lot, OpenedContainer, StockMovement
from pharmacy.scanning import read_scan

PAGE = 50
# A lot that expires this soon is marked on the lists.
_SOON = timedelta(days=30)


@dataclass(frozen=True)
class Balance:
    """Hold what is on hand of a lot: unopened containers, and the volume by label with what is open."""

    containers: int
    volume_ml: Decimal


@dataclass(frozen=True)
class LotLine:
    """One lot of a list with what is on hand of it."""

    lot: Lot
    balance: Balance


@dataclass(frozen=True)
class Received:
    """Hold what the code on a package says; `number` and `expiry` are empty where it is silent."""

    product: Product
    number: str
    expiry: str


def soon(at: datetime) -> datetime:
    """Return the instant before which an expiry is soon."""
    return at + _SOON


def get_balances(session: Session, lot_ids: Collection[int]) -> dict[int, Balance]:
    """Return what is on hand of each lot: the sum of its movements, nothing else."""
    rows = session.execute(
        select(StockMovement.lot_id, func.sum(StockMovement.containers), func.sum(StockMovement.volume_ml))
        .where(StockMovement.lot_id.in_(lot_ids))
        .group_by(StockMovement.lot_id)
    )
    found = {lot_id: Balance(int(containers), volume) for lot_id, containers, volume in rows}
    return {lot_id: found.get(lot_id, Balance(0, Decimal(0))) for lot_id in lot_ids}


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
            containers=balances[lot.id].containers,
            usable=lot.status is LotStatus.AVAILABLE,
        )
        for lot in lots
    ]


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
    return [lot for lot in lots if balances[lot.id].containers]


def list_lots(
    session: Session, *, site_id: int, page: int = 1, status: LotStatus | None = None, search: str = ""
) -> list[LotLine]:
    """List a page of lots with what is on hand, the soonest expiry first; one more than a page holds."""
    wanted = _of_site(site_id)
    if status is not None:
        wanted = wanted.where(Lot.status == status)
    if search.strip():
        like = f"%{_escaped(search.strip().lower())}%"
        wanted = wanted.where(
            or_(
                func.lower(Lot.number).like(like, escape="\\"),
                func.lower(Product.drug).like(like, escape="\\"),
            )
        )
    lots = list(
        session.scalars(
            wanted.order_by(Lot.expires_at, Lot.number, Lot.id).offset((page - 1) * PAGE).limit(PAGE + 1)
        )
    )
    balances = get_balances(session, [lot.id for lot in lots])
    return [LotLine(lot, balances[lot.id]) for lot in lots]


def _of_site(site_id: int) -> Select[Lot]:
    return select(Lot).join(Lot.product).where(Lot.site_id == site_id)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def list_movements(session: Session, lot_id: int, *, page: int = 1) -> list[StockMovement]:
    """List a page of a lot's movements, the newest first; one more than a page holds."""
    return list(
        session.scalars(
            select(StockMovement)
            .where(StockMovement.lot_id == lot_id)
            .order_by(StockMovement.id.desc())
            .offset((page - 1) * PAGE)
            .limit(PAGE + 1)
        )
    )


def is_used(session: Session, lot_id: int) -> bool:
    """Tell whether a container of a lot was ever opened."""
    opened = select(OpenedContainer.id).where(OpenedContainer.lot_id == lot_id).limit(1)
    return session.scalar(opened) is not None


def list_opened(session: Session, worksheet_id: int) -> list[OpenedContainer]:
    """List the containers of a worksheet that are open, in the order in which they were entered."""
    return list(
        session.scalars(
            select(OpenedContainer)
            .where(OpenedContainer.worksheet_id == worksheet_id, OpenedContainer.discarded_at.is_(None))
            .options(selectinload(OpenedContainer.lot))
            .order_by(OpenedContainer.id)
        )
    )


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
