"""Bags made for stock: what is on hand, what it is, and what an order asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from pharmacy.compounding.models import Bag, BagComponent, Worksheet
from pharmacy.compounding.queries.labels import find_label_in_use
from pharmacy.domain.errors import Refusal
from pharmacy.domain.statuses import BagStatus, FormulaStatus, LotStatus
from pharmacy.domain.stock_bags import Makeup, StockBag, list_differences
from pharmacy.formulary.models import Formula
from pharmacy.formulary.queries import find_formula_in_force
from pharmacy.prescriptions.models import OrderVersion

# A bag of stock that is made and has not become somebody's; a rejected one is destroyed.
ON_HAND = (BagStatus.RELEASED, BagStatus.QUARANTINED)


def makeup_of(formula: Formula) -> Makeup:
    """Return what a bag is that is made by a formula."""
    return Makeup(
        formula=formula.code,
        additive=formula.additive_id,
        diluent=formula.diluent_id,
        dose_mg=formula.dose_mg,
        diluent_volume_ml=formula.diluent.volume_ml,
        method=formula.method,
        fill_ml=formula.fill_ml,
        prime_ml=formula.prime_ml,
        residual_ml=formula.residual_ml,
        delivery_basis=formula.delivery_basis,
        route=formula.route,
        storage=formula.storage,
        container=formula.container_closure,
    )


def get_formula_to_make(session: Session, version: OrderVersion) -> Formula:
    """Return the record that bags of an order are made by now: the one it names, or what replaced that.

    A newer version takes its place as long as it makes the same bag; refuses where it makes another one.
    """
    named = version.formula
    if named.status is not FormulaStatus.RETIRED:
        return named
    current = find_formula_in_force(session, named.code, site_id=named.site_id)
    if current is None:
        return named
    different = list_differences(makeup_of(named), makeup_of(current))
    if different:
        raise Refusal(
            f"The order names version {named.version} of the formula {named.code}; "
            f"version {current.version}, which is in force, makes another bag: "
            f"{', '.join(different)} differs. Enter a new order for it."
        )
    return current


def describe_stock_bag(bag: Bag) -> StockBag:
    """Return a bag of stock as the rule of what fits takes it; one without a date is not made yet."""
    copy = find_label_in_use(bag)
    return StockBag(
        bag_id=bag.id,
        serial=bag.serial,
        makeup=makeup_of(bag.worksheet.formula),
        beyond_use=bag.beyond_use_at or bag.worksheet.opened_at,
        released=bag.status is BagStatus.RELEASED,
        labelled=copy is not None
        and copy.applied
        and copy.order_version_id is None
        and copy.beyond_use_at == bag.beyond_use_at,
        lots_usable=all(part.lot.status is LotStatus.AVAILABLE for part in bag.components),
    )


def _free_stock(site_id: int) -> Select[Bag]:
    return (
        select(Bag)
        .join(Bag.worksheet)
        .join(Worksheet.formula)
        .where(Bag.site_id == site_id, Bag.order_version_id.is_(None), Bag.status.in_(ON_HAND))
        .options(
            contains_eager(Bag.worksheet).contains_eager(Worksheet.formula),
            selectinload(Bag.labels),
            selectinload(Bag.allocations),
            selectinload(Bag.components).joinedload(BagComponent.lot),
        )
        .order_by(Bag.beyond_use_at, Bag.id)
    )


def list_stock(session: Session, *, site_id: int, code: str = "", page: int = 1, size: int = 25) -> list[Bag]:
    """List a page of the bags in stock, the soonest to be started first; one more than a page holds.

    `code` keeps to the formulas of that code.
    """
    wanted = _free_stock(site_id)
    if code:
        wanted = wanted.where(Formula.code == code)
    return list(session.scalars(wanted.offset((page - 1) * size).limit(size + 1)))


def list_stock_like(session: Session, version: OrderVersion) -> list[Bag]:
    """List the bags in stock of the formula that an order asks for, of all its versions."""
    site_id = version.order.site_id
    return list(session.scalars(_free_stock(site_id).where(Formula.code == version.formula.code)))


def count_stock(session: Session, *, site_id: int, at: datetime) -> Sequence[tuple[str, str, int, int]]:
    """Count the bags in stock by formula: its code, its name, those that can be started, and all of them."""
    usable = func.sum(case((Bag.beyond_use_at > at, 1), else_=0))
    rows = session.execute(
        select(Formula.code, func.max(Formula.name), usable, func.count())
        .select_from(Bag)
        .join(Bag.worksheet)
        .join(Worksheet.formula)
        .where(Bag.site_id == site_id, Bag.order_version_id.is_(None), Bag.status.in_(ON_HAND))
        .group_by(Formula.code)
        .order_by(Formula.code)
    )
    return [(code, name, int(good or 0), count) for code, name, good, count in rows]


def list_stock_worksheets(session: Session, code: str, *, site_id: int) -> list[Worksheet]:
    """List the worksheets for stock of a formula, of all its versions, that are not closed or cancelled."""
    return list(
        session.scalars(
            select(Worksheet)
            .join(Worksheet.formula)
            .where(
                Worksheet.site_id == site_id,
                Worksheet.order_version_id.is_(None),
                Worksheet.closed_at.is_(None),
                Worksheet.cancelled_because.is_(None),
                Formula.code == code,
            )
            .options(joinedload(Worksheet.opened_by))
            .order_by(Worksheet.needed_at, Worksheet.id)
        )
    )
