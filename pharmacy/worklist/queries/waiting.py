"""One thing that waits for a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from pharmacy.domain.local_time import to_instant
from pharmacy.prescriptions.models import OrderVersion


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: until when, for whom, what it is, where it stands, and the page to do it on."""

    due: datetime
    patient: str
    what: str
    stands: str
    endpoint: str
    arguments: dict[str, int] = field(default_factory=dict)
    stands_first: bool = False


def find_first_dose(version: OrderVersion) -> datetime:
    """Return when an order version starts at home."""
    return to_instant(version.effective, ZoneInfo(version.order.patient.time_zone))
