"""What waits for a person: one statement for each kind of work, sorted by when it is due."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission
from pharmacy.compounding.models import Bag, VolumeCheck, Worksheet
from pharmacy.delivery.models import DeliveryBatch, DeliveryStop
from pharmacy.dispensing.models import DispensePlan, PlannedDelivery
from pharmacy.domain.formatting import counted
from pharmacy.domain.lifecycle import say
from pharmacy.domain.local_time import to_instant
from pharmacy.domain.statuses import (
    BagStatus,
    DeliveryStatus,
    OrderStatus,
    PlanStatus,
    SheetStatus,
    StopStatus,
    WorksheetStatus,
)
from pharmacy.prescriptions.models import ChangeTask, Order, OrderVersion
from pharmacy.pumps.models import ProgramSheet


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: until when, for whom, what it is, where it stands, and the page to do it on."""

    due: datetime
    patient: str
    what: str
    stands: str
    endpoint: str
    arguments: dict[str, int] = field(default_factory=dict)


def list_waiting(session: Session, *, person: Person) -> list[Waiting]:
    """List what waits for a person, what is due first at the top."""
    found = [
        one for permission, source in _SOURCES if person.may(permission) for one in source(session, person)
    ]
    return sorted(found, key=lambda one: (one.due, one.patient, one.what))


def _first_dose(version: OrderVersion) -> datetime:
    return to_instant(version.effective, ZoneInfo(version.order.patient.time_zone))


def _versions(session: Session, person: Person, status: OrderStatus) -> list[OrderVersion]:
    return list(
        session.scalars(
            select(OrderVersion)
            .join(Order)
            .where(Order.site_id == person.site_id, OrderVersion.status == status)
        )
    )


def _orders_to_verify(session: Session, person: Person) -> Iterator[Waiting]:
    for version in _versions(session, person, OrderStatus.ENTERED):
        if version.entered_by_id == person.id:
            continue
        change = version.replaces_id is not None
        yield Waiting(
            _first_dose(version),
            version.order.patient.name,
            f"Verify {'the change of ' if change else ''}prescription {version.order.rx_number}",
            f"entered by {version.entered_by.name}",
            "changes.verify_change" if change else "prescriptions.verify_order",
            {"version_id": version.id},
        )


def _orders_to_correct(session: Session, person: Person) -> Iterator[Waiting]:
    for version in _versions(session, person, OrderStatus.SENT_BACK):
        yield Waiting(
            _first_dose(version),
            version.order.patient.name,
            f"Correct prescription {version.order.rx_number}",
            "sent back by a pharmacist",
            "prescriptions.show_order",
            {"order_id": version.order_id},
        )


def _orders_to_plan(session: Session, person: Person) -> Iterator[Waiting]:
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
            _first_dose(version),
            version.order.patient.name,
            f"Count at home and plan prescription {version.order.rx_number}",
            "in force, no plan yet",
            "dispensing.list_plans",
            {"order_id": version.order_id},
        )


def _plans_to_sign(session: Session, person: Person) -> Iterator[Waiting]:
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


def _deliveries_to_make(session: Session, person: Person) -> Iterator[Waiting]:
    deliveries = session.scalars(
        select(PlannedDelivery)
        .join(PlannedDelivery.plan)
        .where(
            DispensePlan.site_id == person.site_id,
            DispensePlan.status == PlanStatus.SIGNED,
            PlannedDelivery.worksheet_id.is_(None),
            PlannedDelivery.bags_chosen > 0,
        )
        .options(joinedload(PlannedDelivery.plan).joinedload(DispensePlan.patient))
    )
    for delivery in deliveries:
        yield Waiting(
            delivery.prepare_from,
            delivery.plan.patient.name,
            f"Open the worksheet for {counted(delivery.bags_chosen, 'bag')}",
            "plan signed",
            "dispensing.show_plan",
            {"plan_id": delivery.plan_id},
        )


def _worksheets(session: Session, person: Person, *statuses: WorksheetStatus) -> list[Worksheet]:
    return list(
        session.scalars(
            select(Worksheet).where(Worksheet.site_id == person.site_id, Worksheet.status.in_(statuses))
        )
    )


def _worksheets_to_check(session: Session, person: Person) -> Iterator[Waiting]:
    for sheet in _worksheets(session, person, WorksheetStatus.PROPOSED):
        yield _worksheet(sheet, "Check worksheet", "compounding.show_worksheet")


def _worksheets_to_make(session: Session, person: Person) -> Iterator[Waiting]:
    for sheet in _worksheets(session, person, WorksheetStatus.CHECKED, WorksheetStatus.IN_PREPARATION):
        yield _worksheet(sheet, "Prepare worksheet", "compounding.show_worksheet")


def _worksheets_to_release(session: Session, person: Person) -> Iterator[Waiting]:
    for sheet in _worksheets(session, person, WorksheetStatus.AWAITING_RELEASE):
        yield _worksheet(sheet, "Inspect and release worksheet", "compounding.show_worksheet")


def _worksheet(sheet: Worksheet, verb: str, endpoint: str) -> Waiting:
    return Waiting(
        sheet.needed_at,
        sheet.patient.name,
        f"{verb} {sheet.serial}, {counted(sheet.bag_count, 'bag')}",
        say(sheet.status),
        endpoint,
        {"worksheet_id": sheet.id},
    )


def _second_checks(session: Session, person: Person) -> Iterator[Waiting]:
    checks = session.execute(
        select(VolumeCheck, Bag)
        .join(Bag, VolumeCheck.bag_id == Bag.id)
        .where(
            Bag.site_id == person.site_id,
            Bag.status == BagStatus.PLANNED,
            VolumeCheck.second_by_id.is_(None),
            VolumeCheck.first_by_id != person.id,
        )
        .options(joinedload(Bag.patient), joinedload(Bag.worksheet))
    )
    for check, bag in checks:
        yield Waiting(
            check.first_at,
            bag.patient.name,
            f"Check a drawn volume on worksheet {bag.worksheet.serial}, bag {bag.position}",
            f"drawn by {check.first_by.name}",
            "compounding.show_worksheet",
            {"worksheet_id": bag.worksheet_id},
        )


def _quarantined_bags(session: Session, person: Person) -> Iterator[Waiting]:
    bags = session.scalars(
        select(Bag)
        .where(Bag.site_id == person.site_id, Bag.status == BagStatus.QUARANTINED)
        .options(joinedload(Bag.patient), joinedload(Bag.worksheet))
    )
    for bag in bags:
        yield Waiting(
            bag.beyond_use_at or bag.worksheet.needed_at,
            bag.patient.name,
            f"Decide on bag {bag.serial} in quarantine",
            say(bag.status),
            "compounding.show_worksheet",
            {"worksheet_id": bag.worksheet_id},
        )


def _sheets_to_verify(session: Session, person: Person) -> Iterator[Waiting]:
    sheets = session.scalars(
        select(ProgramSheet).where(
            ProgramSheet.site_id == person.site_id,
            ProgramSheet.status == SheetStatus.DRAFT,
            ProgramSheet.prepared_by_id != person.id,
        )
    )
    for sheet in sheets:
        yield Waiting(
            sheet.prepared_at,
            sheet.patient.name,
            "Verify the pump programming sheet",
            f"prepared by {sheet.prepared_by.name}",
            "pumps.show_sheet",
            {"sheet_id": sheet.id},
        )


def _change_tasks(session: Session, person: Person) -> Iterator[Waiting]:
    versions = session.scalars(
        select(OrderVersion)
        .join(ChangeTask, ChangeTask.order_version_id == OrderVersion.id)
        .where(ChangeTask.site_id == person.site_id, ChangeTask.done_at.is_(None))
        .distinct()
    )
    for version in versions:
        yield Waiting(
            _first_dose(version),
            version.order.patient.name,
            f"Do what the change of prescription {version.order.rx_number} asks for",
            "changed",
            "changes.show_change",
            {"version_id": version.id},
        )


def _batches_to_pack(session: Session, person: Person) -> Iterator[Waiting]:
    stops = session.scalars(
        select(DeliveryStop)
        .join(DeliveryStop.batch)
        .where(
            DeliveryBatch.site_id == person.site_id,
            DeliveryBatch.status == DeliveryStatus.OPEN,
            DeliveryStop.status.in_([StopStatus.OPEN, StopStatus.PACKED]),
        )
        .options(
            joinedload(DeliveryStop.batch),
            joinedload(DeliveryStop.planned_delivery),
        )
    )
    for stop in stops:
        yield Waiting(
            stop.planned_delivery.arrives_at,
            stop.name,
            f"{'Check and send out' if stop.status is StopStatus.PACKED else 'Pack'} the box",
            say(stop.status),
            "delivery.show_batch",
            {"batch_id": stop.batch_id},
        )


def _stops_to_drive(session: Session, person: Person) -> Iterator[Waiting]:
    stops = session.scalars(
        select(DeliveryStop)
        .join(DeliveryStop.batch)
        .where(
            DeliveryBatch.driver_id == person.id,
            DeliveryBatch.status == DeliveryStatus.ON_THE_WAY,
            DeliveryStop.status == StopStatus.PACKED,
        )
        .options(joinedload(DeliveryStop.planned_delivery))
    )
    for stop in stops:
        yield Waiting(
            stop.planned_delivery.arrives_at,
            stop.name,
            f"Deliver to {stop.address}",
            "on the way",
            "delivery.driver_stop",
            {"stop_id": stop.id},
        )


P = Permission
_SOURCES: tuple[tuple[Permission, Callable[[Session, Person], Iterator[Waiting]]], ...] = (
    (P.VERIFY_ORDERS, _orders_to_verify),
    (P.ENTER_ORDERS, _orders_to_correct),
    (P.RECORD_HOME_COUNTS, _orders_to_plan),
    (P.SIGN_PLANS, _plans_to_sign),
    (P.OPEN_WORKSHEETS, _deliveries_to_make),
    (P.CHECK_WORKSHEETS, _worksheets_to_check),
    (P.COMPOUND, _worksheets_to_make),
    (P.COMPOUND, _second_checks),
    (P.RELEASE_BAGS, _worksheets_to_release),
    (P.RELEASE_BAGS, _quarantined_bags),
    (P.VERIFY_PUMP_SHEETS, _sheets_to_verify),
    (P.DO_CHANGE_TASKS, _change_tasks),
    (P.PACK_DELIVERIES, _batches_to_pack),
    (P.DRIVE_DELIVERIES, _stops_to_drive),
)
