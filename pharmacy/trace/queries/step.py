"""One thing that somebody did to a bag."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Step:
    """One thing that somebody did to a bag."""

    at: datetime
    who: str
    what: str
