"""What every label on a bag has alike, 4 by 6 inches: pharmacy, content, deadline, serial, small print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labels.bands import Band, Pair, Said, bar, flow, framed, hung, place, ruled, space, stack, together
from labels.barcode128 import LABEL_PRINTER, draw_code128
from labels.drawing import Paper, Type, wrap
from labels.finished import Printed

WIDTH, HEIGHT, MARGIN = 101.6, 152.4, 2.5
INNER = WIDTH - 2 * MARGIN
GAPS = (0.6, 2.5)

# Nothing that decides what is infused, into whom, how and until when is smaller than 12 points.
DRUG = Type(18, bold=True)
CRITICAL, CRITICAL_BOLD = Type(12, spacing=1.12), Type(12, bold=True, spacing=1.12)
ROUTE = Type(13, bold=True)
START = Type(14, bold=True)
BAG = Type(15, bold=True)
PHARMACY = Type(10, bold=True)
SMALL, SMALL_BOLD = Type(7.5, spacing=1.06), Type(7.5, bold=True, spacing=1.06)
NOTICE = Type(8, bold=True)
MARKS_WIDTH = 39.0
BARCODE_WIDTH, BARCODE_HEIGHT = 60.0, 9.0


def place_on_label(bands: Sequence[Band], paper: Paper, *, field: str) -> None:
    """Place the parts of one label on a page of its own; `field` names the longest text for a refusal."""
    room = HEIGHT - 2 * MARGIN
    place(list(bands), paper, x=MARGIN, y=MARGIN, height=room, gaps=GAPS, field=field)
    paper.next_page()


def header(label: Printed) -> Band:
    """Draw the pharmacy, and which paper and copy this is."""
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


@dataclass(frozen=True, kw_only=True)
class ContentLabel(Printed):
    """What any label says of the content of its bag, each value finished and without its caption."""

    drug: str
    dose: str
    dose_equivalent: str = ""
    diluent: str
    diluent_volume: str
    total_volume: str
    concentration: str
    dosage_form: str
    route_line: str
    preparation_statement: str
    container_statement: str


def content(label: ContentLabel, *more: Pair, above: Sequence[Said] = ()) -> Band:
    """Draw drug and dose, diluent, volume, concentration and `more` of that kind, and the route."""
    equivalent = f"({label.dose_equivalent}) " if label.dose_equivalent else ""
    return ruled(
        together(
            stack(
                *above,
                Said("drug", f"{label.drug} {label.dose}", DRUG, 2),
                Said("diluent", f"{equivalent}in {label.diluent} {label.diluent_volume}", CRITICAL, 2),
                width=INNER,
            ),
            flow(
                Pair("Total volume", label.total_volume),
                Pair("Concentration", label.concentration),
                *more,
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


def small_print(label: ContentLabel, *pairs: Pair) -> Band:
    """Draw the facts that decide nothing at the bedside, the statements, and the site's notice."""
    return together(
        flow(
            *pairs,
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


def deadline(start_before: str, storage: str, out_of_refrigerator: str = "") -> Band:
    """Draw until when the bag is started, and how it is stored."""
    padding = 1.1
    deadline = hung(
        Pair("START BEFORE", start_before, most=2),
        width=INNER - 2 * padding,
        caption=CRITICAL_BOLD,
        value=START,
    )
    return together(
        framed([deadline], width=INNER, padding=padding, thick=0.7),
        space(0.6),
        stack(
            Said("storage", storage, CRITICAL_BOLD, 2),
            Said("out of refrigerator", out_of_refrigerator, CRITICAL, 3),
            width=INNER,
        ),
    )


def identity(bag: str, serial: str) -> Band:
    """Draw which bag it is, and its serial as a bar code and in letters."""
    beside = BARCODE_WIDTH + 1
    texts = stack(
        Said("bag", f"Bag {bag}", BAG, 2),
        Said("serial", serial, CRITICAL, 1),
        width=INNER - beside,
    )

    def draw(paper: Paper, x: float, y: float) -> None:
        draw_code128(
            paper,
            x,
            y + 0.8,
            serial,
            width=BARCODE_WIDTH,
            height=BARCODE_HEIGHT,
            dpi=LABEL_PRINTER,
            field="serial",
        )
        texts.draw(paper, x + beside, y)

    return ruled(Band(max(BARCODE_HEIGHT + 0.8, texts.height), draw), width=INNER)
