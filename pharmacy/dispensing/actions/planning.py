"""Make a dispense plan, and put it aside when something else takes its place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import begin_life, move, record
from pharmacy.dispensing.models import DispensePlan, HomeCount, PlannedDelivery
from pharmacy.dispensing.queries import (
    Course,
    Proposal,
    find_latest_count,
    find_signed_plan_of,
    list_home_bags,
    list_plans_of_status,
    propose,
    share_out,
    write_doses,
    write_inputs,
    write_json,
)
from pharmacy.domain.dispensing import Source, list_doses
from pharmacy.domain.dispensing_ready import count_use
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formatting import counted, day, moment
from pharmacy.domain.local_time import find_zone, to_instant, to_local
from pharmacy.domain.statuses import PLAN_MOVES, PlanStatus
from pharmacy.prescriptions.models import Order, OrderVersion
from pharmacy.prescriptions.queries import ensure_in_force, find_version_in_force, list_segments

# A plan rests on a count that is at most this old; before each plan what is at home is asked for again.
COUNT_HOLDS = timedelta(days=7)
MOST_DAYS = 366


def make_plan(
    session: Session,
    order: Order,
    *,
    home_count: HomeCount,
    starts: datetime,
    ends: datetime,
    arrivals: Sequence[datetime],
    by: Person,
    at: datetime,
) -> DispensePlan:
    """Propose what to make for each delivery, from a fresh home count; times are clock times at home.

    Older proposals of the order are replaced; a signed plan stays in force until the new one is signed.
    Refuses a count that is not the latest, is too old or was planned on, bags that are on their way, and
    dates that do not fit together.
    """
    ensure_may(by.role, Permission.PLAN_DISPENSING)
    version = find_version_in_force(session, order.id)
    if version is None:
        raise Refusal(f"No version of Rx {order.rx_number} is in force; nothing can be planned.")
    ensure_in_force(session, version, at=at)
    ensure_count_serves(session, order, home_count, at=at)
    zone = find_zone(order.patient.time_zone)
    course = Course(
        version=version,
        count=home_count,
        regimen=tuple(list_segments(session, order.id)),
        starts=to_instant(starts, zone),
        ends=to_instant(ends, zone),
        arrivals=tuple(to_instant(one, zone) for one in arrivals),
    )
    _ensure_dates(course, by=by, at=at)
    proposal = propose(session, course, at=at)
    _ensure_nothing_packed(proposal)
    for older in list_plans_of_status(session, order.id, PlanStatus.PROPOSED):
        replace_plan(session, older, because="a new plan was proposed", by=by, at=at)
    return _save(session, course, proposal, by=by, at=at)


def ensure_count_serves(session: Session, order: Order, count: HomeCount, *, at: datetime) -> None:
    """Refuse a home count on which no plan may rest (any more)."""
    latest = find_latest_count(session, order.id)
    when = moment(count.counted_at, find_zone(order.patient.time_zone))
    if latest is None or count.id != latest.id:
        raise Refusal(f"The home count of {when} is not the latest of this order; plan on the latest.")
    if at - count.counted_at > COUNT_HOLDS:
        raise Refusal(
            f"The home count of {when} is older than {counted(COUNT_HOLDS.days, 'day')}. Ask again what is at"
            " home and enter a new count."
        )
    if find_signed_plan_of(session, count) is not None:
        raise Refusal(f"A plan was signed on the home count of {when}. Enter a new count for a new plan.")
    for one in list_home_bags(session, order.id, at=at):
        if max(one.delivered_at, one.gone_at or one.delivered_at) > count.counted_at:
            raise Refusal(
                f"Since the home count of {when} bags were delivered or taken back. Enter a new count."
            )


def _ensure_dates(course: Course, *, by: Person, at: datetime) -> None:
    zone = course.zone
    if course.ends <= course.starts:
        raise InvalidInput("The plan should end after it starts.", field="ends")
    if course.ends - course.starts > timedelta(days=MOST_DAYS):
        raise InvalidInput(f"Plan at most {MOST_DAYS} days.", field="ends")
    _ensure_arrivals(course, zone, at=at)
    _ensure_expiry(course.arrivals, course.version, ZoneInfo(by.site.time_zone))
    _ensure_starts_at_count(course, zone)


def _ensure_arrivals(course: Course, zone: ZoneInfo, *, at: datetime) -> None:
    for arrives in course.arrivals:
        when = moment(arrives, zone)
        if not course.starts <= arrives < course.ends:
            raise InvalidInput(
                f"The delivery on {when} should lie between the start and the end of the plan.",
                field="arrivals",
            )
        if arrives <= at:
            raise InvalidInput(f"The delivery on {when} should lie in the future.", field="arrivals")
    for earlier, later in pairwise(course.arrivals):
        if later <= earlier:
            raise InvalidInput(
                f"Give the deliveries in time order, each once: {moment(later, zone)} does not come after"
                f" {moment(earlier, zone)}.",
                field="arrivals",
            )


def _ensure_expiry(arrivals: Sequence[datetime], version: OrderVersion, zone: ZoneInfo) -> None:
    for arrives in arrivals:
        if to_local(arrives, zone).date() > version.expires_on:
            raise InvalidInput(
                f"The delivery on {moment(arrives, zone)} is after the order expires,"
                f" {day(version.expires_on)}.",
                field="arrivals",
            )


def _ensure_starts_at_count(course: Course, zone: ZoneInfo) -> None:
    """Refuse a start from which doses between it and the count would be planned twice, or not at all."""
    counted_at = course.count.counted_at
    first, last = sorted((course.starts, counted_at))
    between = list_doses(course.regimen, zone=zone, starts=first, ends=last)
    if between:
        doses = ", ".join(moment(dose, zone) for dose, _ in between)
        raise InvalidInput(
            f"The bags were counted on {moment(counted_at, zone)}. Start the plan there: between the count"
            f" and the start lie doses ({doses}).",
            field="starts",
        )


def _ensure_nothing_packed(proposal: Proposal) -> None:
    packed = proposal.supply.packed
    if packed:
        serials = ", ".join(bag.serial for bag in packed)
        raise Refusal(
            f"{counted(len(packed), 'bag')} of this order packed and not delivered: {serials}. Finish that"
            " delivery, or take them out of the box, and then plan."
        )


def _save(session: Session, course: Course, proposal: Proposal, *, by: Person, at: datetime) -> DispensePlan:
    plan, order = proposal.plan, course.version.order
    home_places = len({bag.beyond_use for bag in proposal.inputs.home})
    at_home = [one for one in plan.taken if one[1] is Source.ON_HAND and one[2] < home_places]
    use = count_use(plan.stock[:home_places], at_home, plan.ends)
    saved = DispensePlan(
        site_id=order.site_id,
        patient=order.patient,
        order_version=course.version,
        home_count=course.count,
        status=PlanStatus.PROPOSED,
        starts_at=plan.starts,
        ends_at=plan.ends,
        spare_bags=plan.spare_bags,
        authorised_left=proposal.supply.left,
        dose_count=len(plan.doses),
        used_on_hand=use.used,
        spare_on_hand=use.spare,
        expires_unused=use.expires_unused,
        next_needed_at=plan.next_needed,
        inputs=write_inputs(proposal.inputs),
        answer=write_doses(proposal.doses),
        working="\n".join(proposal.working),
        made_by=by,
        made_at=at,
        deliveries=_list_deliveries(proposal),
    )
    session.add(saved)
    begin_life(session, saved, by=by, at=at)
    record(session, saved, "proposed a dispense plan", by=by, at=at, rx=order.rx_number,
           version=course.version.version, starts=plan.starts, ends=plan.ends, doses=len(plan.doses),
           deliveries=[[one.arrives, one.bags, one.spares] for one in plan.deliveries],
           without_bag=[one.dose for one in plan.uncovered], working=list(proposal.working))  # fmt: skip
    return saved


def _list_deliveries(proposal: Proposal) -> list[PlannedDelivery]:
    shares = share_out(proposal.doses, proposal.inputs, ends=proposal.plan.ends)
    return [
        PlannedDelivery(
            arrives_at=arrival.arrives,
            prepare_from=arrival.prepare_from,
            beyond_use_at=arrival.beyond_use,
            bags_proposed=delivery.bags,
            spares=delivery.spares,
            bags_chosen=delivery.bags,
            covers=write_json(share.covers),
            ready=write_json(share.ready),
        )
        for arrival, delivery, share in zip(
            proposal.inputs.arrivals, proposal.plan.deliveries, shares, strict=True
        )
    ]


def replace_plan(session: Session, plan: DispensePlan, *, because: str, by: Person, at: datetime) -> None:
    """Put a plan aside, with the reason; what was made for it stays what it is."""
    ensure_may(by.role, Permission.PLAN_DISPENSING)
    move(session, plan, PLAN_MOVES, PlanStatus.REPLACED, what="a dispense plan", by=by, at=at, reason=because)
    record(session, plan, "replaced a dispense plan", by=by, at=at, reason=because)
