"""Everything of an order that is in circulation: at home, on the way, at the pharmacy, and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from pharmacy.compounding.actions.sheets import RECORD, WORKSHEET
from pharmacy.compounding.models import Bag, BagLabelCopy, Worksheet
from pharmacy.compounding.queries import list_bags_of_order, list_open_worksheets
from pharmacy.delivery.models import DeliveryBatch, DeliveryStop, PackedBag
from pharmacy.dispensing.models import DispensePlan, PlannedDelivery
from pharmacy.dispensing.queries import LeftBag, expected_bags, list_plans
from pharmacy.domain.statuses import BagStatus, DeliveryStatus, PlanStatus, SheetStatus, StopStatus
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.printing.models import PrintedPaper
from pharmacy.printing.queries import list_papers_in_force
from pharmacy.pumps.models import ProgramSheet
from pharmacy.pumps.queries import list_sheets_of_order

_LEFT = (DeliveryStatus.ON_THE_WAY, DeliveryStatus.CLOSED)
_GONE = (StopStatus.PACKED, StopStatus.DELIVERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circulation:
    """Hold what was made, planned and printed for an order and has not been used up.

    `home` are the bags that should be at home, with those on their way there; `upcoming` the deliveries of
    the plan in force that have not left; `boxes` the box of each bag that is packed and has not left.
    """

    plan: DispensePlan | None
    plans: tuple[DispensePlan, ...]
    upcoming: tuple[PlannedDelivery, ...]
    home: tuple[LeftBag, ...]
    known_from: tuple[str, ...]
    released: tuple[Bag, ...]
    boxes: dict[int, PackedBag]
    worksheets: tuple[Worksheet, ...]
    labels: tuple[tuple[BagLabelCopy, Bag], ...]
    sheets: tuple[ProgramSheet, ...]
    papers: tuple[PrintedPaper, ...]


def read_circulation(session: Session, version: OrderVersion, *, at: datetime) -> Circulation:
    """Read what of an order is in circulation; `version` is the one that holds until the change is signed."""
    order_id = version.order_id
    plans = [one for one in list_plans(session, order_id) if one.status is not PlanStatus.REPLACED]
    plan = next((one for one in plans if one.status is PlanStatus.SIGNED and one.ends_at > at), None)
    stops = _list_stops(session, order_id)
    expected = expected_bags(session, order_id, at=at)
    bags = list_bags_of_order(session, order_id, {BagStatus.RELEASED, BagStatus.PACKED})
    packed = _list_boxes(session, order_id)
    away = [bag for bag in bags if bag.id in packed and packed[bag.id].stop.batch.status in _LEFT]
    worksheets = list_open_worksheets(session, order_id)
    return Circulation(
        plan=plan,
        plans=tuple(plans),
        upcoming=tuple(_list_upcoming(plan, stops)),
        home=(*expected.left, *(LeftBag(bag, bag.beyond_use_at) for bag in away if bag.beyond_use_at)),
        known_from=(*expected.lines, *_say_away(away)),
        released=tuple(bag for bag in bags if bag not in away),
        boxes={bag_id: one for bag_id, one in packed.items() if one.stop.batch.status not in _LEFT},
        worksheets=tuple(worksheets),
        labels=tuple(_list_loose_labels(session, order_id)),
        sheets=tuple(
            one for one in list_sheets_of_order(session, order_id) if one.status is not SheetStatus.REPLACED
        ),
        papers=tuple(_list_void_papers(session, version, worksheets, stops)),
    )


def _list_stops(session: Session, order_id: int) -> list[DeliveryStop]:
    return list(
        session.scalars(
            select(DeliveryStop)
            .join(DeliveryStop.planned_delivery)
            .join(PlannedDelivery.plan)
            .join(DispensePlan.order_version)
            .where(OrderVersion.order_id == order_id)
            .options(joinedload(DeliveryStop.batch))
            .order_by(DeliveryStop.id)
        )
    )


def _list_boxes(session: Session, order_id: int) -> dict[int, PackedBag]:
    """List the box that each packed bag lies in."""
    found = session.scalars(
        select(PackedBag)
        .join(PackedBag.bag)
        .join(Bag.order_version)
        .join(PackedBag.stop)
        .join(DeliveryStop.batch)
        .where(
            OrderVersion.order_id == order_id,
            Bag.status == BagStatus.PACKED,
            PackedBag.taken_out_at.is_(None),
        )
        .options(contains_eager(PackedBag.stop).contains_eager(DeliveryStop.batch))
        .options(contains_eager(PackedBag.stop).joinedload(DeliveryStop.planned_delivery))
    )
    return {one.bag_id: one for one in found}


def _list_upcoming(plan: DispensePlan | None, stops: list[DeliveryStop]) -> Iterator[PlannedDelivery]:
    """List the deliveries of a plan that have not left; one that came back is still to be made."""
    gone = {one.planned_delivery_id for one in stops if one.batch.status in _LEFT and one.status in _GONE}
    if plan is not None:
        yield from (one for one in plan.deliveries if one.id not in gone)


def _say_away(away: list[Bag]) -> Iterator[str]:
    if away:
        yield f"On their way, counted as at home: {', '.join(bag.serial for bag in away)}."


def _list_loose_labels(session: Session, order_id: int) -> Iterator[tuple[BagLabelCopy, Bag]]:
    """List the labels that are printed and neither on a bag nor destroyed, each with its bag."""
    found = session.execute(
        select(BagLabelCopy, Bag)
        .join(Bag, BagLabelCopy.bag_id == Bag.id)
        .join(Bag.order_version)
        .where(
            OrderVersion.order_id == order_id,
            BagLabelCopy.applied_at.is_(None),
            BagLabelCopy.destroyed_at.is_(None),
        )
        .options(joinedload(Bag.worksheet), selectinload(Bag.allocations))
        .order_by(BagLabelCopy.id)
    )
    yield from ((copy, bag) for copy, bag in found)


def _list_void_papers(
    session: Session, version: OrderVersion, worksheets: list[Worksheet], stops: list[DeliveryStop]
) -> Iterator[PrintedPaper]:
    """List the papers that no longer say what holds; what records work that was done stays as it is."""
    begun = {one.id for one in worksheets}
    left = {one.id for one in stops if one.batch.status in _LEFT}
    left_batches = {one.batch_id for one in stops if one.batch.status in _LEFT}
    for paper in list_papers_in_force(session, version.id):
        is_record = paper.kind == RECORD or (paper.kind == WORKSHEET and paper.record_id not in begun)
        has_left = (paper.record_type == DeliveryStop.__tablename__ and paper.record_id in left) or (
            paper.record_type == DeliveryBatch.__tablename__ and paper.record_id in left_batches
        )
        if not is_record and not has_left:
            yield paper
