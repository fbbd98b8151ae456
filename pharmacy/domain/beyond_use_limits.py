"""The longest beyond-use dates of a category, as a table that a pharmacist reviews (domain.md 1.2).

Rules take the table as a value: the shipped one is `load_limits_table`, a site's own is read from the entry
that it adopted with `read_limits_table`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import counted, quantity
from pharmacy.domain.reference_data import ReferenceEntry, get_entry, unchecked_notice

_FILE = "beyond_use_limits.toml"
_SHIPPED = "usp-797-2023"


class Category(StrEnum):
    """The category of a compounded sterile preparation; immediate use has none."""

    ONE = "1"
    TWO = "2"
    THREE = "3"
    IMMEDIATE = "immediate"


class Method(StrEnum):
    """How sterility is reached: aseptic processing or terminal sterilization."""

    ASEPTIC = "aseptic"
    TERMINAL = "terminal"


class Storage(StrEnum):
    """Where a preparation is kept: controlled room temperature, refrigerator (2-8 C) or freezer."""

    ROOM = "room"
    REFRIGERATOR = "refrigerator"
    FREEZER = "freezer"


STORAGE_WORDS = {
    Storage.ROOM: "at room temperature",
    Storage.REFRIGERATOR: "in a refrigerator",
    Storage.FREEZER: "in a freezer",
}


@dataclass(frozen=True, slots=True)
class Preparation:
    """Say how a preparation is made; `sterility_tested` means tested and passed."""

    category: Category
    method: Method
    sterility_tested: bool
    nonsterile_components: bool

    def words(self) -> str:
        """Name the preparation as the table does.

        >>> Preparation(Category.TWO, Method.ASEPTIC, False, False).words()
        'Category 2, aseptic, only sterile components, not sterility tested'
        """
        if self.category is Category.IMMEDIATE:
            return "Immediate use"
        method = "aseptic" if self.method is Method.ASEPTIC else "terminally sterilized"
        parts = "with a nonsterile component" if self.nonsterile_components else "only sterile components"
        test = "sterility test passed" if self.sterility_tested else "not sterility tested"
        return f"Category {self.category}, {method}, {parts}, {test}"


@dataclass(frozen=True, slots=True)
class LimitRow:
    """Hold one row: whom it is for (None means either) and its hours by storage."""

    category: Category
    method: Method | None
    sterility_tested: bool | None
    nonsterile_components: bool | None
    hours: Mapping[Storage, Fraction]
    source: str

    def is_for(self, preparation: Preparation) -> bool:
        """Tell whether this row holds for a preparation."""
        return (
            self.category is preparation.category
            and self.method in (None, preparation.method)
            and self.sterility_tested in (None, preparation.sterility_tested)
            and self.nonsterile_components in (None, preparation.nonsterile_components)
        )


class LabelRole(StrEnum):
    """What a container's own label does with the table's hours: it may shorten them, or decides alone."""

    SHORTENS = "shortens"
    DECIDES = "decides"


@dataclass(frozen=True, slots=True)
class ContainerLimit:
    """Hold how long an opened container of one kind may be used; without hours its label must say so."""

    hours: Fraction | None
    label: LabelRole
    immediate_use_only: bool
    source: str


@dataclass(frozen=True, slots=True)
class LimitsTable:
    """Hold a jurisdiction's limits; `notice` is empty when a pharmacist has checked them."""

    key: str
    title: str
    notice: str
    rows: tuple[LimitRow, ...]
    opened_containers: Mapping[str, ContainerLimit]

    @property
    def statement(self) -> str:
        """Name the table in a sentence, with the notice that it is unchecked where it is."""
        return self.notice or f"{self.title}."

    def get_row(self, preparation: Preparation) -> LimitRow:
        """Return the row of a preparation; refuses one that the table has no row for.

        In the table of 2023 that is a Category 3 preparation without a passed sterility test.
        """
        for row in self.rows:
            if row.is_for(preparation):
                return row
        if preparation.category is Category.THREE and not preparation.sterility_tested:
            raise Refusal(
                "sterility_tested should be true: Category 3 needs a sterility test that was done and passed "
                f"({self.title}).",
                field="sterility_tested",
            )
        raise Refusal(
            f"category should be another: {self.title} has no beyond-use limit for {preparation.words()}.",
            field="category",
        )

    def get_hours(self, preparation: Preparation, storage: Storage) -> Fraction:
        """Return the hours from the start of preparation; refuses a storage that is not permitted."""
        hours = self.get_row(preparation).hours.get(storage)
        if hours is None:
            raise Refusal(
                f"{preparation.words()}: storage {STORAGE_WORDS[storage]} is not permitted by {self.title}.",
                field="storage",
            )
        return hours


def hours_words(hours: Fraction) -> str:
    """Write a span as days when it is a whole number of them, else as hours.

    >>> hours_words(Fraction(240)), hours_words(Fraction(12)).replace("\\N{NO-BREAK SPACE}", " ")
    ('10 days', '12 hours')
    """
    return counted(int(hours) // 24, "day") if hours % 24 == 0 else quantity(hours, "h", 6)


def load_limits_table(key: str = _SHIPPED) -> LimitsTable:
    """Load a jurisdiction's limits as shipped, by name; without one those of USP <797> (official 1 Nov 2023).

    Raises NotFound naming the tables that there are.
    """
    return read_limits_table(get_entry(_FILE, key))


def read_limits_table(entry: ReferenceEntry) -> LimitsTable:
    """Read a table from a reviewed entry; raises ValueError where its form is wrong or two rows overlap."""
    rows = tuple(_read_row(row, entry.key) for row in entry.content["limits"])
    for category in Category:
        for method in Method:
            for tested in (False, True):
                for nonsterile in (False, True):
                    preparation = Preparation(category, method, tested, nonsterile)
                    if sum(row.is_for(preparation) for row in rows) > 1:
                        raise ValueError(f"{entry.key}: two rows hold for {preparation.words()}")
    opened = {one["kind"]: _read_container(one, entry.key) for one in entry.content["opened_containers"]}
    return LimitsTable(entry.key, entry.title, unchecked_notice(entry), rows, opened)


def _read_row(row: Mapping[str, Any], key: str) -> LimitRow:
    method = row.get("method")
    hours = {Storage(storage): _positive(value, key) for storage, value in row["hours"].items()}
    return LimitRow(
        category=Category(row["category"]),
        method=None if method is None else Method(method),
        sterility_tested=row.get("sterility_tested"),
        nonsterile_components=row.get("nonsterile_components"),
        hours=hours,
        source=row["source"],
    )


def _read_container(row: Mapping[str, Any], key: str) -> ContainerLimit:
    hours = row.get("hours")
    label = LabelRole(row.get("label", LabelRole.SHORTENS))
    if hours is None and label is not LabelRole.DECIDES:
        raise ValueError(f"{key}: an opened {row['kind']} needs hours, unless its label decides")
    return ContainerLimit(
        hours=None if hours is None else _positive(hours, key),
        label=label,
        immediate_use_only=row.get("immediate_use_only", False),
        source=row["source"],
    )


def _positive(value: Any, key: str) -> Fraction:
    hours = Fraction(value)
    if hours <= 0:
        raise ValueError(f"{key}: hours should be greater than 0, not {value}")
    return hours
