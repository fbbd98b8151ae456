"""Reads of the shelf by product: how much may be used, what is below its level, and what expires soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import Session

from pharmacy.domain.lots import Turn, order_of_taking
from pharmacy.domain.statuses import LotStatus
from pharmacy.domain.stock_locations import LocationKind
from pharmacy.formulary.models import Product
from pharmacy.inventory.models import Lot, StockLocation, StockMovement, StockRule
from pharmacy.inventory.queries.balances import get_balances
from pharmacy.inventory.queries.lots import PAGE, LotLine, list_lots_on_hand


@dataclass(frozen=True)
class ProductLine:
    """One product with what is on hand of it: what may be used now, and what is held or expired."""

    product: Product
    usable: int
    other: int
    first_expiry: datetime | None
    rule: StockRule | None

    @property
    def is_low(self) -> bool:
        """Tell whether fewer may be used than the reorder level."""
        level = self.rule.reorder_level if self.rule else None
        return level is not None and self.usable < level


def list_product_lines(
    session: Session, *, site_id: int, at: datetime, page: int = 1, search: str = ""
) -> list[ProductLine]:
    """List a page of products with what is on hand, by name; one more than a page holds."""
    wanted = _product_lines(site_id, at=at)
    if search.strip():
        columns = (Product.drug, Product.strength, Product.container)
        wanted = wanted.where(or_(*(one.icontains(search.strip(), autoescape=True) for one in columns)))
    wanted = wanted.order_by(Product.drug, Product.strength, Product.container, Product.id)
    return _lines(session, wanted.offset((page - 1) * PAGE).limit(PAGE + 1))


def list_low_products(session: Session, *, site_id: int, at: datetime) -> list[ProductLine]:
    """List the products of which fewer may be used than their reorder level."""
    wanted = _product_lines(site_id, at=at).where(StockRule.reorder_level.is_not(None))
    return [line for line in _lines(session, wanted.order_by(Product.drug, Product.id)) if line.is_low]


def get_product_line(session: Session, product: Product, *, site_id: int, at: datetime) -> ProductLine:
    """Return one product with what is on hand of it."""
    [line] = _lines(session, _product_lines(site_id, at=at).where(Product.id == product.id))
    return line


def _lines(session: Session, wanted: Select[Product]) -> list[ProductLine]:
    return [
        ProductLine(product, int(usable), int(total) - int(usable), first, rule)
        for product, rule, total, usable, first in session.execute(wanted)
    ]


def _product_lines(site_id: int, *, at: datetime) -> Select[Product]:
    sums = _sums_of_lots(site_id)
    good = and_(Lot.status == LotStatus.AVAILABLE, Lot.expires_at > at, sums.c.usable > 0)
    totals = (
        select(
            Lot.product_id,
            func.sum(sums.c.total).label("total"),
            func.sum(case((good, sums.c.usable), else_=0)).label("usable"),
            func.min(case((good, Lot.expires_at))).label("first"),
        )
        .join(sums, sums.c.lot_id == Lot.id)
        .group_by(Lot.product_id)
        .subquery()
    )
    rule = and_(StockRule.product_id == Product.id, StockRule.site_id == site_id)
    return (
        select(
            Product,
            StockRule,
            func.coalesce(totals.c.total, 0),
            func.coalesce(totals.c.usable, 0),
            totals.c.first,
        )
        .outerjoin(totals, totals.c.product_id == Product.id)
        .outerjoin(StockRule, rule)
        .where(Product.site_id == site_id)
    )


def _sums_of_lots(site_id: int) -> Subquery:
    """Sum each lot of a site: all its containers, and those that do not stand in quarantine."""
    held = case((StockLocation.kind == LocationKind.QUARANTINE, 0), else_=StockMovement.containers)
    return (
        select(
            StockMovement.lot_id,
            func.sum(StockMovement.containers).label("total"),
            func.sum(held).label("usable"),
        )
        .join(Lot, Lot.id == StockMovement.lot_id)
        .outerjoin(StockLocation, StockLocation.id == StockMovement.location_id)
        .where(Lot.site_id == site_id)
        .group_by(StockMovement.lot_id)
        .subquery()
    )


def list_expiring(session: Session, *, site_id: int, until: datetime, page: int = 1) -> list[LotLine]:
    """List a page of lots on hand that expire before an instant, the soonest first; one more than a page."""
    sums = _sums_of_lots(site_id)
    lots = list(
        session.scalars(
            select(Lot)
            .join(sums, sums.c.lot_id == Lot.id)
            .where(sums.c.total > 0, Lot.expires_at < until)
            .order_by(Lot.expires_at, Lot.number, Lot.id)
            .offset((page - 1) * PAGE)
            .limit(PAGE + 1)
        )
    )
    balances = get_balances(session, [lot.id for lot in lots])
    return [LotLine(lot, balances[lot.id]) for lot in lots]


def list_turns(
    session: Session, product: Product, *, site_id: int, at: datetime, zone: ZoneInfo
) -> list[Turn]:
    """List the lots of a product in the order in which they are taken, each with the reason."""
    return order_of_taking(list_lots_on_hand(session, product.id, site_id=site_id), at=at, zone=zone)
