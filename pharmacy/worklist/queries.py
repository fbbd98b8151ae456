"""What waits for a person: read from every room, sorted by when it is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: until when, for whom, what it is, where it stands, and the page to do it on."""

    due: datetime
    patient: str
    what: str
    stands: str
    endpoint: str
    arguments: dict[str, int]


def list_waiting(session: Session, *, person: Person) -> list[Waiting]:
    """List what waits for a person, the latest due first."""
    found: list[Waiting] = []
    return sorted(found, key=lambda one: (one.due, one.what))
