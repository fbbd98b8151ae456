"""The two-way trace: a lot to every bag, patient and delivery; a bag to every lot, person and step.

Each trace is a fixed number of statements, whatever the tables hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from pharmacy.accounts.models import Signature
from pharmacy.audit.models import StatusChange
from pharmacy.compounding.models import Bag, BagComponent, Scan, Worksheet
from pharmacy.delivery.models import DeliveryStop, PackedBag
from pharmacy.domain.errors import NotFound
from pharmacy.domain.formatting import quantity
from pharmacy.inventory.models import Lot
from pharmacy.printing.models import PrintedPaper


@dataclass(frozen=True)
class TracedBag:
    """One bag that a lot went into, or was scanned for, and where it is now."""

    bag: Bag
    volume_ml: Decimal | None
    stop: DeliveryStop | None


@dataclass(frozen=True)
class LotTrace:
    """A lot with every bag it reached."""

    lot: Lot
    bags: list[TracedBag]


@dataclass(frozen=True)
class Step:
    """One thing that somebody did to a bag."""

    at: datetime
    who: str
    what: str


@dataclass(frozen=True)
class BagTrace:
    """A bag with every lot in it, every delivery, and every step in order of time."""

    bag: Bag
    stops: list[PackedBag]
    steps: list[Step]


def trace_lot(session: Session, number: str, *, site_id: int) -> list[LotTrace]:
    """Trace every lot of this number at a site; raises NotFound when there is none."""
    wanted = number.strip().upper()
    lots = session.scalars(
        select(Lot).where(func.upper(Lot.number) == wanted, Lot.site_id == site_id).order_by(Lot.id)
    ).all()
    if not lots:
        raise NotFound(f"No lot {number.strip()} has been received at this site.")
    ids = [lot.id for lot in lots]
    volumes = _volumes(session, ids)
    scanned = {
        (lot_id, bag_id)
        for lot_id, bag_id in session.execute(
            select(Scan.lot_id, Scan.bag_id).where(
                Scan.lot_id.in_(ids), Scan.bag_id.is_not(None), Scan.undone_at.is_(None)
            )
        )
    }
    reached = sorted(set(volumes) | scanned)
    bags = _bags(session, {bag_id for _, bag_id in reached})
    stops = _stops(session, set(bags))
    return [
        LotTrace(
            lot,
            [
                TracedBag(bags[bag_id], volumes.get((lot_id, bag_id)), stops.get(bag_id))
                for lot_id, bag_id in reached
                if lot_id == lot.id
            ],
        )
        for lot in lots
    ]


def _volumes(session: Session, lot_ids: list[int]) -> dict[tuple[int, int], Decimal]:
    rows = session.execute(
        select(BagComponent.lot_id, BagComponent.bag_id, func.sum(BagComponent.volume_ml))
        .where(BagComponent.lot_id.in_(lot_ids))
        .group_by(BagComponent.lot_id, BagComponent.bag_id)
    )
    return {(lot_id, bag_id): volume for lot_id, bag_id, volume in rows}


def _bags(session: Session, ids: set[int]) -> dict[int, Bag]:
    found = session.scalars(
        select(Bag).where(Bag.id.in_(ids)).options(joinedload(Bag.patient), joinedload(Bag.worksheet))
    )
    return {bag.id: bag for bag in found.unique()}


def _stops(session: Session, bag_ids: set[int]) -> dict[int, DeliveryStop]:
    rows = session.execute(
        select(PackedBag.bag_id, DeliveryStop)
        .join(DeliveryStop, PackedBag.stop_id == DeliveryStop.id)
        .where(PackedBag.bag_id.in_(bag_ids), PackedBag.taken_out_at.is_(None))
        .options(joinedload(DeliveryStop.batch))
        .order_by(PackedBag.id)
    )
    return {bag_id: stop for bag_id, stop in rows}


def trace_bag(session: Session, serial: str, *, site_id: int) -> BagTrace:
    """Trace one bag by its serial; raises NotFound when the site has none."""
    bag = session.scalar(
        select(Bag)
        .where(Bag.serial == serial.strip().upper(), Bag.site_id == site_id)
        .options(
            joinedload(Bag.patient),
            joinedload(Bag.worksheet).selectinload(Worksheet.scans),
            joinedload(Bag.order_version),
            selectinload(Bag.components).joinedload(BagComponent.opened_container),
            selectinload(Bag.checks),
            selectinload(Bag.labels),
            selectinload(Bag.inspections),
            selectinload(Bag.shortenings),
        )
    )
    if bag is None:
        raise NotFound(f"No bag {serial.strip()} has been made at this site.")
    stops = list(
        session.scalars(
            select(PackedBag)
            .where(PackedBag.bag_id == bag.id)
            .options(
                joinedload(PackedBag.stop).joinedload(DeliveryStop.batch), joinedload(PackedBag.packed_by)
            )
            .order_by(PackedBag.id)
        )
    )
    steps = sorted(_steps(session, bag, stops), key=lambda step: step.at)
    return BagTrace(bag, stops, steps)


def _steps(session: Session, bag: Bag, stops: list[PackedBag]) -> Iterator[Step]:
    yield from _worksheet_steps(bag)
    yield from _station_steps(bag)
    yield from _status_steps(session, bag)
    yield from _paper_steps(session, bag)
    for packed in stops:
        stop = packed.stop
        yield Step(packed.packed_at, packed.packed_by.name, f"packed for {stop.batch.serial}")
        if packed.taken_out_at:
            yield Step(packed.taken_out_at, "", f"taken out of the box: {packed.taken_out_because}")
        elif stop.finished_at and stop.received_by:
            yield Step(
                stop.finished_at,
                stop.batch.driver.name,
                f"delivered to {stop.received_by} ({stop.received_relationship})",
            )


def _signed(signature: Signature | None, what: str) -> Iterator[Step]:
    if signature:
        yield Step(signature.signed_at, signature.printed_name, f"{what} ({signature.meaning})")


def _worksheet_steps(bag: Bag) -> Iterator[Step]:
    sheet, order = bag.worksheet, bag.order_version
    yield Step(order.entered_at, order.entered_by.name, f"entered version {order.version} of the order")
    yield from _signed(order.verification, "verified the order")
    yield Step(sheet.opened_at, sheet.opened_by.name, f"opened worksheet {sheet.serial}")
    yield from _signed(sheet.check, "checked the worksheet")
    if sheet.started_at and sheet.started_by:
        yield Step(sheet.started_at, sheet.started_by.name, "started preparation")
    yield from _signed(sheet.release, "released the worksheet")


def _station_steps(bag: Bag) -> Iterator[Step]:
    for scan in bag.worksheet.scans:
        if scan.bag_id == bag.id:
            undone = f", undone: {scan.undone_because}" if scan.undone_at else ""
            yield Step(
                scan.at, scan.person.name, f"scanned {scan.product.drug} lot {scan.lot.number}{undone}"
            )
    for check in bag.checks:
        yield Step(check.first_at, check.first_by.name, f"drew {quantity(check.first_ml, 'mL')}")
        if check.second_at and check.second_by and check.second_ml is not None:
            words = "agrees" if check.agrees else "differs: stopped"
            yield Step(
                check.second_at,
                check.second_by.name,
                f"checked the volume independently: {quantity(check.second_ml, 'mL')}, {words}",
            )
    for seen in bag.inspections:
        why = f": {seen.reason}" if seen.reason else ""
        yield Step(seen.at, seen.person.name, f"inspected: {seen.outcome.value}{why}")
    for short in bag.shortenings:
        yield Step(short.at, short.person.name, f"shortened the beyond-use date: {short.reason}")


def _status_steps(session: Session, bag: Bag) -> Iterator[Step]:
    rows = session.scalars(
        select(StatusChange).where(StatusChange.record_type == "bag", StatusChange.record_id == bag.id)
    )
    for row in rows:
        why = f": {row.reason}" if row.reason else ""
        yield Step(row.at, row.person.name, f"bag became {row.to_status.replace('_', ' ')}{why}")


def _paper_steps(session: Session, bag: Bag) -> Iterator[Step]:
    ids = {label.paper_id for label in bag.labels}
    papers = session.scalars(
        select(PrintedPaper).where(PrintedPaper.id.in_(ids)).options(defer(PrintedPaper.content))
    )
    for paper in papers:
        why = f", again: {paper.reason}" if paper.reason else ""
        yield Step(paper.printed_at, paper.printed_by.name, f"printed the label on {paper.serial}{why}")
