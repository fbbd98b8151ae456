"""Answer the frequency rule: the canonical text, how many doses a window holds, and when they are."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from pharmacy.calculators.reading import Fields
from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.formatting import iso_instant
from pharmacy.domain.frequency import count, expand, parse_frequency


def answer(fields: Fields, *, count_only: bool = False) -> dict[str, Any]:
    """Answer `{"frequency", "count", "doses"}`; `count_only` leaves the doses out (calculators.md)."""
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
    if count_only:
        counted = count(
            frequency, anchor=anchor, zone=zone, starts=starts, ends=ends, infusion_hours=infusion_hours
        )
        return {"frequency": frequency.text, "count": counted}
    doses = expand(
        frequency, anchor=anchor, zone=zone, starts=starts, ends=ends, infusion_hours=infusion_hours
    )
    return {
        "frequency": frequency.text,
        "count": len(doses),
        "doses": _dose_list(doses, zone=zone, infusion_hours=infusion_hours),
    }


def _instant(local: datetime, zone: ZoneInfo) -> datetime:
    """Fix a local date-time at its offset; in UTC the last evening of the year 9999 could not be written."""
    offset = local.replace(tzinfo=zone).utcoffset() or timedelta(0)
    return local.replace(tzinfo=timezone(offset))


def _dose_list(
    doses: list[datetime], *, zone: ZoneInfo, infusion_hours: Decimal | None
) -> list[dict[str, str]]:
    try:
        if infusion_hours is None:
            return [{"starts": iso_instant(dose, zone)} for dose in doses]
        lasts = timedelta(microseconds=int(Fraction(infusion_hours) * 3_600_000_000))
        return [
            {"starts": iso_instant(dose, zone), "ends": iso_instant(dose + lasts, zone)} for dose in doses
        ]
    except OverflowError:
        raise InvalidInput(
            "until should be such that every infusion starts and ends before the year 10000.", field="until"
        ) from None
