"""Reads of what changes of orders do and did."""

from __future__ import annotations

from pharmacy.changes.queries.averages import find_change
from pharmacy.changes.queries.circulation import Circulation, read_circulation
from pharmacy.changes.queries.compared import (
    Calendars,
    ComparedLine,
    TypedChange,
    compare_patterns,
    compare_versions,
    lay_out_calendars,
)
from pharmacy.changes.queries.consequences import list_consequences
from pharmacy.changes.queries.impact import Prospect, count_change, foresee
from pharmacy.changes.queries.numbers import (
    ChangeNumbers,
    DeliveryLine,
    DoseLine,
    HomeLine,
    RegimenNumbers,
    read_numbers,
    write_numbers,
)
from pharmacy.changes.queries.records import ShownChange, show_change
from pharmacy.changes.queries.subjects import group_by_subject
from pharmacy.changes.queries.tasks import Place, ShownTask, list_shown_tasks

__all__ = [
    "Calendars",
    "ChangeNumbers",
    "Circulation",
    "ComparedLine",
    "DeliveryLine",
    "DoseLine",
    "HomeLine",
    "Place",
    "Prospect",
    "RegimenNumbers",
    "ShownChange",
    "ShownTask",
    "TypedChange",
    "compare_patterns",
    "compare_versions",
    "count_change",
    "find_change",
    "foresee",
    "group_by_subject",
    "lay_out_calendars",
    "list_consequences",
    "list_shown_tasks",
    "read_circulation",
    "read_numbers",
    "show_change",
    "write_numbers",
]
