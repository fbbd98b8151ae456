"""Reads of dispense plans and of the deliveries that they plan."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, object_session, selectinload

from pharmacy.accounts.queries import get_site
from pharmacy.compounding.models import BagAllocation
from pharmacy.dispensing.models import BagFromStock, DispensePlan, HomeCount, HomeCountLine, PlannedDelivery
from pharmacy.dispensing.queries.counts import find_latest_count
from pharmacy.domain.errors import NotFound, Refusal
from pharmacy.domain.formatting import moment
from pharmacy.domain.lifecycle import say
from pharmacy.domain.local_time import find_zone, start_of_day
from pharmacy.domain.statuses import PlanStatus, WorksheetStatus
from pharmacy.patients.models import Patient
from pharmacy.prescriptions.models import OrderVersion


def _plans() -> Select[DispensePlan]:
    return select(DispensePlan).options(
        joinedload(DispensePlan.patient),
        selectinload(DispensePlan.deliveries).options(
            selectinload(PlannedDelivery.worksheet),
            selectinload(PlannedDelivery.from_stock)
            .selectinload(BagFromStock.allocation)
            .selectinload(BagAllocation.bag),
        ),
    )


def get_plan(session: Session, plan_id: int, *, site_id: int) -> DispensePlan:
    """Return a plan of a site with its deliveries, its home count and the patient's allergies."""
    plan = session.scalar(
        _plans()
        .where(DispensePlan.id == plan_id, DispensePlan.site_id == site_id)
        .options(
            joinedload(DispensePlan.patient).selectinload(Patient.allergies),
            joinedload(DispensePlan.home_count).selectinload(HomeCount.lines).selectinload(HomeCountLine.bag),
        )
    )
    if plan is None:
        raise NotFound("No dispense plan is recorded under this number.")
    return plan


def list_plans(session: Session, order_id: int) -> list[DispensePlan]:
    """List the plans of an order with their deliveries, the newest first."""
    return list(
        session.scalars(
            _plans()
            .join(DispensePlan.order_version)
            .where(OrderVersion.order_id == order_id)
            .order_by(DispensePlan.id.desc())
        )
    )


def list_plans_of_status(session: Session, order_id: int, status: PlanStatus) -> list[DispensePlan]:
    """List the plans of an order that stand in one status, the newest first."""
    return [plan for plan in list_plans(session, order_id) if plan.status is status]


def find_plan_in_force(session: Session, order_id: int) -> DispensePlan | None:
    """Find the plan of an order that is signed and that none has replaced."""
    return next(iter(list_plans_of_status(session, order_id, PlanStatus.SIGNED)), None)


def find_signed_plan_of(session: Session, count: HomeCount) -> DispensePlan | None:
    """Find the plan that was ever signed on a home count."""
    return session.scalar(
        select(DispensePlan)
        .where(DispensePlan.home_count_id == count.id, DispensePlan.signature_id.is_not(None))
        .limit(1)
    )


def get_delivery(session: Session, delivery_id: int, *, site_id: int) -> PlannedDelivery:
    """Return a planned delivery of a site with its plan."""
    delivery = session.get(PlannedDelivery, delivery_id)
    if delivery is None:
        raise NotFound("No planned delivery is recorded under this number.")
    get_plan(session, delivery.plan_id, site_id=site_id)
    return delivery


def list_planned_deliveries(session: Session, *, site_id: int, day: date) -> list[PlannedDelivery]:
    """List the deliveries of signed plans that arrive on a day of the site's clock, the earliest first."""
    zone = ZoneInfo(get_site(session, site_id).time_zone)
    opens, closes = start_of_day(day, zone), start_of_day(day + timedelta(days=1), zone)
    return list(
        session.scalars(
            select(PlannedDelivery)
            .join(PlannedDelivery.plan)
            .where(
                DispensePlan.site_id == site_id,
                DispensePlan.status == PlanStatus.SIGNED,
                PlannedDelivery.arrives_at >= opens,
                PlannedDelivery.arrives_at < closes,
            )
            .options(
                selectinload(PlannedDelivery.plan).joinedload(DispensePlan.patient),
                selectinload(PlannedDelivery.worksheet),
            )
            .order_by(PlannedDelivery.arrives_at, PlannedDelivery.id)
        )
    )


def has_worksheet(delivery: PlannedDelivery) -> bool:
    """Tell whether a delivery has a worksheet that was not cancelled."""
    worksheet = delivery.worksheet
    return worksheet is not None and worksheet.status is not WorksheetStatus.CANCELLED


def ensure_plan_in_force(plan: DispensePlan) -> None:
    """Refuse a plan that is not signed, or that another has replaced."""
    if plan.status is PlanStatus.PROPOSED:
        raise Refusal("This dispense plan is not signed by a pharmacist yet; nothing rests on it.")
    if plan.status is not PlanStatus.SIGNED:
        raise Refusal(f"This dispense plan is {say(plan.status)}; work by the plan in force.")


def ensure_consent_to_ship(plan: DispensePlan) -> None:
    """Refuse a shipment unless the latest home count of the order records that it is wanted."""
    session = object_session(plan)
    if session is None:
        raise ValueError("a plan outside a session has no latest home count")
    count = find_latest_count(session, plan.order_version.order_id) or plan.home_count
    if not count.consent_to_ship:
        zone = find_zone(plan.patient.time_zone)
        raise Refusal(
            f"The home count of {moment(count.counted_at, zone)} does not record consent to ship. Call again"
            " and enter a count that does; nothing is sent before that."
        )
