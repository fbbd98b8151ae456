"""The label on a bag that is made for stock, 4 by 6 inches: what it is, and that it is nobody's yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labels.bands import Band, Pair, Said, bar, flow, ruled, space, stack, together
from labels.drawing import Paper
from labels.errors import CannotPrint
from labels.finished import Printed, finished
from labels.label_parts import (
    CRITICAL,
    CRITICAL_BOLD,
    DRUG,
    HEIGHT,
    INNER,
    NOTICE,
    ROUTE,
    SMALL,
    SMALL_BOLD,
    WIDTH,
    deadline,
    header,
    identity,
    place_on_label,
)


@dataclass(frozen=True, kw_only=True)
class StockLabel(Printed):
    """One stock bag's label; every value is the finished text without its caption.

    `standing` says that the bag is not for a patient yet. A field with a default may be empty.
    """

    standing: str
    drug: str
    dose: str
    dose_equivalent: str = ""
    diluent: str
    diluent_volume: str
    total_volume: str
    concentration: str
    dosage_form: str
    route_line: str
    formula: str
    start_before: str
    storage: str
    bag: str
    serial: str
    worksheet: str
    prepared_at: str
    preparation_statement: str
    container_statement: str
    prepared_by: str
    checked_by: str
    lots: str = ""


def render_stock_labels(labels: Sequence[StockLabel]) -> bytes:
    """Draw one page for each stock label, in the order given; refuses as bag labels do."""
    if not labels:
        raise CannotPrint("There is no stock label to print.", field="stock labels")
    paper = Paper(width=WIDTH, height=HEIGHT, title="Stock labels")
    for label in map(finished, labels):
        place_on_label(_bands(label), paper, field="lots")
    return paper.finish()


def _bands(label: StockLabel) -> list[Band]:
    return [
        header(label),
        bar(Said("standing", label.standing, ROUTE, 3), width=INNER, padding=1.2),
        _content(label),
        deadline(label.start_before, label.storage),
        identity(label.bag, label.serial),
        _small_print(label),
    ]


def _content(label: StockLabel) -> Band:
    equivalent = f"({label.dose_equivalent}) " if label.dose_equivalent else ""
    return ruled(
        together(
            stack(
                Said("drug", f"{label.drug} {label.dose}", DRUG, 2),
                Said("diluent", f"{equivalent}in {label.diluent} {label.diluent_volume}", CRITICAL, 2),
                width=INNER,
            ),
            flow(
                Pair("Total volume", label.total_volume),
                Pair("Concentration", label.concentration),
                Pair("Formula", label.formula, most=2),
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


def _small_print(label: StockLabel) -> Band:
    return together(
        flow(
            Pair("Prepared", label.prepared_at),
            Pair("Worksheet", label.worksheet),
            Pair("Form", label.dosage_form, most=2),
            Pair("Prepared by", label.prepared_by),
            Pair("Checked by", label.checked_by),
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
