"""What a report is made of: tables of plain values, with a picture where people would rather look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pharmacy.domain.bar_chart import BarChart

Cell = str | int | Decimal


@dataclass(frozen=True)
class Column:
    """Name a column; `numeric` ones are set to the right."""

    words: str
    numeric: bool = False


@dataclass(frozen=True)
class Table:
    """Hold one table of a report under its own title; `empty` says what would stand here."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    empty: str
    chart: BarChart | None = None
    note: str = ""


@dataclass(frozen=True)
class Report:
    """Hold a report: what it counts in one sentence, and its tables."""

    says: str
    tables: Sequence[Table]


def words(text: str) -> Column:
    """Return a column of text."""
    return Column(text)


def figures(text: str) -> Column:
    """Return a column of numbers."""
    return Column(text, numeric=True)
