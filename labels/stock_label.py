"""The label on a bag that is made for stock, 4 by 6 inches: what it is, and that it is nobody's yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labels.bands import Band, Pair, Said, bar
from labels.drawing import Paper
from labels.errors import CannotPrint
from labels.finished import finished
from labels.label_parts import (
    HEIGHT,
    INNER,
    ROUTE,
    WIDTH,
    ContentLabel,
    content,
    deadline,
    header,
    identity,
    place_on_label,
    small_print,
)


@dataclass(frozen=True, kw_only=True)
class StockLabel(ContentLabel):
    """One stock bag's label; every value is the finished text without its caption.

    `standing` says that the bag is not for a patient yet. A field with a default may be empty.
    """

    standing: str
    formula: str
    start_before: str
    storage: str
    bag: str
    serial: str
    worksheet: str
    prepared_at: str
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
        content(label, Pair("Formula", label.formula, most=2)),
        deadline(label.start_before, label.storage),
        identity(label.bag, label.serial),
        _small_print(label),
    ]


def _small_print(label: StockLabel) -> Band:
    return small_print(
        label,
        Pair("Prepared", label.prepared_at),
        Pair("Worksheet", label.worksheet),
        Pair("Form", label.dosage_form, most=2),
        Pair("Prepared by", label.prepared_by),
        Pair("Checked by", label.checked_by),
        Pair("Lots", label.lots, most=2),
    )
