"""Open the worksheet for the bags of a planned delivery."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import record
from pharmacy.compounding.actions import open_worksheet
from pharmacy.compounding.models import Worksheet
from pharmacy.dispensing.models import PlannedDelivery
from pharmacy.dispensing.queries import ensure_plan_in_force, has_worksheet, list_covers, read_supply
from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import counted, moment
from pharmacy.domain.local_time import find_zone


def open_worksheet_for(session: Session, delivery: PlannedDelivery, *, by: Person, at: datetime) -> Worksheet:
    """Open a worksheet for the bags of a delivery that stock does not cover, each with its dose; spares last.

    Refuses a plan that is not in force, a delivery that is past, brings nothing new or has a worksheet that
    was not cancelled, and more bags than the order still authorises.
    """
    ensure_may(by.role, Permission.OPEN_WORKSHEETS)
    ensure_plan_in_force(delivery.plan)
    if has_worksheet(delivery) and delivery.worksheet is not None:
        raise Refusal(f"This delivery has worksheet {delivery.worksheet.serial} already.")
    _ensure_needed(session, delivery, at=at)
    served = {bag.planned_dose_at for bag in delivery.allocated}
    doses: list[datetime | None] = [dose for dose in list_covers(delivery) if dose not in served]
    doses += [None] * (delivery.bags_to_make - len(doses))
    worksheet = open_worksheet(
        session,
        delivery.plan.order_version,
        bag_count=delivery.bags_to_make,
        doses=doses,
        needed_at=delivery.prepare_from,
        by=by,
        at=at,
    )
    delivery.worksheet = worksheet
    record(session, delivery, "opened the worksheet of a delivery", by=by, at=at,
           worksheet=worksheet.serial, bags=worksheet.bag_count)  # fmt: skip
    return worksheet


def _ensure_needed(session: Session, delivery: PlannedDelivery, *, at: datetime) -> None:
    if delivery.bags_chosen == 0:
        raise Refusal("No new bag is planned for this delivery.")
    if delivery.bags_to_make == 0:
        raise Refusal("Every bag of this delivery comes from stock; none is to be made.")
    if delivery.arrives_at <= at:
        when = moment(delivery.arrives_at, find_zone(delivery.plan.patient.time_zone))
        raise Refusal(f"The delivery on {when} is past; make a new plan.")
    left = read_supply(session, delivery.plan.order_version, at=at).left
    if delivery.bags_to_make > left:
        raise Refusal(
            f"The order still authorises {counted(left, 'bag')}, and {delivery.bags_to_make} are planned."
            " Make a new plan."
        )
