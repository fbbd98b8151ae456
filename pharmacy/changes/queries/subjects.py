"""What consequences and tasks are about, in the words of a heading."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import TypeVar

from pharmacy.domain.change_impact import Subject

Item = TypeVar("Item")
_TITLES = {
    Subject.DOSES: "Doses",
    Subject.BAG_AT_HOME: "Bags at home",
    Subject.PUMP_SHEET: "Pump sheets",
    Subject.CALENDAR: "Calendars",
    Subject.DELIVERY: "Deliveries",
    Subject.BAG: "Bags at the pharmacy",
    Subject.WORKSHEET: "Worksheets",
    Subject.LABEL: "Labels",
}


def group_by_subject(
    items: Iterable[Item], subject_of: Callable[[Item], str]
) -> list[tuple[str, list[Item]]]:
    """Group what follows under headings, in its own order."""
    return [(_TITLES[Subject(subject)], list(some)) for subject, some in groupby(items, subject_of)]
