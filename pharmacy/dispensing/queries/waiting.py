"""What waits in this room: orders to plan, plans to sign, deliveries to prepare."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from pharmacy.compounding.models import BagAllocation, Worksheet
from pharmacy.dispensing.models import BagFromStock, DispensePlan, PlannedDelivery
from pharmacy.domain.statuses import OrderStatus, PlanStatus, WorksheetStatus
from pharmacy.prescriptions.models import Order, OrderVersion


def list_versions_to_plan(session: Session, *, site_id: int) -> list[OrderVersion]:
    """List the order versions in force for which no plan is proposed or signed, the earliest first."""
    planned = select(DispensePlan.order_version_id).where(
        DispensePlan.status.in_([PlanStatus.PROPOSED, PlanStatus.SIGNED])
    )
    return list(
        session.scalars(
            select(OrderVersion)
            .join(OrderVersion.order)
            .where(
                Order.site_id == site_id,
                OrderVersion.status == OrderStatus.IN_FORCE,
                OrderVersion.id.not_in(planned),
            )
            .order_by(OrderVersion.effective, OrderVersion.id)
        )
    )


def list_plans_to_sign(session: Session, *, site_id: int) -> list[DispensePlan]:
    """List the plans that wait for a pharmacist, those of orders in force, the oldest first."""
    return list(
        session.scalars(
            select(DispensePlan)
            .join(DispensePlan.order_version)
            .where(
                DispensePlan.site_id == site_id,
                DispensePlan.status == PlanStatus.PROPOSED,
                OrderVersion.status == OrderStatus.IN_FORCE,
            )
            .options(selectinload(DispensePlan.deliveries), selectinload(DispensePlan.patient))
            .order_by(DispensePlan.id)
        )
    )


def list_deliveries_to_prepare(session: Session, *, site_id: int, at: datetime) -> list[PlannedDelivery]:
    """List the deliveries of signed plans with bags that no worksheet makes and stock does not cover."""
    covered = (
        select(func.count())
        .select_from(BagFromStock)
        .join(BagFromStock.allocation)
        .where(BagFromStock.planned_delivery_id == PlannedDelivery.id, BagAllocation.undone_at.is_(None))
        .correlate(PlannedDelivery)
        .scalar_subquery()
    )
    return list(
        session.scalars(
            select(PlannedDelivery)
            .join(PlannedDelivery.plan)
            .outerjoin(PlannedDelivery.worksheet)
            .where(
                DispensePlan.site_id == site_id,
                DispensePlan.status == PlanStatus.SIGNED,
                PlannedDelivery.bags_chosen > covered,
                PlannedDelivery.arrives_at > at,
                or_(Worksheet.id.is_(None), Worksheet.status == WorksheetStatus.CANCELLED),
            )
            .options(
                selectinload(PlannedDelivery.plan).selectinload(DispensePlan.patient),
                selectinload(PlannedDelivery.from_stock)
                .selectinload(BagFromStock.allocation)
                .selectinload(BagAllocation.bag),
            )
            .order_by(PlannedDelivery.prepare_from, PlannedDelivery.id)
        )
    )
