"""The chain itself: how an entry is sealed, and how a changed, missing or cut record is found."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from pharmacy.audit.models import AuditEntry
from pharmacy.domain.formatting import iso_instant

START = "0" * 64


@dataclass(frozen=True)
class Head:
    """The number and the seal of the last entry of a chain."""

    number: int
    seal: str


def canonical(content: Any) -> str:
    """Write content as JSON in one way only, so that equal content has an equal digest."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)


def digest(content: Any) -> str:
    """Return the SHA-256 of content."""
    return sha256(canonical(content).encode()).hexdigest()


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
    number, previous, saw_saved = 0, START, saved is None
    for entry in entries:
        number += 1
        if entry.number != number:
            return f"Record {number:,} is missing."
        if entry.previous != previous or not hmac.compare_digest(entry.seal, seal(entry, key)):
            return f"Record {number:,} was changed after it was written."
        previous = entry.seal
        if saved and number == saved.number:
            if previous != saved.seal:
                return f"Record {number:,} is not the one that the saved head knows."
            saw_saved = True
    if number != head.number or previous != head.seal:
        return f"The record ends at {number:,}, but its head says {head.number:,}."
    if not saw_saved and saved is not None and saved.number:
        return f"The record ends at {number:,}, but the saved head says {saved.number:,}."
    return None
