"""Reads of locations, of what stands at them, and of what the site has settled about its stock."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from pharmacy.domain.errors import NotFound
from pharmacy.domain.statuses import LotStatus
from pharmacy.domain.stock_locations import Fit, LocationKind, judge_location
from pharmacy.formulary.models import Product
from pharmacy.inventory.models import Lot, StockLocation, StockMovement, StockPolicy, StockRule

_CODE = re.compile(r"\s*LOC-([0-9]{1,9})\s*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class LocationLine:
    """One location of the list with what stands there."""

    location: StockLocation
    containers: int
    lots: int


@dataclass(frozen=True)
class StockLine:
    """Containers of a lot at one location."""

    lot: Lot
    location: StockLocation | None
    containers: int


def get_location(session: Session, location_id: int, *, site_id: int) -> StockLocation:
    """Return a location of a site."""
    location = session.get(StockLocation, location_id)
    if location is None or location.site_id != site_id:
        raise NotFound("No location is recorded under this number at this site.")
    return location


def find_scanned_location(session: Session, code: str, *, site_id: int) -> StockLocation | None:
    """Find the location whose barcode was scanned; None for any other code."""
    match = _CODE.fullmatch(code)
    return get_location(session, int(match[1]), site_id=site_id) if match else None


def list_locations(session: Session, *, site_id: int, closed: bool = False) -> list[StockLocation]:
    """List the locations of a site by name, without the closed ones unless they are asked for."""
    wanted = select(StockLocation).where(StockLocation.site_id == site_id)
    if not closed:
        wanted = wanted.where(StockLocation.closed_at.is_(None))
    return list(session.scalars(wanted.order_by(StockLocation.name)))


def list_location_lines(session: Session, *, site_id: int) -> list[LocationLine]:
    """List every location with how much stands there."""
    per_lot = (
        select(
            StockMovement.location_id,
            StockMovement.lot_id,
            func.sum(StockMovement.containers).label("containers"),
        )
        .where(StockMovement.location_id.is_not(None))
        .group_by(StockMovement.location_id, StockMovement.lot_id)
        .having(func.sum(StockMovement.containers) != 0)
        .subquery()
    )
    rows = session.execute(
        select(per_lot.c.location_id, func.sum(per_lot.c.containers), func.count(per_lot.c.lot_id)).group_by(
            per_lot.c.location_id
        )
    )
    found = {location_id: (int(containers), lots) for location_id, containers, lots in rows}
    return [
        LocationLine(one, *found.get(one.id, (0, 0)))
        for one in list_locations(session, site_id=site_id, closed=True)
    ]


def list_stock_at(session: Session, location: StockLocation, *, page: int = 1, size: int) -> list[StockLine]:
    """List a page of what stands at a location, the soonest expiry first; one more than a page holds."""
    return _stock_lines(session, StockMovement.location_id == location.id, page=page, size=size)


def list_held_elsewhere(session: Session, *, site_id: int, size: int) -> list[StockLine]:
    """List stock in quarantine or recalled that does not stand at a quarantine location yet."""
    return _stock_lines(
        session,
        Lot.site_id == site_id,
        Lot.status.in_((LotStatus.QUARANTINED, LotStatus.RECALLED)),
        or_(StockLocation.id.is_(None), StockLocation.kind != LocationKind.QUARANTINE),
        size=size,
    )


def _stock_lines(session: Session, *conditions: object, page: int = 1, size: int) -> list[StockLine]:
    total = func.sum(StockMovement.containers)
    sums = (
        select(StockMovement.lot_id, StockMovement.location_id, total.label("containers"))
        .join(Lot, Lot.id == StockMovement.lot_id)
        .outerjoin(StockLocation, StockLocation.id == StockMovement.location_id)
        .where(*conditions)  # type: ignore[arg-type]
        .group_by(StockMovement.lot_id, StockMovement.location_id)
        .having(total != 0)
        .subquery()
    )
    rows = session.execute(
        select(Lot, StockLocation, sums.c.containers)
        .join(sums, sums.c.lot_id == Lot.id)
        .outerjoin(StockLocation, StockLocation.id == sums.c.location_id)
        .order_by(Lot.expires_at, Lot.number, Lot.id)
        .offset((page - 1) * size)
        .limit(size + 1)
    )
    return [StockLine(lot, location, int(containers)) for lot, location, containers in rows]


def find_policy(session: Session, *, site_id: int) -> StockPolicy | None:
    """Find what the site has settled for all its stock; None until somebody has."""
    return session.scalar(select(StockPolicy).where(StockPolicy.site_id == site_id))


def find_rule(session: Session, product_id: int, *, site_id: int) -> StockRule | None:
    """Find what the site has settled for a product; None until somebody has."""
    return session.scalar(
        select(StockRule).where(StockRule.site_id == site_id, StockRule.product_id == product_id)
    )


def find_large_difference(session: Session, *, site_id: int) -> int | None:
    """Find the difference above which a second person confirms; None where the site has set none."""
    policy = find_policy(session, site_id=site_id)
    return policy.large_difference if policy else None


def judge(session: Session, product: Product, location: StockLocation) -> Fit:
    """Judge whether a product may stand at a location."""
    rule = find_rule(session, product.id, site_id=location.site_id)
    return judge_location(
        location.kind,
        product=product.name,
        need=rule.storage if rule else None,
        label=product.storage,
        high_alert=product.high_alert,
    )
