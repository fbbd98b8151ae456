"""What waits around orders: to be verified, corrected, planned, and plans to be signed."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from pharmacy.accounts.models import Person
from pharmacy.dispensing.models import DispensePlan
from pharmacy.domain.statuses import (
    OrderStatus,
    PlanStatus,
)
from pharmacy.prescriptions.models import Order, OrderVersion
from pharmacy.worklist.queries.waiting import Waiting, find_first_dose


def _versions(session: Session, person: Person, status: OrderStatus) -> list[OrderVersion]:
    return list(
        session.scalars(
            select(OrderVersion)
            .join(Order)
            .where(Order.site_id == person.site_id, OrderVersion.status == status)
        )
    )


def list_orders_to_verify(session: Session, person: Person) -> Iterator[Waiting]:
    """List the orders and changes that wait for a clinical verification."""
    for version in _versions(session, person, OrderStatus.ENTERED):
        if version.entered_by_id == person.id:
            continue
        change = version.replaces_id is not None
        yield Waiting(
            find_first_dose(version),
            version.order.patient.name,
            f"Verify {'the change of ' if change else ''}prescription {version.order.rx_number}",
            f"entered by {version.entered_by.name}",
            "changes.verify_change" if change else "prescriptions.verify_order",
            {"version_id": version.id},
        )


def list_orders_to_correct(session: Session, person: Person) -> Iterator[Waiting]:
    """List the orders that were sent back."""
    for version in _versions(session, person, OrderStatus.SENT_BACK):
        yield Waiting(
            find_first_dose(version),
            version.order.patient.name,
            f"Correct prescription {version.order.rx_number}",
            "sent back by a pharmacist",
            "prescriptions.show_order",
            {"order_id": version.order_id},
        )


def list_orders_to_plan(session: Session, person: Person) -> Iterator[Waiting]:
    """List the orders in force without a plan."""
    planned = exists().where(
        DispensePlan.order_version_id == OrderVersion.id, DispensePlan.status != PlanStatus.REPLACED
    )
    versions = session.scalars(
        select(OrderVersion)
        .join(Order)
        .where(Order.site_id == person.site_id, OrderVersion.status == OrderStatus.IN_FORCE, ~planned)
    )
    for version in versions:
        yield Waiting(
            find_first_dose(version),
            version.order.patient.name,
            f"Count at home and plan prescription {version.order.rx_number}",
            "in force, no plan yet",
            "dispensing.list_plans",
            {"order_id": version.order_id},
        )


def list_plans_to_sign(session: Session, person: Person) -> Iterator[Waiting]:
    """List the plans that wait for a signature."""
    plans = session.scalars(
        select(DispensePlan)
        .where(DispensePlan.site_id == person.site_id, DispensePlan.status == PlanStatus.PROPOSED)
        .options(joinedload(DispensePlan.patient))
    )
    for plan in plans:
        yield Waiting(
            plan.next_needed_at or plan.ends_at,
            plan.patient.name,
            "Sign the dispense plan",
            f"made by {plan.made_by.name}",
            "dispensing.show_plan",
            {"plan_id": plan.id},
        )
