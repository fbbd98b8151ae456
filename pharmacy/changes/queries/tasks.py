"""What a change asks for: each task with the page on which it is done, and what shows that it is not done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from pharmacy.compounding.models import Bag, BagLabelCopy, Worksheet
from pharmacy.compounding.queries import find_label_in_use
from pharmacy.delivery.models import DeliveryStop, PackedBag
from pharmacy.domain.change_impact import Becomes, Subject
from pharmacy.domain.formatting import counted
from pharmacy.domain.statuses import BagStatus, StopStatus, WorksheetStatus
from pharmacy.prescriptions.models import ChangeTask, OrderVersion
from pharmacy.prescriptions.queries import find_version_in_force, list_tasks

Model = TypeVar("Model", bound=Any)
_NOT_STARTED = (WorksheetStatus.PROPOSED, WorksheetStatus.CHECKED)


@dataclass(frozen=True, slots=True)
class Place:
    """Name the page on which a task is done: its endpoint with the arguments, and the words of the link."""

    endpoint: str
    words: str
    arguments: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShownTask:
    """Hold a task with its place; `not_done` says what the records show to be open still."""

    task: ChangeTask
    place: Place
    not_done: str | None


@dataclass(frozen=True, slots=True)
class _Subjects:
    """Hold the records that the tasks of one change are about."""

    bags: dict[int, Bag]
    boxes: dict[int, PackedBag]
    stops: dict[int, DeliveryStop]
    worksheets: dict[int, Worksheet]
    copies: dict[int, BagLabelCopy]
    in_force: OrderVersion | None

    def get_worksheet_id(self, task: ChangeTask) -> int:
        """Return the worksheet on whose page a bag or a label is dealt with."""
        bag_id = task.subject_id or 0
        if task.subject_type == Subject.LABEL:
            bag_id = self.copies[bag_id].bag_id
        return self.bags[bag_id].worksheet_id


def list_shown_tasks(session: Session, version: OrderVersion) -> list[ShownTask]:
    """List what a change asks for, in the order in which it is done."""
    tasks = list_tasks(session, version.id)
    subjects = _read_subjects(session, version, tasks)
    return [
        ShownTask(
            one, _find_place(one, version, subjects), _find_open(one, subjects) if not one.done_at else None
        )
        for one in tasks
    ]


def _read_subjects(session: Session, version: OrderVersion, tasks: list[ChangeTask]) -> _Subjects:
    ids: dict[str, set[int]] = {subject.value: set() for subject in Subject}
    for task in tasks:
        if task.subject_id is not None:
            ids[task.subject_type].add(task.subject_id)
    copies = _by_id(session, BagLabelCopy, ids[Subject.LABEL])
    bags = ids[Subject.BAG] | {one.bag_id for one in copies.values()}
    boxes = session.scalars(
        select(PackedBag).where(PackedBag.bag_id.in_(bags), PackedBag.taken_out_at.is_(None))
    )
    stops = session.scalars(
        select(DeliveryStop)
        .where(
            DeliveryStop.planned_delivery_id.in_(ids[Subject.DELIVERY]),
            DeliveryStop.status.in_([StopStatus.OPEN, StopStatus.PACKED]),
        )
        .options(joinedload(DeliveryStop.batch))
    )
    return _Subjects(
        bags=_by_id(session, Bag, bags, selectinload(Bag.labels)),
        boxes={one.bag_id: one for one in boxes},
        stops={one.planned_delivery_id: one for one in stops},
        worksheets=_by_id(session, Worksheet, ids[Subject.WORKSHEET], selectinload(Worksheet.bags)),
        copies=copies,
        in_force=find_version_in_force(session, version.order_id),
    )


def _by_id(session: Session, model: type[Model], ids: Iterable[int], *options: Any) -> dict[int, Model]:
    found = session.scalars(select(model).where(model.id.in_(ids)).options(*options))
    return {one.id: one for one in found}


def _find_place(task: ChangeTask, version: OrderVersion, subjects: _Subjects) -> Place:
    match task.subject_type:
        case Subject.WORKSHEET:
            worksheet = subjects.worksheets[task.subject_id or 0]
            arguments = {"worksheet_id": worksheet.id}
            if worksheet.status in _NOT_STARTED:
                return Place("compounding.cancel_worksheet", "Cancel the worksheet", arguments)
            return Place("compounding.show_worksheet", "Show the worksheet", arguments)
        case Subject.BAG if (box := subjects.boxes.get(task.subject_id or 0)) is not None:
            return Place("delivery.show_stop", "Take it out of its box", {"stop_id": box.stop_id})
        case Subject.BAG | Subject.LABEL:
            worksheet_id = subjects.get_worksheet_id(task)
            return Place("compounding.show_worksheet", "Show its worksheet", {"worksheet_id": worksheet_id})
        case Subject.DELIVERY if (stop := subjects.stops.get(task.subject_id or 0)) is not None:
            return Place("delivery.show_stop", "Cancel its stop", {"stop_id": stop.id})
        case Subject.DOSES | Subject.DELIVERY:
            return Place("dispensing.list_plans", "Count at home and plan", {"order_id": version.order_id})
        case Subject.BAG_AT_HOME if task.kind == Becomes.EXPIRING:
            return Place("dispensing.record_count", "Count at home", {"order_id": version.order_id})
        case _:
            return Place("pumps.prepare_sheet", "Make the new sheet and calendar", {"version_id": version.id})


def _find_open(task: ChangeTask, subjects: _Subjects) -> str | None:
    """Find what the records show not to be done yet; most of what is told a patient leaves no record."""
    if task.done_at is not None:
        return None
    match task.subject_type:
        case Subject.WORKSHEET:
            return _find_open_worksheet(task, subjects.worksheets[task.subject_id or 0])
        case Subject.LABEL if subjects.copies[task.subject_id or 0].destroyed_at is None:
            return "The label is not destroyed yet."
        case Subject.DELIVERY if (stop := subjects.stops.get(task.subject_id or 0)) is not None:
            return f"Stop {stop.position} of batch {stop.batch.serial} is not cancelled yet."
        case Subject.BAG:
            return _find_open_bag(task, subjects.bags[task.subject_id or 0], subjects.in_force)
        case _:
            return None


def _find_open_worksheet(task: ChangeTask, worksheet: Worksheet) -> str | None:
    if worksheet.status in _NOT_STARTED:
        return f"Worksheet {worksheet.serial} is not cancelled yet."
    planned = sum(bag.status is BagStatus.PLANNED for bag in worksheet.bags)
    if task.kind != Becomes.CHECK_AGAIN and planned:
        return f"{counted(planned, 'bag')} of worksheet {worksheet.serial} not given up yet."
    return None


def _find_open_bag(task: ChangeTask, bag: Bag, in_force: OrderVersion | None) -> str | None:
    if bag.status is BagStatus.PACKED:
        return f"Bag {bag.serial} still lies in its box."
    if task.kind != Becomes.OLD_DIRECTIONS or bag.status is not BagStatus.RELEASED or in_force is None:
        return None
    label = find_label_in_use(bag)
    if label is None or label.applied_at is None or label.order_version_id != in_force.id:
        return f"No label with the new directions was scanned on bag {bag.serial} yet."
    return None
