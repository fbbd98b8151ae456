"""The list of a recall: whom to call with which bags, whom to tell, and where every bag is."""

from __future__ import annotations

from dataclasses import dataclass

from labels.blocks import Block, Column, Facts, Heading, Prose, Table
from labels.cells import Code, Line
from labels.finished import Printed, finished
from labels.sheet import Sheet, render

WRITING = 9.0


@dataclass(frozen=True, kw_only=True)
class PatientToCall:
    """A patient with bags at home: how to reach them, which bags, and what was tried."""

    name: str
    phone: str
    bags: str
    delivered: str
    tried: str


@dataclass(frozen=True, kw_only=True)
class PrescriberToTell:
    """A prescriber of such patients, and what was told."""

    name: str
    phone: str
    patients: str
    told: str


@dataclass(frozen=True, kw_only=True)
class BagReached:
    """A bag that the recalled lots reached, and where it is."""

    serial: str
    stands: str
    place: str
    start_before: str
    patient: str
    delivery: str


@dataclass(frozen=True, kw_only=True)
class RecallList(Printed):
    """A recall as it stands; a drill says so on every page by its `watermark`."""

    recall: str
    lots: tuple[str, ...]
    urgency: str
    source: str
    opened: str
    reason: str
    instructions: str
    count: str
    patients: tuple[PatientToCall, ...] = ()
    prescribers: tuple[PrescriberToTell, ...] = ()
    bags: tuple[BagReached, ...] = ()
    watermark: str = ""


def render_recall_list(recall: RecallList) -> bytes:
    """Return the list of a recall as a PDF on as many letter-size pages as it needs.

    Refuses a missing text and a character that cannot be printed (`CannotPrint`) and a text without room
    (`DoesNotFit`), naming the field.
    """
    recall = finished(recall)
    return render(
        Sheet(
            document=recall,
            title="Recall list",
            identity=f"{recall.recall} · {recall.count}",
            watermark=recall.watermark,
            blocks=(*_facts(recall), *_patients(recall), *_prescribers(recall), *_bags(recall)),
        )
    )


def _facts(recall: RecallList) -> tuple[Block, ...]:
    return (
        Facts((("Urgency", recall.urgency), ("Comes from", recall.source), ("Opened", recall.opened))),
        Prose("lots", recall.lots, mark="•"),
        Facts((("Reason", recall.reason), ("What to do", recall.instructions)), columns=2),
    )


def _patients(recall: RecallList) -> tuple[Block, ...]:
    columns = (
        Column("Patient", 1.3),
        Column("Phone", 1.0),
        Column("Bags, start before", 2.2),
        Column("Delivered", 1.2),
        Column("Tried", 1.5),
        Column("Reached, said", 1.5),
    )
    rows = tuple(
        (one.name, one.phone, one.bags, one.delivered, one.tried, Line(WRITING)) for one in recall.patients
    )
    none = "No bag is open at a patient's home."
    return (Heading("Patients to call"), Table("patients", columns, rows, none=none))


def _prescribers(recall: RecallList) -> tuple[Block, ...]:
    columns = (Column("Prescriber", 1.4), Column("Phone"), Column("Patients", 2), Column("Told", 2))
    rows = tuple((one.name, one.phone, one.patients, one.told) for one in recall.prescribers)
    return (Heading("Prescribers to tell"), Table("prescribers", columns, rows, none="Nobody."))


def _bags(recall: RecallList) -> tuple[Block, ...]:
    columns = (
        Column("Bag", 1.1),
        Column("In the recall", 1.4),
        Column("Where it is", 1.4),
        Column("Start before", 1.5),
        Column("Patient", 1.4),
        Column("Delivery", 1.5),
    )
    rows = tuple(
        (Code(one.serial), one.stands, one.place, one.start_before, one.patient, one.delivery)
        for one in recall.bags
    )
    return (Heading("Every bag"), Table("bags", columns, rows, none="No bag was reached."))
