"""What a change does to the doses on average, whatever the dates."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from pharmacy.domain.frequency import FrequencyChange, describe_change
from pharmacy.domain.order_terms import read_frequency
from pharmacy.prescriptions.models import OrderVersion


class Pattern(Protocol):
    """Anything that says how often and from when: what is typed, or a version on record."""

    @property
    def frequency_as_written(self) -> str: ...
    @property
    def anchor(self) -> datetime: ...
    @property
    def effective(self) -> datetime: ...


def find_change(old: OrderVersion, new: Pattern) -> FrequencyChange:
    """Find what a change does to the doses on average; the infusion time stays that of the order."""
    return describe_change(
        read_frequency(old.frequency),
        read_frequency(new.frequency_as_written),
        infusion_hours=old.infusion_hours,
    )
