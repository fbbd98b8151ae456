"""What stock can give to a planned delivery, and what the signed plans will ask of a formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from pharmacy.compounding.models import Bag, BagAllocation
from pharmacy.compounding.queries import describe_stock_bag, list_stock_like, makeup_of
from pharmacy.dispensing.models import BagFromStock, DispensePlan, PlannedDelivery
from pharmacy.dispensing.queries.answer import list_covers
from pharmacy.dispensing.queries.plans import get_delivery, has_worksheet
from pharmacy.domain.statuses import PlanStatus
from pharmacy.domain.stock_bags import find_misfit, give_first_beyond_use_first
from pharmacy.formulary.models import Formula
from pharmacy.prescriptions.models import OrderVersion

# How far ahead signed plans are looked at to say what a formula will be asked for.
AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class StockOffer:
    """Hold what stock can give to a delivery: the bags proposed with their doses, and why others do not fit.

    `open_doses` are the doses that no bag of stock is allocated for, `open_spares` the bags beyond them.
    """

    proposed: tuple[tuple[Bag, datetime | None], ...]
    misfits: tuple[str, ...]
    open_doses: tuple[datetime, ...]
    open_spares: int


def get_delivery_with_stock(session: Session, delivery_id: int, *, site_id: int) -> PlannedDelivery:
    """Return a planned delivery with the bags of stock that are allocated to it, and their labels."""
    delivery = get_delivery(session, delivery_id, site_id=site_id)
    session.scalars(
        select(BagFromStock)
        .where(BagFromStock.planned_delivery_id == delivery.id)
        .options(
            selectinload(BagFromStock.allocation)
            .selectinload(BagAllocation.bag)
            .options(selectinload(Bag.worksheet), selectinload(Bag.labels), selectinload(Bag.allocations))
        )
    ).all()
    return delivery


def spare_until(delivery: PlannedDelivery) -> datetime:
    """Return until when a spare of a delivery should last: its last dose, or its arrival."""
    return max([delivery.arrives_at, *list_covers(delivery)])


def read_offer(session: Session, delivery: PlannedDelivery, *, at: datetime) -> StockOffer:
    """Read what stock can give to a delivery now, the bag to be started first for the first dose."""
    return _offer(delivery, list_stock_like(session, delivery.plan.order_version), at=at)


def _offer(delivery: PlannedDelivery, stock: Sequence[Bag], *, at: datetime) -> StockOffer:
    served = {bag.planned_dose_at for bag in delivery.allocated}
    doses = tuple(dose for dose in list_covers(delivery) if dose not in served)
    spares = max(0, delivery.bags_to_make - len(doses))
    bags = {bag.id: bag for bag in stock}
    described = [describe_stock_bag(bag) for bag in bags.values()]
    asked = makeup_of(delivery.plan.order_version.formula)
    until = spare_until(delivery)
    given = give_first_beyond_use_first(
        described, asked, doses=doses, spares=spares, spare_until=until, at=at
    )
    earliest = min(doses, default=until)
    misfits = (find_misfit(one, asked, until=earliest, at=at) for one in described)
    return StockOffer(
        proposed=tuple((bags[one.bag.bag_id], one.dose) for one in given),
        misfits=tuple(sentence for sentence in misfits if sentence),
        open_doses=doses,
        open_spares=spares,
    )


def count_fitting_stock(session: Session, plan: DispensePlan, *, at: datetime) -> dict[int, int]:
    """Count the bags of stock that fit each delivery of a signed plan, by its number, where any do."""
    if plan.status is not PlanStatus.SIGNED:
        return {}
    waiting = [
        (number, one)
        for number, one in enumerate(plan.deliveries, start=1)
        if one.bags_to_make and not has_worksheet(one) and one.arrives_at > at
    ]
    if not waiting:
        return {}
    stock = list_stock_like(session, plan.order_version)
    found = {number: len(_offer(delivery, stock, at=at).proposed) for number, delivery in waiting}
    return {number: bags for number, bags in found.items() if bags}


@dataclass(frozen=True, slots=True)
class Demand:
    """Hold what a signed plan asks of a formula: a delivery, and how many bags are to be made for it."""

    delivery: PlannedDelivery
    bags: int


def list_demand(session: Session, formula: Formula, *, at: datetime) -> Sequence[Demand]:
    """List what the signed plans ask of a formula, of all its versions, in the coming days; soonest first."""
    deliveries = session.scalars(
        select(PlannedDelivery)
        .join(PlannedDelivery.plan)
        .join(DispensePlan.order_version)
        .join(OrderVersion.formula)
        .where(
            DispensePlan.site_id == formula.site_id,
            DispensePlan.status == PlanStatus.SIGNED,
            Formula.code == formula.code,
            PlannedDelivery.bags_chosen > 0,
            PlannedDelivery.arrives_at > at,
            PlannedDelivery.arrives_at <= at + AHEAD,
        )
        .options(
            selectinload(PlannedDelivery.plan).joinedload(DispensePlan.patient),
            selectinload(PlannedDelivery.worksheet),
            selectinload(PlannedDelivery.from_stock)
            .selectinload(BagFromStock.allocation)
            .selectinload(BagAllocation.bag),
        )
        .order_by(PlannedDelivery.prepare_from, PlannedDelivery.id)
    )
    return [
        Demand(one, one.bags_to_make) for one in deliveries if not has_worksheet(one) and one.bags_to_make
    ]
