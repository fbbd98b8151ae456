"""What waits to leave: pump sheets to verify, tasks of a change, boxes to pack, stops to drive."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission
from pharmacy.delivery.models import DeliveryBatch, DeliveryStop
from pharmacy.domain.lifecycle import say
from pharmacy.domain.statuses import (
    DeliveryStatus,
    SheetStatus,
    StopStatus,
)
from pharmacy.prescriptions.models import ChangeTask, OrderVersion
from pharmacy.pumps.models import ProgramSheet
from pharmacy.worklist.queries.waiting import Waiting, find_first_dose


def list_sheets_to_verify(session: Session, person: Person) -> Iterator[Waiting]:
    """List the pump sheets that wait for their verification."""
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


def list_change_tasks(session: Session, person: Person) -> Iterator[Waiting]:
    """List the tasks that a change left open."""
    versions = session.scalars(
        select(OrderVersion)
        .join(ChangeTask, ChangeTask.order_version_id == OrderVersion.id)
        .where(ChangeTask.site_id == person.site_id, ChangeTask.done_at.is_(None))
        .distinct()
    )
    for version in versions:
        yield Waiting(
            find_first_dose(version),
            version.order.patient.name,
            f"Do what the change of prescription {version.order.rx_number} asks for",
            "changed",
            "changes.show_change",
            {"version_id": version.id},
        )


def list_batches_to_pack(session: Session, person: Person) -> Iterator[Waiting]:
    """List the delivery batches to be packed."""
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


def list_stops_to_drive(session: Session, person: Person) -> Iterator[Waiting]:
    """List the stops to be driven."""
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
