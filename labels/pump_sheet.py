"""The pump programming sheet: what each screen must show, read back twice, and a page for the patient."""

from __future__ import annotations

from dataclasses import dataclass

from labels.blocks import Block, Column, Facts, Heading, Kept, NewPage, Prose, Table
from labels.cells import Blank, Shown, Words
from labels.drawing import Type
from labels.finished import Printed, finished
from labels.month_grid import Month, MonthGrid, least_height
from labels.rows import Signature, Step, arithmetic, lines_to_sign, signatures
from labels.sheet import Sheet, render

FIELD = Type(10, bold=True)
PATIENT, PATIENT_BOLD = Type(13), Type(14, bold=True)
READ_BACK = 15.0
ROLES = (
    "Prepared by",
    "Verified by pharmacist",
    "Pump programmed by",
    "Second check on the pump's screen by",
    "Nurse at the first start",
)


@dataclass(frozen=True, kw_only=True)
class ProgramRow:
    """One screen of the pump, in its order and its own words.

    `value` is the calculated value, `shown` what the screen must show (`10.0 mL/hr`), `spelled` the same in
    words, `source` whether it is `entered` or `derived` by the pump.
    """

    screen: str
    field: str
    value: str
    shown: str
    spelled: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A named setting or fact."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found about the program, how grave it is, and what the pharmacist said to it."""

    severity: str
    finding: str
    answer: str = ""


@dataclass(frozen=True, kw_only=True)
class PatientSection:
    """A part of the patient's page: a question or task, and sentences in plain language."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PumpSheet(Printed):
    """A pump programming sheet; every value is a finished text without its caption.

    `document_serial` is the sheet's number; `watermark` (`VOID`, `UNVERIFIED PUMP PROFILE – NOT FOR PATIENT
    USE`) lies across every page; `digest` seals the program. No access code has a place here.
    """

    version: str
    supersedes: str = ""
    watermark: str = ""
    digest: str
    patient_name: str
    date_of_birth: str
    patient_number: str
    allergies: str
    weight: str
    rx_number: str
    prescriber: str
    ordered_on: str
    drug: str
    dose: str
    route: str
    frequency: str
    duration: str
    start_date: str
    directions: str
    product: str
    amount: str
    nominal_volume: str
    content_volume: str
    concentration: str
    volume_method: str
    lot: str
    beyond_use: str
    storage: str
    pump_model: str
    pump_serial: str
    pump_asset: str
    pump_software: str
    pump_library: str = ""
    mode: str
    administration_set: str
    maintenance_due: str
    program: tuple[ProgramRow, ...]
    program_rule: str
    arithmetic: tuple[Step, ...]
    reservoir: tuple[Step, ...]
    alarms: tuple[Setting, ...]
    site: tuple[Setting, ...]
    findings: tuple[Finding, ...] = ()
    months: tuple[Month, ...]
    calendar_summary: str
    supplies: tuple[Setting, ...]
    patient_sections: tuple[PatientSection, ...]
    patient_call: str
    signatures: tuple[Signature, ...] = ()


def render_pump_sheet(sheet: PumpSheet) -> bytes:
    """Return the programming sheet as a PDF; the patient's page is the last.

    Refuses a missing text, a day under the wrong day of the week (`CannotPrint`) and a text without room
    (`DoesNotFit`), naming the field.
    """
    sheet = finished(sheet)
    return render(
        Sheet(
            document=sheet,
            title="Pump programming sheet",
            identity=f"{sheet.patient_name} · born {sheet.date_of_birth} · version {sheet.version}",
            watermark=sheet.watermark,
            blocks=(
                *_order(sheet),
                *_product_and_pump(sheet),
                *_program(sheet),
                *arithmetic(sheet.arithmetic, title="Arithmetic"),
                *arithmetic(sheet.reservoir, title="Reservoir budget"),
                *_findings(sheet),
                *_settings(sheet),
                *_calendar(sheet),
                *signatures(sheet.signatures),
                *lines_to_sign(ROLES),
                Facts((("Digest of the program", sheet.digest),), 1, Type(8)),
                *_patient_page(sheet),
            ),
        )
    )


def _order(sheet: PumpSheet) -> tuple[Block, ...]:
    return (
        Facts(
            (
                ("Version", sheet.version),
                ("Supersedes", sheet.supersedes),
                ("Patient number", sheet.patient_number),
                ("Allergies", sheet.allergies),
                ("Weight", sheet.weight),
            ),
            4,
        ),
        Heading("Order"),
        Facts(
            (
                ("Drug and dose", f"{sheet.drug} {sheet.dose}"),
                ("Route", sheet.route),
                ("Frequency", sheet.frequency),
                ("Duration", sheet.duration),
                ("Rx", sheet.rx_number),
                ("Prescriber", sheet.prescriber),
                ("Ordered", sheet.ordered_on),
                ("First infusion", sheet.start_date),
            ),
            4,
        ),
        Facts((("Directions as ordered", sheet.directions),), 1),
    )


def _product_and_pump(sheet: PumpSheet) -> tuple[Block, ...]:
    return (
        Heading("Product"),
        Facts(
            (
                ("Preparation", sheet.product),
                ("Amount in the bag", sheet.amount),
                ("Concentration", sheet.concentration),
                ("Nominal volume", sheet.nominal_volume),
                ("Content of the bag", sheet.content_volume),
                ("Volume method", sheet.volume_method),
                ("Lot", sheet.lot),
                ("Start before", sheet.beyond_use),
                ("Storage", sheet.storage),
            )
        ),
        Heading("Pump"),
        Facts(
            (
                ("Model", sheet.pump_model),
                ("Serial", sheet.pump_serial),
                ("Asset", sheet.pump_asset),
                ("Mode", sheet.mode),
                ("Software", sheet.pump_software),
                ("Library", sheet.pump_library),
                ("Administration set", sheet.administration_set),
                ("Maintenance due", sheet.maintenance_due),
            ),
            4,
        ),
    )


def _program(sheet: PumpSheet) -> tuple[Block, ...]:
    columns = (
        Column("Screen and field", 1.6),
        Column("Calculated", 1.2),
        Column("The pump must show", 2.2),
        Column("", 0.8),
        Column("Read back by programmer", 1.4),
        Column("Read back by second person", 1.4),
    )
    rows = tuple(
        (
            Words(f"{row.screen}: {row.field}", FIELD),
            row.value,
            Shown(row.shown, row.spelled),
            row.source,
            Blank(READ_BACK),
            Blank(READ_BACK),
        )
        for row in sheet.program
    )
    program = (
        Heading("Program"),
        Prose("program rule", (sheet.program_rule,), FIELD),
        Table("program", columns, rows),
    )
    return (Kept(program),)


def _findings(sheet: PumpSheet) -> tuple[Block, ...]:
    return (
        Heading("Findings"),
        Table(
            "findings",
            (Column("Severity", 0.8), Column("Finding", 3), Column("Pharmacist's answer", 2)),
            tuple((one.severity, one.finding, one.answer) for one in sheet.findings),
            none="None.",
        ),
    )


def _settings(sheet: PumpSheet) -> tuple[Block, ...]:
    parts = (("Alarms and lock", sheet.alarms), ("Infusion site", sheet.site), ("Supplies", sheet.supplies))
    return tuple(
        block
        for title, settings in parts
        for block in (Heading(title), Facts(tuple((one.name, one.value) for one in settings), 4))
    )


def _calendar(sheet: PumpSheet) -> tuple[Block, ...]:
    return (
        Heading("Infusion days"),
        Prose("calendar summary", (sheet.calendar_summary,), FIELD),
        MonthGrid(sheet.months, least_height(sheet.months)),
    )


def _patient_page(sheet: PumpSheet) -> tuple[Block, ...]:
    sections = (
        Kept((Heading(section.title), Prose(section.title.lower(), section.sentences, PATIENT, mark="•")))
        for section in sheet.patient_sections
    )
    return (
        NewPage(),
        Prose("patient page", (f"For you, {sheet.patient_name}",), PATIENT_BOLD),
        *sections,
        Prose("patient call", (sheet.patient_call,), PATIENT_BOLD),
    )
