"""From a bag to all that touched it: lots, containers, people, boxes, pump sheets and every step."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from pharmacy.accounts.models import Person
from pharmacy.compounding.models import Bag, BagComponent, DeviationBag, Worksheet
from pharmacy.delivery.models import DeliveryStop, PackedBag
from pharmacy.domain.barcodes import parse_serial
from pharmacy.domain.errors import NotFound, Refusal
from pharmacy.facility.models import EngineeringControl
from pharmacy.inventory.models import OpenedContainer
from pharmacy.pumps.models import ProgramSheet
from pharmacy.trace.queries.step import Step
from pharmacy.trace.queries.steps import list_steps


@dataclass(frozen=True)
class EnteredContainer:
    """A vial or bag that was scanned for a bag: when and by whom it was first entered."""

    container: OpenedContainer
    opened_by: str


@dataclass(frozen=True)
class BagTrace:
    """A bag with every lot in it, every container, every box, its pump sheets and every step by time."""

    bag: Bag
    containers: list[EnteredContainer]
    stops: list[PackedBag]
    sheets: list[ProgramSheet]
    hood: EngineeringControl | None
    steps: list[Step]


def trace_bag(session: Session, serial: str, *, site_id: int) -> BagTrace:
    """Trace one bag by its serial, scanned or typed; raises NotFound when the site has none."""
    bag = session.scalar(
        select(Bag)
        .where(Bag.serial == _read_serial(serial), Bag.site_id == site_id)
        .options(
            joinedload(Bag.patient),
            joinedload(Bag.worksheet).options(
                selectinload(Worksheet.scans),
                selectinload(Worksheet.steps_done),
                selectinload(Worksheet.handovers),
                selectinload(Worksheet.station_notes),
            ),
            joinedload(Bag.order_version),
            selectinload(Bag.components).joinedload(BagComponent.opened_container),
            selectinload(Bag.checks),
            selectinload(Bag.labels),
            selectinload(Bag.inspections),
            selectinload(Bag.shortenings),
            selectinload(Bag.weighings),
            selectinload(Bag.reworks),
            selectinload(Bag.allocations),
            selectinload(Bag.clearances),
            selectinload(Bag.deviations).joinedload(DeviationBag.deviation),
            selectinload(Bag.allocations),
        )
    )
    if bag is None:
        raise NotFound(f"No bag {serial.strip()[:60]} has been made at this site.")
    stops = _list_stops(session, bag)
    return BagTrace(
        bag=bag,
        containers=_list_containers(session, bag),
        stops=stops,
        sheets=_list_sheets(session, bag),
        hood=_find_hood(session, bag),
        steps=list_steps(session, bag, stops),
    )


def _read_serial(text: str) -> str:
    try:
        return parse_serial(text).text
    except Refusal:
        return text.strip().upper()


def _list_containers(session: Session, bag: Bag) -> list[EnteredContainer]:
    """List the containers that were scanned for a bag, but for those that were put back."""
    scanned = {
        scan.opened_container_id
        for scan in bag.worksheet.scans
        if scan.bag_id == bag.id and scan.undone_at is None
    }
    rows = session.execute(
        select(OpenedContainer, Person.name)
        .join(Person, Person.id == OpenedContainer.opened_by_id)
        .where(OpenedContainer.id.in_(scanned | {part.opened_container_id for part in bag.components}))
        .order_by(OpenedContainer.id)
    )
    return [EnteredContainer(container, name) for container, name in rows]


def _find_hood(session: Session, bag: Bag) -> EngineeringControl | None:
    hood_id = bag.worksheet.engineering_control_id
    return session.get(EngineeringControl, hood_id) if hood_id else None


def _list_stops(session: Session, bag: Bag) -> list[PackedBag]:
    return list(
        session.scalars(
            select(PackedBag)
            .where(PackedBag.bag_id == bag.id)
            .options(
                joinedload(PackedBag.stop).joinedload(DeliveryStop.batch), joinedload(PackedBag.packed_by)
            )
            .order_by(PackedBag.id)
        )
    )


def _list_sheets(session: Session, bag: Bag) -> list[ProgramSheet]:
    """List the sheets of the bag's patient; bags of one worksheet for stock may go to several."""
    return list(
        session.scalars(
            select(ProgramSheet)
            .where(ProgramSheet.worksheet_id == bag.worksheet_id, ProgramSheet.patient_id == bag.patient_id)
            .options(joinedload(ProgramSheet.pump))
            .order_by(ProgramSheet.version)
        )
    )
