"""What waits on the bench: bags to make, worksheets to check, volumes to check again, bags in quarantine."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from pharmacy.accounts.models import Person
from pharmacy.compounding.models import Bag, BagAllocation, VolumeCheck, Worksheet
from pharmacy.dispensing.models import BagFromStock, DispensePlan, PlannedDelivery
from pharmacy.domain.formatting import counted
from pharmacy.domain.lifecycle import say
from pharmacy.domain.statuses import (
    BagStatus,
    PlanStatus,
    WorksheetStatus,
)
from pharmacy.worklist.queries.waiting import Waiting


def list_deliveries_to_make(session: Session, person: Person) -> Iterator[Waiting]:
    """List the planned deliveries whose bags are to be made."""
    deliveries = session.scalars(
        select(PlannedDelivery)
        .join(PlannedDelivery.plan)
        .where(
            DispensePlan.site_id == person.site_id,
            DispensePlan.status == PlanStatus.SIGNED,
            PlannedDelivery.worksheet_id.is_(None),
            PlannedDelivery.bags_chosen > 0,
        )
        .options(
            joinedload(PlannedDelivery.plan).joinedload(DispensePlan.patient),
            selectinload(PlannedDelivery.from_stock)
            .selectinload(BagFromStock.allocation)
            .selectinload(BagAllocation.bag),
        )
    )
    for delivery in deliveries:
        if delivery.bags_to_make == 0:
            continue
        yield Waiting(
            delivery.prepare_from,
            delivery.plan.patient.name,
            f"Open the worksheet for {counted(delivery.bags_to_make, 'bag')}",
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


def list_worksheets_to_check(session: Session, person: Person) -> Iterator[Waiting]:
    """List the worksheets that wait for their check."""
    for sheet in _worksheets(session, person, WorksheetStatus.PROPOSED):
        yield _worksheet(sheet, "Check worksheet", "compounding.show_worksheet")


def list_worksheets_to_make(session: Session, person: Person) -> Iterator[Waiting]:
    """List the worksheets to be made."""
    for sheet in _worksheets(session, person, WorksheetStatus.CHECKED, WorksheetStatus.IN_PREPARATION):
        yield _worksheet(sheet, "Prepare worksheet", "compounding.show_worksheet")


def list_worksheets_to_release(session: Session, person: Person) -> Iterator[Waiting]:
    """List the worksheets that wait for their release."""
    for sheet in _worksheets(session, person, WorksheetStatus.AWAITING_RELEASE):
        yield _worksheet(sheet, "Inspect and release worksheet", "compounding.show_worksheet")


def _say_patient(subject: Worksheet | Bag) -> str:
    return subject.patient.name if subject.patient else "Stock"


def _worksheet(sheet: Worksheet, verb: str, endpoint: str) -> Waiting:
    return Waiting(
        sheet.needed_at,
        _say_patient(sheet),
        f"{verb} {sheet.serial}, {counted(sheet.bag_count, 'bag')}",
        say(sheet.status),
        endpoint,
        {"worksheet_id": sheet.id},
    )


def list_second_checks(session: Session, person: Person) -> Iterator[Waiting]:
    """List the volumes that a second person checks."""
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
            _say_patient(bag),
            f"Check a drawn volume on worksheet {bag.worksheet.serial}, bag {bag.position}",
            f"drawn by {check.first_by.name}",
            "compounding.show_worksheet",
            {"worksheet_id": bag.worksheet_id},
        )


def list_quarantined_bags(session: Session, person: Person) -> Iterator[Waiting]:
    """List the bags in quarantine."""
    bags = session.scalars(
        select(Bag)
        .where(Bag.site_id == person.site_id, Bag.status == BagStatus.QUARANTINED)
        .options(joinedload(Bag.patient), joinedload(Bag.worksheet))
    )
    for bag in bags:
        yield Waiting(
            bag.beyond_use_at or bag.worksheet.needed_at,
            _say_patient(bag),
            f"Decide on bag {bag.serial} in quarantine",
            say(bag.status),
            "compounding.show_worksheet",
            {"worksheet_id": bag.worksheet_id},
        )
