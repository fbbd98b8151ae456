"""The compounding worksheet on paper: what to make, how, and room to write down what was done."""

from __future__ import annotations

from dataclasses import dataclass

from labels.blocks import Block, Column, Facts, Heading, Prose, Table
from labels.cells import Blank, Cell, Code, Line, Lines, Tick, Words
from labels.drawing import Type
from labels.finished import Printed, finished
from labels.rows import Signature, Step, arithmetic, lines_to_sign, signatures
from labels.sheet import Sheet, render

AMOUNT, SMALL = Type(12, bold=True), Type(8)
WRITING = 8.0
ROLES = (
    "Compounded by",
    "Ingredients and volumes checked before addition by",
    "Final check and release by pharmacist",
)


@dataclass(frozen=True, kw_only=True)
class Ingredient:
    """One component with the lot that is planned for it, and the amounts for one bag and for all."""

    name: str
    strength: str
    product_code: str
    amount_per_bag: str
    amount_total: str
    containers: str
    planned_lot: str = ""
    expires: str = ""


@dataclass(frozen=True, kw_only=True)
class BagPlanned:
    """One bag to make: its serial and the weight that it must have."""

    bag: str
    serial: str
    expected_weight: str = ""
    accepted_range: str = ""


@dataclass(frozen=True, kw_only=True)
class WorksheetPaper(Printed):
    """A worksheet for one preparation; every value is a finished text without its caption.

    `volume_method` says in words whether diluent is withdrawn; `beyond_use_rule` how the date follows from
    the start that is written down. A field with a default may be empty.
    """

    worksheet_id: str
    patient_name: str
    date_of_birth: str
    patient_number: str
    allergies: str
    rx_number: str
    order_version: str
    prescriber: str
    high_alert: str = ""
    preparation: str
    dose: str
    strength: str
    dosage_form: str
    formula: str
    category: str
    container: str
    volume_method: str
    bags_to_make: str
    make_on: str
    made_in: str = ""
    ingredients: tuple[Ingredient, ...]
    equipment: tuple[str, ...]
    calculations: tuple[Step, ...]
    instructions: tuple[str, ...]
    bags: tuple[BagPlanned, ...]
    inspection: tuple[str, ...]
    beyond_use_rule: str
    storage: str
    signatures: tuple[Signature, ...] = ()
    watermark: str = ""


def render_worksheet(worksheet: WorksheetPaper) -> bytes:
    """Return the worksheet as a PDF on as many letter-size pages as it needs.

    Refuses a missing text and a character that cannot be printed (`CannotPrint`) and a text without room
    (`DoesNotFit`), naming the field.
    """
    worksheet = finished(worksheet)
    return render(
        Sheet(
            document=worksheet,
            title="Compounding worksheet",
            identity=(
                f"{worksheet.worksheet_id} · {worksheet.patient_name} · born {worksheet.date_of_birth}"
            ),
            watermark=worksheet.watermark,
            blocks=(
                *_preparation(worksheet),
                *_ingredients(worksheet),
                *arithmetic(worksheet.calculations),
                *_steps(worksheet),
                *_bags(worksheet),
                *_beyond_use(worksheet),
                *signatures(worksheet.signatures),
                *lines_to_sign(ROLES),
            ),
        )
    )


def _preparation(worksheet: WorksheetPaper) -> tuple[Block, ...]:
    high_alert = (worksheet.high_alert,) if worksheet.high_alert else ()
    return (
        Prose("high alert", high_alert, AMOUNT),
        Heading("Make"),
        Facts((("Preparation", worksheet.preparation), ("Bags to make", worksheet.bags_to_make)), 2, AMOUNT),
        Facts(
            (
                ("Dose in each bag", worksheet.dose),
                ("Strength", worksheet.strength),
                ("Dosage form", worksheet.dosage_form),
                ("Container", worksheet.container),
                ("Volume method", worksheet.volume_method),
                ("Make on", worksheet.make_on),
                ("Made in", worksheet.made_in),
                ("Master formulation record", worksheet.formula),
                ("Category and method", worksheet.category),
                ("Prescriber", worksheet.prescriber),
                ("Rx", worksheet.rx_number),
                ("Order version", worksheet.order_version),
                ("Patient number", worksheet.patient_number),
                ("Allergies", worksheet.allergies),
            )
        ),
    )


def _ingredients(worksheet: WorksheetPaper) -> tuple[Block, ...]:
    columns = (
        Column("Ingredient", 2),
        Column("For each bag", 1.2),
        Column("For all bags", 1.2),
        Column("Planned lot", 1.4),
        Column("Lot used", 1.4),
        Column("Expires", 1.2),
        Column("First entry", 1.1),
        Column("Checked", 0.9),
    )
    rows: tuple[tuple[str | Cell, ...], ...] = tuple(
        (
            Lines(
                (Words(f"{one.name} {one.strength}", Type(9.5, bold=True)), Words(one.product_code, SMALL))
            ),
            Words(one.amount_per_bag, AMOUNT),
            Lines((Words(one.amount_total, Type(9.5, bold=True)), Words(one.containers, SMALL))),
            Lines((Words(one.planned_lot, Type(9)), Words(one.expires, SMALL))),
            *(Blank(WRITING) for _ in columns[4:]),
        )
        for one in worksheet.ingredients
    )
    return (
        Heading("Ingredients"),
        Table("ingredients", columns, rows),
        Heading("Equipment and supplies"),
        Prose("equipment", worksheet.equipment, to_tick=True),
    )


def _steps(worksheet: WorksheetPaper) -> tuple[Block, ...]:
    rows = tuple(
        (f"{number}", Words(text, Type(10)), Line(6), Line(6))
        for number, text in enumerate(worksheet.instructions, start=1)
    )
    columns = (Column("Step", 0.5), Column("Instruction", 5), Column("Done by"), Column("Checked by"))
    return (Heading("Steps"), Table("instructions", columns, rows))


def _bags(worksheet: WorksheetPaper) -> tuple[Block, ...]:
    columns = (
        Column("Bag", 0.8),
        Column("Serial", 1.6),
        Column("Expected weight", 1.4),
        Column("Weight", 1.2),
        Column("Volume added", 1.2),
        Column("Label on", 0.8),
        Column("Inspected by", 1.2),
    )
    rows = tuple(
        (
            one.bag,
            Code(one.serial),
            Lines((Words(one.expected_weight, Type(9)), Words(one.accepted_range, SMALL))),
            Blank(WRITING),
            Blank(WRITING),
            Tick(),
            Blank(WRITING),
        )
        for one in worksheet.bags
    )
    return (
        Heading("Bags"),
        Table("bags", columns, rows),
        Heading("Inspect each bag"),
        Prose("inspection", worksheet.inspection, to_tick=True),
    )


def _beyond_use(worksheet: WorksheetPaper) -> tuple[Block, ...]:
    titles = ("Preparation started (date and time)", "Preparation finished", "Start before (date and time)")
    return (
        Heading("Beyond-use date"),
        Facts((("Rule", worksheet.beyond_use_rule), ("Storage", worksheet.storage)), 2),
        Table("beyond-use date", tuple(map(Column, titles)), ((Blank(WRITING),) * len(titles),)),
    )
