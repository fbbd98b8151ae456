"""Words that the labels of bags have alike, whether they are a patient's or of stock."""

from __future__ import annotations

from dataclasses import fields

from labels.bag_label import BagLabel
from labels.stock_label import StockLabel
from pharmacy.compounding.models import Bag
from pharmacy.printing.actions import PaperMark

COMPOUNDED = "Compounded preparation"
SINGLE_DOSE = "Single-dose container: discard what is left"
NOT_PRINTED = PaperMark(serial="-", copy="-", printed_at="-", printed_by="-", notice="")
_MARKS = {"document_serial", "copy", "printed_at", "notice"}


def say_copy(number: int) -> str:
    """Say which copy of a label this is."""
    return "Copy 1" if number == 1 else f"REPRINT, copy {number}"


def say_fields(label: BagLabel | StockLabel) -> list[tuple[str, str]]:
    """List what a label says, field by field, without the marks of its copy."""
    texts = ((field.name, getattr(label, field.name)) for field in fields(label) if field.name not in _MARKS)
    return [
        (name.replace("_", " ").capitalize(), " ".join(text) if isinstance(text, tuple) else text)
        for name, text in texts
        if text
    ]


def name_preparer(bag: Bag) -> str:
    """Name who made the bag, or who started the preparation while it is not made yet."""
    person = bag.made_by or bag.worksheet.started_by
    return person.name if person else ""
