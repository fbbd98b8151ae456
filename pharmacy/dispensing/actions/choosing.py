"""Choose another quantity for a delivery than the plan proposes, with a reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import record
from pharmacy.dispensing.models import DispensePlan, PlannedDelivery
from pharmacy.dispensing.queries import read_chosen_doses, read_inputs, share_out, write_json
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formatting import counted
from pharmacy.domain.lifecycle import say
from pharmacy.domain.statuses import PlanStatus


def choose_quantity(
    session: Session, delivery: PlannedDelivery, *, bags: int, reason: str, by: Person, at: datetime
) -> PlannedDelivery:
    """Choose how many bags are made for a delivery; another number than proposed needs a reason.

    Which dose then has which bag is settled anew over the whole plan. Refuses a plan that is not a proposal
    and more bags, for all deliveries together, than the order still authorises.
    """
    ensure_may(by.role, Permission.PLAN_DISPENSING)
    plan, reason = delivery.plan, reason.strip()
    if plan.status is not PlanStatus.PROPOSED:
        raise Refusal(f"The plan is {say(plan.status)}; quantities are chosen before it is signed.")
    if bags < 0:
        raise InvalidInput("Enter 0 bags or more.", field="bags")
    if bags != delivery.bags_proposed and not reason:
        proposed = counted(delivery.bags_proposed, "bag")
        raise InvalidInput(
            f"The plan proposes {proposed}. Give the reason for another number.", field="reason"
        )
    _ensure_authorised(delivery, bags)
    was = delivery.bags_chosen
    delivery.bags_chosen = bags
    delivery.chosen_because = reason if bags != delivery.bags_proposed else None
    without = _share_out_again(plan)
    record(session, delivery, "chose a quantity", by=by, at=at, reason=delivery.chosen_because, old=was,
           new=bags, proposed=delivery.bags_proposed, arrives=delivery.arrives_at,
           without_bag=without)  # fmt: skip
    return delivery


def _ensure_authorised(delivery: PlannedDelivery, bags: int) -> None:
    plan = delivery.plan
    others = sum(one.bags_chosen for one in plan.deliveries if one.id != delivery.id)
    if others + bags > plan.authorised_left:
        raise Refusal(
            f"The order still authorises {counted(plan.authorised_left, 'bag')}: {others} for the other"
            f" deliveries of this plan and at most {max(0, plan.authorised_left - others)} for this one.",
            field="bags",
        )


def _share_out_again(plan: DispensePlan) -> list[datetime]:
    """Keep which doses each delivery now serves; answers the doses that have no bag."""
    doses = read_chosen_doses(plan)
    shares = share_out(doses, read_inputs(plan), ends=plan.ends_at)
    for delivery, share in zip(plan.deliveries, shares, strict=True):
        delivery.covers, delivery.ready = write_json(share.covers), write_json(share.ready)
    return [one.dose for one in doses if one.origin is None]
