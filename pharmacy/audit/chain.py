"""The chain itself: how an entry is sealed, and how a changed, missing or cut record is found."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Any

from pharmacy.accounts.models import Signature
from pharmacy.audit.models import AuditEntry, StatusChange
from pharmacy.domain.formatting import iso_instant
from pharmacy.domain.quantities import decimal_text

START = "0" * 64


@dataclass(frozen=True)
class Head:
    """The number and the seal of the last entry of a chain."""

    number: int
    seal: str


class UnreadableRow(ValueError):
    """Say which row of a table cannot even be read."""

    def __init__(self, number: int) -> None:
        super().__init__(f"row {number} cannot be read")
        self.number = number


def canonical(content: Any) -> str:
    """Write content as JSON in one way only, so that equal content has an equal digest.

    Decimals without trailing zeros, instants in UTC, dates and clock times at home as ISO 8601; a value of
    any other kind is a programming error.

    >>> canonical({"b": Decimal("2.0"), "a": datetime(2026, 1, 2, 3, 4, tzinfo=UTC)})
    '{"a":"2026-01-02T03:04:00+00:00","b":"2"}'
    """
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain)


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} cannot be written in one way only")


def digest(content: Any) -> str:
    """Return the SHA-256 of content."""
    return sha256(canonical(content).encode()).hexdigest()


def digest_row(row: Signature | StatusChange) -> str:
    """Return the SHA-256 of every column of a row."""
    return digest({column.key: getattr(row, column.key) for column in row.__mapper__.columns})


def seal(entry: AuditEntry, key: bytes) -> str:
    """Return the HMAC over an entry's content and the seal before it."""
    content = canonical(
        [
            entry.number,
            entry.site_id,
            iso_instant(entry.at),
            entry.person_id,
            entry.person_name,
            entry.action,
            entry.record_type,
            entry.record_id,
            entry.reason,
            entry.details,
            entry.sealed_rows,
            entry.previous,
        ]
    )
    return hmac.new(key, content.encode(), sha256).hexdigest()


def find_break(
    entries: Iterable[AuditEntry], *, key: bytes, head: Head, saved: Head | None = None
) -> str | None:
    """Walk the chain and say what is wrong with the first broken record, or return None.

    `saved` is a head kept elsewhere: it finds an older copy that was put back.
    """
    number, previous, saw_saved = 0, START, saved is None or not saved.number
    try:
        for entry in entries:
            number += 1
            if entry.number < number:
                return f"Record {entry.number:,} was not written by the pharmacy."
            if entry.number != number:
                return f"Record {number:,} is missing."
            if entry.previous != previous or not _is_sealed(entry, key):
                return f"Record {number:,} was changed after it was written."
            previous = entry.seal
            if saved and number == saved.number:
                if previous != saved.seal:
                    return f"Record {number:,} is not the one that the saved head knows."
                saw_saved = True
    except UnreadableRow as unreadable:
        return f"Record {unreadable.number:,} was changed after it was written."
    if number != head.number or previous != head.seal:
        return f"The record ends at {number:,}, but its head says {head.number:,}."
    if not saw_saved and saved is not None:
        return f"The record ends at {number:,}, but the saved head says {saved.number:,}."
    return None


def _is_sealed(entry: AuditEntry, key: bytes) -> bool:
    """Tell whether an entry is what was sealed; what no entry can hold was changed too."""
    try:
        expected = seal(entry, key)
    except (TypeError, ValueError, AttributeError):
        return False
    whole_second = entry.at.microsecond == 0
    return whole_second and hmac.compare_digest(str(entry.seal).encode(), expected.encode())


def read_sealed_rows(entries: Iterable[AuditEntry]) -> dict[str, dict[int, str]]:
    """Return the digests that a whole chain holds: by table, then by the row's id."""
    found: dict[str, dict[int, str]] = {Signature.__tablename__: {}, StatusChange.__tablename__: {}}
    for entry in entries:
        for table, row_id, row_digest in json.loads(entry.sealed_rows):
            found[table][row_id] = row_digest
    return found


def find_changed_row(
    rows: Iterator[Signature] | Iterator[StatusChange], *, what: str, sealed: Mapping[int, str]
) -> str | None:
    """Compare rows, in the order of their ids, with what the chain holds; name the first that differs."""
    expected = iter(sorted(sealed))
    try:
        for row in rows:
            wanted = next(expected, None)
            if wanted is None or row.id < wanted:
                return f"{what} {row.id:,} was not written by the pharmacy."
            if row.id > wanted:
                return f"{what} {wanted:,} is missing."
            if not _is_row(row, sealed[wanted]):
                return f"{what} {row.id:,} was changed after it was written."
    except UnreadableRow as unreadable:
        return f"{what} {unreadable.number:,} was changed after it was written."
    missing = next(expected, None)
    return None if missing is None else f"{what} {missing:,} is missing."


def _is_row(row: Signature | StatusChange, sealed: str) -> bool:
    try:
        return digest_row(row) == sealed
    except (TypeError, ValueError, AttributeError):
        return False
