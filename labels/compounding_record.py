"""The compounding record: everything about one preparation, as it was, for whoever asks in two years."""

from __future__ import annotations

from dataclasses import dataclass

from labels.blocks import Block, Column, Facts, Heading, Prose, Table
from labels.cells import Code
from labels.finished import Printed, finished
from labels.rows import Check, Signature, Step, arithmetic, checks, signatures
from labels.sheet import Sheet, render


@dataclass(frozen=True, kw_only=True)
class Component:
    """One lot of one component as it was used; a component from two lots is two rows."""

    name: str
    strength: str
    product_code: str
    vendor: str
    lot: str
    expires: str
    amount: str
    first_entry: str = ""
    waste: str = ""


@dataclass(frozen=True, kw_only=True)
class Equipment:
    """A device or consumable that was used, with what identifies it."""

    name: str
    identity: str


@dataclass(frozen=True, kw_only=True)
class BagMade:
    """One unit of the final yield."""

    serial: str
    volume: str
    weight: str = ""
    inspection: str
    disposition: str


@dataclass(frozen=True, kw_only=True)
class Participant:
    """A person who took part, and in what."""

    name: str
    role: str
    part: str
    competence: str = ""


@dataclass(frozen=True, kw_only=True)
class Addendum:
    """A correction made after verification; the record itself stays as it was."""

    what: str
    old_value: str
    new_value: str
    reason: str
    by: str
    at: str


@dataclass(frozen=True, kw_only=True)
class CompoundingRecord(Printed):
    """A compounding record; every value is a finished text without its caption.

    `label_copy` is the text of the label, line by line. A field with a default may be empty: a list then says
    so (`None recorded.`), a single fact is left out.
    """

    record_id: str
    patient_name: str
    date_of_birth: str
    patient_number: str
    rx_number: str
    order_version: str
    prescriber: str
    preparation: str
    strength: str
    dosage_form: str
    formula: str
    category: str
    started_at: str
    finished_at: str
    cabinet: str
    room: str
    room_conditions: str
    participants: tuple[Participant, ...]
    components: tuple[Component, ...]
    equipment: tuple[Equipment, ...]
    instructions: tuple[str, ...]
    calculations: tuple[Step, ...]
    total_quantity: str
    final_yield: str
    bags: tuple[BagMade, ...]
    beyond_use: str
    beyond_use_basis: str
    storage: str
    stability_reference: str
    quality_checks: tuple[Check, ...]
    label_counts: str
    label_copy: tuple[str, ...]
    reconciliation: tuple[str, ...] = ()
    steps_done: tuple[str, ...] = ()
    photographs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    deviations: tuple[str, ...] = ()
    problems_reported: tuple[str, ...] = ()
    record_digest: str = ""
    added_later: tuple[str, ...] = ()
    addenda: tuple[Addendum, ...] = ()
    signatures: tuple[Signature, ...]
    watermark: str = ""


def render_compounding_record(record: CompoundingRecord) -> bytes:
    """Return the record as a PDF on as many letter-size pages as it needs.

    Refuses a missing text and a character that cannot be printed (`CannotPrint`) and a text without room
    (`DoesNotFit`), naming the field. The items are those of USP <797> with those that Wisconsin adds.
    """
    record = finished(record)
    return render(
        Sheet(
            document=record,
            title="Compounding record",
            identity=f"{record.record_id} · {record.patient_name} · born {record.date_of_birth}",
            watermark=record.watermark,
            blocks=(
                *_preparation(record),
                *_components(record),
                *_making(record),
                *_yield(record),
                *checks(record.quality_checks, title="Quality checks and inspection"),
                *_labels(record),
                *_events(record),
                *_addenda(record),
                *signatures(record.signatures),
            ),
        )
    )


def _preparation(record: CompoundingRecord) -> tuple[Block, ...]:
    return (
        Heading("Preparation"),
        Facts(
            (
                ("Preparation", record.preparation),
                ("Strength", record.strength),
                ("Dosage form", record.dosage_form),
                ("Record", record.record_id),
                ("Master formulation record", record.formula),
                ("Category and method", record.category),
                ("Patient", record.patient_name),
                ("Date of birth", record.date_of_birth),
                ("Patient number", record.patient_number),
                ("Rx", record.rx_number),
                ("Order version", record.order_version),
                ("Prescriber", record.prescriber),
                ("Preparation started", record.started_at),
                ("Preparation finished", record.finished_at),
                ("Cabinet", record.cabinet),
                ("Room", record.room),
                ("Room conditions", record.room_conditions),
            )
        ),
        Heading("People"),
        Table(
            "participants",
            (
                Column("Name", 1.2),
                Column("Role", 1.6),
                Column("Part in the preparation", 2),
                Column("Competent then", 2),
            ),
            tuple((one.name, one.role, one.part, one.competence) for one in record.participants),
        ),
    )


def _components(record: CompoundingRecord) -> tuple[Block, ...]:
    columns = (
        Column("Component and strength", 2.2),
        Column("Product code", 1.5),
        Column("Vendor", 1.4),
        Column("Lot", 1.1),
        Column("Expires", 1.1),
        Column("Amount used", 1.1),
        Column("First entry", 1.4),
        Column("Waste", 1),
    )
    rows = tuple(
        (
            f"{one.name} {one.strength}",
            Code(one.product_code),
            one.vendor,
            Code(one.lot),
            one.expires,
            one.amount,
            one.first_entry,
            one.waste,
        )
        for one in record.components
    )
    return (Heading("Components"), Table("components", columns, rows))


def _making(record: CompoundingRecord) -> tuple[Block, ...]:
    return (
        Heading("Equipment and supplies"),
        Table(
            "equipment",
            (Column("Item", 2), Column("Identity, lot or serial", 2)),
            tuple((one.name, one.identity) for one in record.equipment),
        ),
        *arithmetic(record.calculations),
        Heading("Mixing instructions"),
        Prose("instructions", record.instructions, numbered=True),
    )


def _yield(record: CompoundingRecord) -> tuple[Block, ...]:
    return (
        Heading("Yield, beyond-use date and storage"),
        Facts(
            (
                ("Total quantity", record.total_quantity),
                ("Final yield", record.final_yield),
                ("Storage", record.storage),
            )
        ),
        Facts((("Beyond-use date: start before", record.beyond_use),), columns=1),
        Facts(
            (("Basis", record.beyond_use_basis), ("Stability reference", record.stability_reference)),
            columns=1,
        ),
        Table(
            "bags",
            (
                Column("Serial", 1.3),
                Column("Volume"),
                Column("Weight", 1.4),
                Column("Inspection", 2),
                Column("Disposition"),
            ),
            tuple(
                (Code(bag.serial), bag.volume, bag.weight, bag.inspection, bag.disposition)
                for bag in record.bags
            ),
        ),
    )


def _labels(record: CompoundingRecord) -> tuple[Block, ...]:
    return (
        Heading("Labels"),
        Facts((("Printed, used and destroyed", record.label_counts),), columns=1),
        Heading("Bags and labels counted"),
        Prose("reconciliation", record.reconciliation or ("None recorded.",)),
        Heading("Copy of the label"),
        Prose("label copy", record.label_copy),
    )


def _events(record: CompoundingRecord) -> tuple[Block, ...]:
    none = ("None recorded.",)
    return (
        Heading("Steps confirmed at the station"),
        Prose("steps done", record.steps_done or none),
        Heading("Photographs on file"),
        Prose("photographs", record.photographs or none),
        Heading("Notes and handovers"),
        Prose("notes", record.notes or none),
        Heading("Deviations"),
        Prose("deviations", record.deviations or none),
        Heading("Adverse reactions and preparation problems reported"),
        Prose("problems reported", record.problems_reported or none),
    )


def _addenda(record: CompoundingRecord) -> tuple[Block, ...]:
    columns = (
        Column("What", 1.2),
        Column("Old value", 1.4),
        Column("New value", 1.4),
        Column("Reason", 1.8),
        Column("By", 1.2),
        Column("Date and time", 1.1),
    )
    rows = tuple(
        (one.what, one.old_value, one.new_value, one.reason, one.by, one.at) for one in record.addenda
    )
    return (
        Heading("After the release was signed"),
        *_digest(record.record_digest),
        Prose("added later", record.added_later or ("Nothing was added.",)),
        Heading("Addenda"),
        Table("addenda", columns, rows),
    )


def _digest(digest: str) -> tuple[Block, ...]:
    return (Facts((("Digest of the record", digest),), columns=1),) if digest else ()
