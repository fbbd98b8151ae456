"""Sign a dispense plan: only as long as everything it rests on still stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import sign
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import move, record
from pharmacy.dispensing.actions.planning import ensure_count_serves, replace_plan
from pharmacy.dispensing.models import DispensePlan
from pharmacy.dispensing.queries import (
    list_plans_of_status,
    read_chosen_doses,
    read_inputs,
    read_supply,
    write_basis,
)
from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import moment
from pharmacy.domain.lifecycle import ensure_move
from pharmacy.domain.local_time import find_zone
from pharmacy.domain.statuses import PLAN_MOVES, PlanStatus
from pharmacy.prescriptions.queries import ensure_in_force, list_segments

MEANING = "Approval of the dispense plan: doses, bags and deliveries"


def sign_plan(
    session: Session, plan: DispensePlan, *, password: str, by: Person, at: datetime
) -> DispensePlan:
    """Sign a proposed plan with all it says; the plan that was in force is replaced by it.

    Refuses when the order, the home count, what is made or dispensed, or what is authorised has changed since
    the plan was made, and when a delivery of it is past.
    """
    ensure_may(by.role, Permission.SIGN_PLANS)
    ensure_move(PLAN_MOVES, plan.status, PlanStatus.SIGNED, what="a dispense plan")
    ensure_plan_stands(session, plan, at=at)
    plan.signature = sign(
        session, plan, meaning=MEANING, content=signed_content(plan), password=password, by=by, at=at
    )
    order_id = plan.order_version.order_id
    for older in list_plans_of_status(session, order_id, PlanStatus.SIGNED):
        replace_plan(session, older, because="a new plan was signed", by=by, at=at)
    move(session, plan, PLAN_MOVES, PlanStatus.SIGNED, what="a dispense plan", by=by, at=at)
    record(session, plan, "signed a dispense plan", by=by, at=at, digest=plan.signature.digest,
           rx=plan.order_version.order.rx_number,
           deliveries=[[one.arrives_at, one.bags_proposed, one.bags_chosen] for one in plan.deliveries],
           without_bag=[one.dose for one in read_chosen_doses(plan) if one.origin is None])  # fmt: skip
    return plan


def ensure_plan_stands(session: Session, plan: DispensePlan, *, at: datetime) -> None:
    """Refuse a proposed plan when something that it rests on is no longer so."""
    version = plan.order_version
    ensure_in_force(session, version, at=at)
    ensure_count_serves(session, version.order, plan.home_count, at=at)
    past = next((one for one in plan.deliveries if one.arrives_at <= at), None)
    if past is not None:
        when = moment(past.arrives_at, find_zone(plan.patient.time_zone))
        raise Refusal(f"The delivery on {when} is past. Make a new plan.")
    now = write_basis(
        version,
        plan.home_count,
        list_segments(session, version.order_id),
        read_supply(session, version, at=at),
    )
    if now != read_inputs(plan).basis:
        raise Refusal(
            "Since this plan was made, bags of this order were made, released, dispensed or taken out of use."
            " Make the plan again, so that nothing is made twice."
        )


def signed_content(plan: DispensePlan) -> dict[str, Any]:
    """Return all that a signature under a plan stands for."""
    count = plan.home_count
    return {
        "plan": plan.id,
        "order_version": plan.order_version_id,
        "patient": plan.patient_id,
        "home_count": [
            count.id,
            count.told_by,
            count.told_by_relationship,
            count.taken_by_id,
            count.counted_at,
            count.consent_to_ship,
            count.missed_doses,
            count.expected_bags,
            count.note,
            [[line.bag_id, line.bags, line.beyond_use_at] for line in count.lines],
        ],
        "starts": plan.starts_at,
        "ends": plan.ends_at,
        "spare_bags": plan.spare_bags,
        "authorised_left": plan.authorised_left,
        "doses": [[one.dose, one.origin, one.place, one.why] for one in read_chosen_doses(plan)],
        "on_hand": [plan.used_on_hand, plan.spare_on_hand, plan.expires_unused],
        "next_needed": plan.next_needed_at,
        "inputs": plan.inputs,
        "answer": plan.answer,
        "working": plan.working,
        "made_by": plan.made_by_id,
        "made_at": plan.made_at,
        "deliveries": [
            [
                one.arrives_at,
                one.prepare_from,
                one.beyond_use_at,
                one.bags_proposed,
                one.spares,
                one.bags_chosen,
                one.chosen_because,
                one.covers,
                one.ready,
            ]
            for one in plan.deliveries
        ],
    }
