"""Clinical content as reviewed data: each entry says where it comes from, who checked it and until when.

A file in `data/` holds entries by key. `checked_by` stays empty until a pharmacist has checked the entry;
every output that rests on such an entry says so (`unchecked_notice`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib import resources
from typing import Any

from pharmacy.domain.errors import NotFound, Refusal
from pharmacy.domain.formatting import day

_TEXTS = ("title", "source", "authored_by", "checked_by")
_DATES = ("reviewed_on", "review_by")
_MAY_BE_EMPTY = ("checked_by",)


@dataclass(frozen=True, slots=True)
class ReferenceEntry:
    """Hold one reviewed entry: who stands behind it and, in `content`, what it says."""

    key: str
    title: str
    source: str
    authored_by: str
    checked_by: str
    reviewed_on: date
    review_by: date
    content: Mapping[str, Any]

    @property
    def is_checked(self) -> bool:
        """Tell whether a pharmacist has checked this entry."""
        return bool(self.checked_by)


def load_entries(file_name: str) -> dict[str, ReferenceEntry]:
    """Load every entry of a file in `pharmacy/domain/data`, its form checked.

    A file that is not well formed is a ValueError naming the file, the entry and what is wrong.
    """
    text = resources.files("pharmacy.domain").joinpath("data", file_name).read_text(encoding="utf-8")
    return read_entries(text, name=file_name)


def read_entries(text: str, *, name: str) -> dict[str, ReferenceEntry]:
    """Read the entries of a TOML text: one table for each key; numbers with decimals are exact Decimals.

    Raises ValueError naming `name`, the entry and what is wrong with its form.
    """
    try:
        tables = tomllib.loads(text, parse_float=_exact)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}: {error}") from None
    return {key: _read_entry(key, table, name) for key, table in tables.items()}


def _exact(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite():
        raise ValueError(f"{text} is not a number that an entry can hold")
    return value


def _read_entry(key: str, table: Any, name: str) -> ReferenceEntry:
    where = f"{name}: {key}"
    if not isinstance(table, dict):
        raise ValueError(f"{where} should be a table")
    for field in _TEXTS:
        value = table.get(field)
        if not isinstance(value, str) or (not value.strip() and field not in _MAY_BE_EMPTY):
            raise ValueError(f"{where}: {field} should be a text")
    for field in _DATES:
        value = table.get(field)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise ValueError(f"{where}: {field} should be a date")
    if table["review_by"] <= table["reviewed_on"]:
        raise ValueError(f"{where}: review_by should be after reviewed_on")
    if table["checked_by"] and table["checked_by"] == table["authored_by"]:
        raise ValueError(f"{where}: checked_by should be another person than authored_by")
    known = {*_TEXTS, *_DATES}
    content = {field: value for field, value in table.items() if field not in known}
    return ReferenceEntry(key=key, **{field: table[field] for field in known}, content=content)


def get_entry(file_name: str, key: str) -> ReferenceEntry:
    """Return one entry of a file; raises NotFound naming the key and the ones that exist."""
    entries = load_entries(file_name)
    if key not in entries:
        raise NotFound(f"There is no reference entry called {key}; known are {', '.join(sorted(entries))}.")
    return entries[key]


def unchecked_notice(entry: ReferenceEntry) -> str:
    """Say that no pharmacist has checked an entry; empty when one has."""
    return "" if entry.is_checked else f"{entry.title}: not checked by a pharmacist."


def ensure_in_review(entry: ReferenceEntry, *, at: date) -> None:
    """Refuse an entry whose review is overdue on the date `at`; `review_by` is its last good date."""
    if at > entry.review_by:
        raise Refusal(
            f"{entry.title} was to be reviewed by {day(entry.review_by)}. "
            "Review it and sign it again before new work rests on it."
        )
