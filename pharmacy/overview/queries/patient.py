"""A patient's page: every order with what hangs on it, in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from pharmacy.compounding.models import Bag, Worksheet
from pharmacy.delivery.models import DeliveryStop
from pharmacy.dispensing.models import DispensePlan
from pharmacy.domain.frequency import expand, parse_frequency
from pharmacy.domain.statuses import BagStatus, OrderStatus, PlanStatus, SheetStatus, WorksheetStatus
from pharmacy.patients.models import Patient
from pharmacy.prescriptions.models import ChangeTask, Order, OrderVersion
from pharmacy.pumps.models import ProgramSheet

# How far ahead the page lists doses.
_AHEAD = timedelta(days=10)
_OPEN_WORKSHEETS = (
    WorksheetStatus.PROPOSED,
    WorksheetStatus.CHECKED,
    WorksheetStatus.IN_PREPARATION,
    WorksheetStatus.AWAITING_RELEASE,
)
_BAGS_SOMEWHERE = (
    BagStatus.MADE,
    BagStatus.REWORK,
    BagStatus.QUARANTINED,
    BagStatus.RELEASED,
    BagStatus.PACKED,
    BagStatus.DELIVERED,
)
T = TypeVar("T")


@dataclass
class OrderPage:
    """One order of a patient with what stands around it now."""

    order: Order
    current: OrderVersion | None
    doses: list[datetime]
    plans: list[DispensePlan] = field(default_factory=list)
    worksheets: list[Worksheet] = field(default_factory=list)
    bags: list[Bag] = field(default_factory=list)
    sheets: list[ProgramSheet] = field(default_factory=list)
    tasks: list[ChangeTask] = field(default_factory=list)


@dataclass
class PatientPage:
    """A patient with their orders and the deliveries made to the door."""

    patient: Patient
    orders: list[OrderPage]
    stops: list[DeliveryStop]


def get_patient_page(session: Session, patient: Patient, *, at: datetime) -> PatientPage:
    """Gather a patient's page."""
    orders = session.scalars(
        select(Order)
        .where(Order.patient_id == patient.id)
        .options(selectinload(Order.versions))
        .order_by(Order.id.desc())
    ).all()
    plans = _by_order(_plans(session, patient), lambda plan: plan.order_version.order_id)
    worksheets = _by_order(_worksheets(session, patient), lambda sheet: sheet.get_order_version().order_id)
    bags = _by_order(_bags(session, patient), lambda bag: bag.get_order_version().order_id)
    sheets = _by_order(_sheets(session, patient), lambda sheet: sheet.order_id)
    tasks = _by_order(_tasks(session, patient), lambda task: task.order_version.order_id)
    pages = []
    for order in orders:
        current = _current(order)
        pages.append(
            OrderPage(
                order,
                current,
                _doses(current, patient, at) if current else [],
                plans[order.id],
                worksheets[order.id],
                bags[order.id],
                sheets[order.id],
                tasks[order.id],
            )
        )
    return PatientPage(patient, pages, _stops(session, patient))


def _current(order: Order) -> OrderVersion | None:
    in_force = [one for one in order.versions if one.status is OrderStatus.IN_FORCE]
    return in_force[-1] if in_force else None


def _doses(version: OrderVersion, patient: Patient, at: datetime) -> list[datetime]:
    return expand(
        parse_frequency(version.frequency),
        anchor=version.anchor,
        zone=ZoneInfo(patient.time_zone),
        starts=at,
        ends=at + _AHEAD,
        infusion_hours=version.infusion_hours,
    )


def _by_order(found: Iterable[T], order_of: Callable[[T], int]) -> dict[int, list[T]]:
    grouped: dict[int, list[T]] = defaultdict(list)
    for one in found:
        grouped[order_of(one)].append(one)
    return grouped


def _plans(session: Session, patient: Patient) -> Iterable[DispensePlan]:
    return session.scalars(
        select(DispensePlan)
        .where(DispensePlan.patient_id == patient.id, DispensePlan.status != PlanStatus.REPLACED)
        .options(selectinload(DispensePlan.deliveries))
        .order_by(DispensePlan.id.desc())
    )


def _worksheets(session: Session, patient: Patient) -> Iterable[Worksheet]:
    return session.scalars(
        select(Worksheet)
        .where(Worksheet.patient_id == patient.id, Worksheet.status.in_(_OPEN_WORKSHEETS))
        .order_by(Worksheet.needed_at)
    )


def _bags(session: Session, patient: Patient) -> Iterable[Bag]:
    return session.scalars(
        select(Bag)
        .where(Bag.patient_id == patient.id, Bag.status.in_(_BAGS_SOMEWHERE))
        .options(joinedload(Bag.order_version))
        .order_by(Bag.beyond_use_at, Bag.id)
    )


def _sheets(session: Session, patient: Patient) -> Iterable[ProgramSheet]:
    return session.scalars(
        select(ProgramSheet)
        .where(ProgramSheet.patient_id == patient.id, ProgramSheet.status != SheetStatus.REPLACED)
        .order_by(ProgramSheet.version.desc())
    )


def _tasks(session: Session, patient: Patient) -> Iterable[ChangeTask]:
    return session.scalars(
        select(ChangeTask)
        .join(ChangeTask.order_version)
        .join(OrderVersion.order)
        .where(Order.patient_id == patient.id, ChangeTask.done_at.is_(None))
        .options(joinedload(ChangeTask.order_version))
        .order_by(ChangeTask.id)
    )


def _stops(session: Session, patient: Patient) -> list[DeliveryStop]:
    return list(
        session.scalars(
            select(DeliveryStop)
            .where(DeliveryStop.patient_id == patient.id)
            .options(joinedload(DeliveryStop.batch), selectinload(DeliveryStop.packed_bags))
            .order_by(DeliveryStop.id.desc())
            .limit(10)
        )
    )
