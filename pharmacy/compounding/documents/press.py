"""Which label a bag gets: its patient's, or that of stock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.compounding.actions import LabelPress, LabelToPrint
from pharmacy.compounding.documents.bag_labels import AllocatedLabels, LabelSheet, list_fields
from pharmacy.compounding.documents.stock_labels import StockLabels, list_stock_fields
from pharmacy.compounding.models import Bag, Worksheet
from pharmacy.compounding.queries import get_allocated_facts, get_label_facts, get_stock_facts


def press_for_worksheet(session: Session, worksheet: Worksheet, *, at: datetime) -> LabelPress:
    """Return what draws the labels of a worksheet as it was opened: for an order or for stock."""
    if worksheet.is_stock:
        return StockLabels(get_stock_facts(session, worksheet))
    return LabelSheet(get_label_facts(session, worksheet, at=at))


def press_for_allocated(session: Session, bags: Sequence[Bag], *, at: datetime) -> AllocatedLabels:
    """Return what draws the patients' labels of bags that were allocated from stock."""
    return AllocatedLabels({bag.id: get_allocated_facts(session, bag, at=at) for bag in bags})


def press_for_bag(session: Session, bag: Bag, *, at: datetime) -> LabelPress:
    """Return what draws the label of one bag as it stands now."""
    if bag.allocation is not None:
        return press_for_allocated(session, [bag], at=at)
    return press_for_worksheet(session, bag.worksheet, at=at)


def preview_label(session: Session, one: LabelToPrint, *, at: datetime) -> list[tuple[str, str]]:
    """List what the label of a bag of a worksheet says now, field by field."""
    worksheet = one.bag.worksheet
    if worksheet.is_stock:
        return list_stock_fields(get_stock_facts(session, worksheet), one)
    return list_fields(get_label_facts(session, worksheet, at=at), one)
