"""Which bag is for which day of an order: from its schedule, its bags and the dispense plan in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.compounding.models import Bag, Worksheet
from pharmacy.compounding.queries import list_bags_of_order
from pharmacy.dispensing.queries import Origin, find_plan_in_force, read_chosen_doses, read_inputs
from pharmacy.domain.dispensing_regimen import list_doses
from pharmacy.domain.pump_calendar import CalendarBag, InfusionPlan, plan_infusions
from pharmacy.domain.statuses import BagStatus
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.prescriptions.queries import list_segments

_OF_THE_WORKSHEET = (BagStatus.PLANNED, BagStatus.MADE)
_ELSEWHERE = (BagStatus.RELEASED, BagStatus.PACKED, BagStatus.DELIVERED)


def plan_calendar(
    session: Session, version: OrderVersion, worksheet: Worksheet, *, run_hours: Fraction, at: datetime
) -> InfusionPlan:
    """Plan the infusions of an order from now on, each with its bag.

    The bags are those of the worksheet and what else of the order is released, packed or at home.
    """
    bags = list(list_calendar_bags(session, version, worksheet, at=at))
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
) -> Iterator[CalendarBag]:
    """List the bags that can still be started, each with the dose that it is for.

    A bag at home whose dose is past was used; one whose dose the plan in force has moved goes by the plan.
    """
    moved = _list_moved(session, version)
    for bag in list_bags_of_order(session, version.order_id, (*_OF_THE_WORKSHEET, *_ELSEWHERE)):
        if bag.status in _OF_THE_WORKSHEET and bag.worksheet_id != worksheet.id:
            continue
        until = bag.beyond_use_at or bag.worksheet.beyond_use_at
        dose = moved.get(bag.serial, bag.planned_dose_at)
        if until is None or until <= at or _is_used(bag, dose, at=at):
            continue
        yield CalendarBag(bag.serial, dose, until)


def _is_used(bag: Bag, dose: datetime | None, *, at: datetime) -> bool:
    return bag.status is BagStatus.DELIVERED and dose is not None and dose < at


def _list_moved(session: Session, version: OrderVersion) -> dict[str, datetime]:
    """Say which dose the plan in force gives to each bag that was there when it was made."""
    plan = find_plan_in_force(session, version.order_id)
    if plan is None or plan.order_version_id != version.id:
        return {}
    inputs = read_inputs(plan)
    known = {Origin.HOME: inputs.home, Origin.READY: inputs.ready}
    return {
        serial: one.dose
        for one in read_chosen_doses(plan)
        if one.origin in known and one.place is not None
        for serial in (known[one.origin][one.place].serial,)
        if serial is not None
    }
