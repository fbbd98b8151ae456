"""Answer the frequency rule: the canonical text, how many doses a window holds, and when they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pharmacy.calculators.reading import Fields
from pharmacy.domain.elapsed import elapsed
from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.formatting import iso_instant
from pharmacy.domain.frequency import Frequency, count, expand, parse_frequency


@dataclass(frozen=True, slots=True)
class Case:
    """Hold what is asked: a pattern and the span of time, half open, whose doses are wanted."""

    frequency: Frequency
    anchor: datetime
    zone: ZoneInfo
    starts: datetime
    ends: datetime
    infusion_hours: Decimal | None

    def span(self) -> dict[str, Any]:
        """Return the arguments that `count` and `expand` share."""
        return {
            "anchor": self.anchor,
            "zone": self.zone,
            "starts": self.starts,
            "ends": self.ends,
            "infusion_hours": self.infusion_hours,
        }


def answer(fields: Fields, *, count_only: bool = False) -> dict[str, Any]:
    """Answer `{"frequency", "count", "doses"}`; `count_only` leaves the doses out (calculators.md)."""
    case = read(fields)
    if count_only:
        return {"frequency": case.frequency.text, "count": count(case.frequency, **case.span())}
    doses = expand(case.frequency, **case.span())
    return {"frequency": case.frequency.text, "count": len(doses), "doses": write_doses(case, doses)}


def read(fields: Fields) -> Case:
    """Read one case; raises InvalidInput naming the field that is wrong."""
    written = fields.text("frequency", "a text such as daily or 2 of every 3 days")
    frequency = parse_frequency(written, field=fields.name("frequency"))
    anchor = fields.local("anchor")
    zone = fields.zone()
    starts = _instant(fields.local("from"), zone)
    ends = _instant(fields.local("until"), zone)
    infusion_hours = fields.quantity("infusion_hours") if fields.has("infusion_hours") else None
    fields.close()
    if ends <= starts:
        raise fields.refuse("until", "later than from")
    return Case(frequency, anchor, zone, starts, ends, infusion_hours)


def _instant(local: datetime, zone: ZoneInfo) -> datetime:
    """Fix a local date-time at its offset; in UTC the last evening of the year 9999 could not be written."""
    offset = local.replace(tzinfo=zone).utcoffset() or timedelta(0)
    return local.replace(tzinfo=timezone(offset))


def write_doses(case: Case, doses: list[datetime]) -> list[dict[str, str]]:
    """Write doses in the zone of the case; refuses an infusion that ends past the year 9999."""
    zone = case.zone
    try:
        if case.infusion_hours is None:
            return [{"starts": iso_instant(dose, zone)} for dose in doses]
        lasts = elapsed(case.infusion_hours)
        return [
            {"starts": iso_instant(dose, zone), "ends": iso_instant(dose + lasts, zone)} for dose in doses
        ]
    except OverflowError:
        raise InvalidInput(
            "until should be such that every infusion starts and ends before the year 10000.", field="until"
        ) from None
