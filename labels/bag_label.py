"""The label on one bag, 4 by 6 inches, for the patient who hangs it and the nurse who checks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labels.bands import (
    Band,
    Pair,
    Said,
    bar,
    flow,
    framed,
    hung,
    largest,
    place,
    ruled,
    space,
    stack,
    together,
)
from labels.barcode128 import LABEL_PRINTER, draw_code128
from labels.drawing import Paper, Type, wrap
from labels.errors import CannotPrint
from labels.finished import Printed, finished

WIDTH, HEIGHT, MARGIN = 101.6, 152.4, 2.5
INNER = WIDTH - 2 * MARGIN
GAPS = (0.6, 2.5)

# Nothing that decides what is infused, into whom, how and until when is smaller than 12 points.
PATIENT, PATIENT_SMALLER = Type(16, bold=True), (Type(14, bold=True), Type(12, bold=True))
DRUG = Type(18, bold=True)
CRITICAL, CRITICAL_BOLD = Type(12, spacing=1.12), Type(12, bold=True, spacing=1.12)
ROUTE = Type(13, bold=True)
START = Type(14, bold=True)
BAG = Type(15, bold=True)
PHARMACY = Type(10, bold=True)
AUXILIARY = Type(8.5, spacing=1.08)
SMALL, SMALL_BOLD = Type(7.5, spacing=1.06), Type(7.5, bold=True, spacing=1.06)
NOTICE = Type(8, bold=True)
MARKS_WIDTH = 39.0
BARCODE_WIDTH, BARCODE_HEIGHT = 60.0, 9.0


@dataclass(frozen=True, kw_only=True)
class BagLabel(Printed):
    """One bag's label; every value is the finished text without its caption (`date_of_birth="2 Apr 1979"`).

    `bag` is `2 of 5`; `start_before` has date, time and zone; `copy` is the reprint mark (`Copy 1`,
    `REPRINT 2`). A field with a default may be empty and is then left out together with its caption.
    """

    patient_name: str
    date_of_birth: str
    patient_address: str = ""
    rx_number: str
    fill: str
    high_alert: str = ""
    drug: str
    dose: str
    dose_equivalent: str = ""
    diluent: str
    diluent_volume: str
    total_volume: str
    concentration: str
    dosage_form: str
    route_line: str
    directions: str
    frequency: str
    start_before: str
    storage: str
    out_of_refrigerator: str = ""
    auxiliary: tuple[str, ...] = ()
    bag: str
    serial: str
    prepared_at: str
    dispensed_on: str = ""
    prescriber: str
    quantity: str
    authorised_remaining: str
    preparation_statement: str
    container_statement: str
    prepared_by: str
    checked_by: str
    verified_by: str
    lots: str = ""


def render_bag_labels(labels: Sequence[BagLabel]) -> bytes:
    """Draw one page for each bag label, in the order given.

    Refuses an empty list, a missing text, a character that cannot be printed (`CannotPrint`) and a text
    without room (`DoesNotFit`), naming the field; then nothing at all is printed. The fields are the union of
    the state lists for labels of sterile home infusions (Montana, Ohio, Indiana, Oregon).
    """
    if not labels:
        raise CannotPrint("There is no bag label to print.", field="bag labels")
    paper = Paper(width=WIDTH, height=HEIGHT, title="Bag labels")
    room = HEIGHT - 2 * MARGIN
    for label in map(finished, labels):
        bands = _bands(label)
        place(bands, paper, x=MARGIN, y=MARGIN, height=room, gaps=GAPS, field=_longest(label))
        paper.next_page()
    return paper.finish()


def _bands(label: BagLabel) -> list[Band]:
    """Return the parts of the label from top to bottom."""
    return [
        _header(label),
        _patient(label),
        _drug(label),
        _directions(label),
        _start_before(label),
        *_auxiliary(label),
        _identity(label),
        _small_print(label),
    ]


def _longest(label: BagLabel) -> str:
    """Name the text with the most letters of those that a person words."""
    texts = {
        "directions": label.directions,
        "frequency": label.frequency,
        "storage": label.storage,
        "out of refrigerator": label.out_of_refrigerator,
        "auxiliary": " ".join(label.auxiliary),
        "lots": label.lots,
    }
    return max(texts, key=lambda name: len(texts[name]))


def _header(label: BagLabel) -> Band:
    marks = [
        (line, said.kind)
        for said in (
            Said("copy", label.copy, SMALL_BOLD, 2),
            Said("document serial", f"Label {label.document_serial}", SMALL),
            Said("printed at", f"Printed {label.printed_at}", SMALL),
        )
        for line in wrap(said.text, width=MARKS_WIDTH, kind=said.kind, field=said.field, max_lines=said.most)
    ]
    pharmacy = stack(
        Said("pharmacy name", label.pharmacy_name, PHARMACY, 2),
        Said("pharmacy address", label.pharmacy_address, SMALL, 2),
        Said("pharmacy phone", f"24-hour pharmacist {label.pharmacy_phone}", PHARMACY, 2),
        width=INNER - MARKS_WIDTH - 1,
    )

    def draw(paper: Paper, x: float, y: float) -> None:
        pharmacy.draw(paper, x, y)
        for mark, kind in marks:
            paper.text_to(x + INNER, y, mark, kind)
            y += kind.line

    return Band(max(pharmacy.height, sum(kind.line for _, kind in marks)), draw)


def _patient(label: BagLabel) -> Band:
    return ruled(
        together(
            largest(Said("patient name", label.patient_name, PATIENT, 2), *PATIENT_SMALLER, width=INNER),
            flow(
                Pair("Date of birth", label.date_of_birth),
                Pair("Rx", label.rx_number),
                Pair("Fill", label.fill),
                width=INNER,
                caption=CRITICAL,
                value=CRITICAL_BOLD,
                between=5,
            ),
            stack(Said("patient address", label.patient_address, SMALL, 2), width=INNER),
        ),
        width=INNER,
    )


def _drug(label: BagLabel) -> Band:
    equivalent = f"({label.dose_equivalent}) " if label.dose_equivalent else ""
    return ruled(
        together(
            stack(
                Said("high alert", label.high_alert, SMALL_BOLD),
                Said("drug", f"{label.drug} {label.dose}", DRUG, 2),
                Said("diluent", f"{equivalent}in {label.diluent} {label.diluent_volume}", CRITICAL, 2),
                width=INNER,
            ),
            flow(
                Pair("Total volume", label.total_volume),
                Pair("Concentration", label.concentration),
                width=INNER,
                caption=CRITICAL,
                value=CRITICAL_BOLD,
                between=5,
            ),
            space(0.6),
            bar(Said("route line", label.route_line, ROUTE, 2), width=INNER, padding=1.2),
        ),
        width=INNER,
    )


def _directions(label: BagLabel) -> Band:
    return stack(
        Said("directions", label.directions, CRITICAL, 5),
        Said("frequency", label.frequency, CRITICAL_BOLD, 4),
        width=INNER,
    )


def _start_before(label: BagLabel) -> Band:
    padding = 1.1
    deadline = hung(
        Pair("START BEFORE", label.start_before, most=2),
        width=INNER - 2 * padding,
        caption=CRITICAL_BOLD,
        value=START,
    )
    return together(
        framed([deadline], width=INNER, padding=padding, thick=0.7),
        space(0.6),
        stack(
            Said("storage", label.storage, CRITICAL_BOLD, 2),
            Said("out of refrigerator", label.out_of_refrigerator, CRITICAL, 3),
            width=INNER,
        ),
    )


def _auxiliary(label: BagLabel) -> list[Band]:
    bullets = [
        hung(Pair("•", text, most=3, name="auxiliary"), width=INNER, caption=AUXILIARY, value=AUXILIARY)
        for text in label.auxiliary
    ]
    return [together(*bullets)] if bullets else []


def _identity(label: BagLabel) -> Band:
    beside = BARCODE_WIDTH + 1
    texts = stack(
        Said("bag", f"Bag {label.bag}", BAG, 2),
        Said("serial", label.serial, CRITICAL, 1),
        width=INNER - beside,
    )

    def draw(paper: Paper, x: float, y: float) -> None:
        draw_code128(
            paper,
            x,
            y + 0.8,
            label.serial,
            width=BARCODE_WIDTH,
            height=BARCODE_HEIGHT,
            dpi=LABEL_PRINTER,
            field="serial",
        )
        texts.draw(paper, x + beside, y)

    return ruled(Band(max(BARCODE_HEIGHT + 0.8, texts.height), draw), width=INNER)


def _small_print(label: BagLabel) -> Band:
    return together(
        flow(
            Pair("Prepared", label.prepared_at),
            Pair("Dispensed", label.dispensed_on),
            Pair("Quantity", label.quantity),
            Pair("Authorised remaining", label.authorised_remaining, most=2),
            Pair("Form", label.dosage_form, most=2),
            Pair("Prescriber", label.prescriber, most=2),
            Pair("Prepared by", label.prepared_by),
            Pair("Checked by", label.checked_by),
            Pair("Verified by", label.verified_by),
            Pair("Lots", label.lots, most=2),
            Pair("", label.preparation_statement, most=2, name="preparation statement"),
            Pair("", label.container_statement, most=2, name="container statement"),
            width=INNER,
            caption=SMALL,
            value=SMALL_BOLD,
            between=2.5,
        ),
        space(0.5),
        *([bar(Said("notice", label.notice, NOTICE, 2), width=INNER, padding=0.5)] if label.notice else []),
    )
