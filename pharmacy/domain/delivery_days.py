"""The days on which a delivery can arrive, and how long its bags last then (calculators.md, deliveries)."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from pharmacy.domain.dispensing_settle import PlannedArrival
from pharmacy.domain.elapsed import elapsed
from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.frequency_types import WEEKDAY_NAMES
from pharmacy.domain.local_time import to_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryDays:
    """Hold when deliveries arrive: weekdays (Monday 0), dates without one, and the clock time at home.

    `lead_hours` runs from the start of preparation to arrival, `beyond_use_hours` from the start of
    preparation to the beyond-use date, both elapsed. Raises InvalidInput for bags that are too old when they
    arrive.
    """

    weekdays: Set[int]
    closed: Set[date]
    arrival_time: time
    lead_hours: Decimal | Fraction
    beyond_use_hours: Decimal | Fraction

    def __post_init__(self) -> None:
        if not self.weekdays:
            raise InvalidInput("delivery_days should name at least one weekday.", field="delivery_days")
        if self.lead_hours < 0:
            raise InvalidInput("lead_hours should be 0 or more.", field="lead_hours")
        if self.beyond_use_hours <= self.lead_hours:
            raise InvalidInput(
                "beyond_use_hours should be more than lead_hours: a bag would be too old on arrival.",
                field="beyond_use_hours",
            )

    @property
    def weekday_names(self) -> list[str]:
        """List the weekdays in week order."""
        return [WEEKDAY_NAMES[weekday] for weekday in sorted(self.weekdays)]


def list_possible_arrivals(
    days: DeliveryDays, *, zone: ZoneInfo, starts: datetime, ends: datetime
) -> list[PlannedArrival]:
    """List the arrivals for which a bag can be prepared at or after `starts` and which come before `ends`.

    A clock time that does not exist moves forward, past midnight where the clocks go forward there. Where a
    zone skips a whole day, the arrivals of two days are one instant and count once.
    """
    lead, lasts = elapsed(days.lead_hours), elapsed(days.beyond_use_hours) - elapsed(days.lead_hours)
    # The day before, because an arrival can move past midnight.
    first = max(starts.astimezone(zone).date().toordinal() - 1, 1)
    found: list[PlannedArrival] = []
    for on in map(date.fromordinal, range(first, ends.astimezone(zone).date().toordinal() + 1)):
        if on.weekday() not in days.weekdays or on in days.closed:
            continue
        arrives = to_instant(datetime.combine(on, days.arrival_time), zone)
        is_later = not found or found[-1].arrives < arrives
        if arrives - starts >= lead and arrives < ends and is_later:
            found.append(PlannedArrival(arrives, arrives + lasts))
    return found


__all__ = ["DeliveryDays", "list_possible_arrivals"]
