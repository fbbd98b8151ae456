"""Every step of a bag in words: who did what, when, from its order to the patient's door."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from pharmacy.accounts.models import Signature
from pharmacy.audit.models import StatusChange
from pharmacy.compounding.models import Bag
from pharmacy.delivery.models import PackedBag
from pharmacy.domain.formatting import quantity
from pharmacy.printing.models import PrintedPaper
from pharmacy.trace.queries.bench_steps import list_bench_steps, list_decided_steps
from pharmacy.trace.queries.step import Step


def list_steps(session: Session, bag: Bag, stops: list[PackedBag]) -> list[Step]:
    """List every step of a bag in order of time; `stops` are the boxes it lay in."""
    return sorted(_steps(session, bag, stops), key=lambda step: step.at)


def _steps(session: Session, bag: Bag, stops: list[PackedBag]) -> Iterator[Step]:
    yield from _worksheet_steps(bag)
    yield from _station_steps(bag)
    yield from list_bench_steps(bag)
    yield from list_decided_steps(bag)
    yield from _allocation_steps(bag)
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
    if order is not None:
        yield Step(order.entered_at, order.entered_by.name, f"entered version {order.version} of the order")
        yield from _signed(order.verification, "verified the order")
    yield Step(sheet.opened_at, sheet.opened_by.name, f"opened worksheet {sheet.serial}")
    yield from _signed(sheet.check, "checked the worksheet")
    if sheet.started_at and sheet.started_by:
        yield Step(sheet.started_at, sheet.started_by.name, "started preparation")
    yield from _signed(sheet.release, "released the worksheet")


def _allocation_steps(bag: Bag) -> Iterator[Step]:
    for one in bag.allocations:
        rx = one.order_version.order.rx_number
        yield Step(one.allocated_at, one.allocated_by.name, f"allocated to {one.patient.name}, Rx {rx}")
        yield from _signed(one.check, "checked the allocation")
        if one.undone_at and one.undone_by:
            yield Step(one.undone_at, one.undone_by.name, f"undid the allocation: {one.undone_because}")


def _station_steps(bag: Bag) -> Iterator[Step]:
    for scan in bag.worksheet.scans:
        if scan.bag_id == bag.id:
            undone = f", undone: {scan.undone_because}" if scan.undone_at else ""
            yield Step(
                scan.at, scan.person.name, f"scanned {scan.product.drug} lot {scan.lot.number}{undone}"
            )
    for check in bag.checks:
        drew = "drew the additive" if check.waits else f"drew {quantity(check.first_ml, 'mL')}"
        yield Step(check.first_at, check.first_by.name, drew)
        if check.second_at and check.second_by and check.second_ml is not None:
            words = "agrees" if check.agrees else "differs: stopped"
            yield Step(
                check.second_at,
                check.second_by.name,
                f"checked the volume independently: {quantity(check.second_ml, 'mL')}, {words}",
            )
    for label in bag.labels:
        if label.applied_at and label.applied_by:
            words = f"scanned copy {label.copy_number} of the label on the bag"
            yield Step(label.applied_at, label.applied_by.name, words)
        if label.destroyed_at:
            words = f"copy {label.copy_number} of the label destroyed: {label.destroyed_because}"
            yield Step(label.destroyed_at, "", words)
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
