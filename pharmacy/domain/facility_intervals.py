"""How often hoods and rooms are certified, read and sampled, as a table that a pharmacist reviews."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from pharmacy.domain.beyond_use_limits import Category
from pharmacy.domain.calendar_months import add_months
from pharmacy.domain.reference_data import ReferenceEntry, unchecked_notice


class SampleKind(StrEnum):
    """What is sampled for living organisms."""

    AIR = "air"
    SURFACE = "surface"


@dataclass(frozen=True, slots=True)
class Interval:
    """Hold an interval in calendar months or in days; the day that it leads to is the last good one."""

    months: int = 0
    days: int = 0

    def after(self, start: date) -> date:
        """Return the last good day after a start."""
        return add_months(start, self.months) + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class FacilityIntervals:
    """Hold a jurisdiction's intervals and classes; `notice` is empty when a pharmacist has checked them."""

    key: str
    title: str
    notice: str
    certification_months: int
    reading_hours: int
    hood_iso: int
    buffer_iso: int
    ante_iso: int
    sampling: Mapping[tuple[SampleKind, Category], Interval]

    def find_certification_due(self, done_on: date) -> date:
        """Return the last good day of a certification."""
        return add_months(done_on, self.certification_months)


def find_sampling_due(
    taken_on: date, kind: SampleKind, category: Category, intervals: FacilityIntervals
) -> date:
    """Return the day by which a kind of sampling is due again where a category is made."""
    return intervals.sampling[kind, category].after(taken_on)


def read_facility_intervals(entry: ReferenceEntry) -> FacilityIntervals:
    """Read intervals from a reviewed entry; raises ValueError where a row is missing or two rows meet."""
    content, sampling = entry.content, {}
    for row in content["sampling"]:
        for category in row["categories"]:
            place = SampleKind(row["kind"]), Category(category)
            if place in sampling:
                raise ValueError(f"{entry.key}: two rows for sampling of {' '.join(place)}")
            if ("months" in row) is ("days" in row):
                raise ValueError(f"{entry.key}: sampling of {' '.join(place)} needs months or days")
            unit = "months" if "months" in row else "days"
            sampling[place] = Interval(**{unit: _whole(row[unit], unit, entry.key)})
    for kind in SampleKind:
        for category in (Category.ONE, Category.TWO, Category.THREE):
            if (kind, category) not in sampling:
                raise ValueError(f"{entry.key}: no row for sampling of {kind} {category}")
    names = ("certification_months", "reading_hours", "hood_iso", "buffer_iso", "ante_iso")
    numbers = {name: _whole(content[name], name, entry.key) for name in names}
    return FacilityIntervals(entry.key, entry.title, unchecked_notice(entry), sampling=sampling, **numbers)


def _whole(value: Any, name: str, key: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{key}: {name} should be a whole number of at least 1, not {value}")
    return value
