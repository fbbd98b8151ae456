"""Which bag is for which day of an order: from its schedule, its bags and the dispense plan in force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from pharmacy.compounding.models import Bag, Worksheet
from pharmacy.compounding.queries import list_bags_of_order
from pharmacy.dispensing.models import DispensePlan, PlannedDelivery
from pharmacy.dispensing.queries import (
    KnownBag,
    Origin,
    find_plan_in_force,
    list_ready,
    read_chosen_doses,
    read_inputs,
)
from pharmacy.domain.dispensing_regimen import list_doses
from pharmacy.domain.pump_calendar import CalendarBag, InfusionPlan, plan_infusions
from pharmacy.domain.statuses import BagStatus
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.prescriptions.queries import list_segments

# What a bag is called that was counted at home without its serial.
AT_HOME = "bag at home"
_OF_THE_WORKSHEET = (BagStatus.PLANNED, BagStatus.MADE, BagStatus.REWORK)
_ELSEWHERE = (BagStatus.RELEASED, BagStatus.PACKED, BagStatus.DELIVERED)


def plan_calendar(
    session: Session, version: OrderVersion, worksheet: Worksheet, *, run_hours: Fraction, at: datetime
) -> InfusionPlan:
    """Plan the infusions of an order from now on, each with its bag.

    The bags are those of the worksheet, what else of the order is released, packed or at home, and what was
    counted at home for a dose of the plan in force.
    """
    bags = list_calendar_bags(session, version, worksheet, at=at)
    ends = max((bag.beyond_use for bag in bags), default=at)
    doses = list_doses(
        list_segments(session, version.order_id),
        zone=ZoneInfo(version.order.patient.time_zone),
        starts=at,
        ends=ends,
    )
    return plan_infusions([dose for dose, _ in doses], bags, run_hours=run_hours)


def list_calendar_bags(
    session: Session, version: OrderVersion, worksheet: Worksheet, *, at: datetime
) -> list[CalendarBag]:
    """List the bags that can still be started, each with the dose that it is for and when it is there.

    A bag at home whose dose is past was used; one whose dose the plan in force has moved goes by the plan.
    """
    plan = find_plan_in_force(session, version.order_id)
    if plan is not None and plan.order_version_id != version.id:
        plan = None
    told = list(_list_told(plan)) if plan else []
    doses = {bag.serial: dose for bag, dose in told if bag.serial}
    bags = [
        bag
        for bag in list_bags_of_order(session, version.order_id, (*_OF_THE_WORKSHEET, *_ELSEWHERE))
        if bag.status in _ELSEWHERE or bag.worksheet_id == worksheet.id
    ]
    arrivals = _find_arrivals(session, bags, plan)
    unnamed = [
        CalendarBag(AT_HOME, dose, at, bag.beyond_use)
        for bag, dose in told
        if bag.serial is None and dose >= at
    ]
    return [*_describe(bags, doses, arrivals, at=at), *unnamed]


def _list_told(plan: DispensePlan) -> Iterator[tuple[KnownBag, datetime]]:
    """List each bag that was there when the plan was made and serves a dose of it."""
    inputs = read_inputs(plan)
    known = {Origin.HOME: inputs.home, Origin.READY: inputs.ready}
    for one in read_chosen_doses(plan):
        if one.origin in known and one.place is not None:
            yield known[one.origin][one.place], one.dose


def _find_arrivals(session: Session, bags: Sequence[Bag], plan: DispensePlan | None) -> dict[str, datetime]:
    """Find when each bag that is not at home yet arrives: with its delivery, where one is planned."""
    on_the_way = [bag for bag in bags if bag.status is not BagStatus.DELIVERED]
    found = session.execute(
        select(PlannedDelivery.worksheet_id, PlannedDelivery.arrives_at).where(
            PlannedDelivery.worksheet_id.in_({bag.worksheet_id for bag in on_the_way})
        )
    )
    with_worksheet = {worksheet_id: arrives for worksheet_id, arrives in found}
    arrivals = {
        bag.serial: with_worksheet[bag.worksheet_id]
        for bag in on_the_way
        if bag.worksheet_id in with_worksheet
    }
    for delivery in plan.deliveries if plan else ():
        arrivals |= {serial: delivery.arrives_at for serial, _ in list_ready(delivery)}
        arrivals |= {bag.serial: delivery.arrives_at for bag in delivery.allocated}
    return arrivals


def _describe(
    bags: Sequence[Bag], doses: dict[str, datetime], arrivals: dict[str, datetime], *, at: datetime
) -> Iterator[CalendarBag]:
    for bag in bags:
        until = bag.beyond_use_at or bag.worksheet.beyond_use_at
        dose = doses.get(bag.serial, bag.planned_dose_at)
        used = bag.status is BagStatus.DELIVERED and dose is not None and dose < at
        if until is not None and until > at and not used:
            yield CalendarBag(bag.serial, dose, max(at, arrivals.get(bag.serial, at)), until)
