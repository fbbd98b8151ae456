"""`pharmacy calc dispense`: which bags are needed for which doses with which delivery (calculators.md)."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from pharmacy.calculators.reading import Fields
from pharmacy.domain.dispensing import (
    BagsOnHand,
    DispensePlan,
    PlannedArrival,
    Segment,
    plan_dispensing,
    working,
)
from pharmacy.domain.formatting import iso_instant
from pharmacy.domain.frequency import parse_frequency

_HOLD = "hold"


def answer(fields: Fields) -> dict[str, Any]:
    """Answer one dispense case; raises InvalidInput naming the field that must change."""
    course = read_course(fields)
    return write_plan(plan_dispensing(**course), course["zone"])


def read_course(fields: Fields) -> dict[str, Any]:
    """Read what `plan_dispensing` asks for, by the names of its arguments."""
    zone = fields.zone()
    course = read_common(fields, zone) | {"deliveries": _read_deliveries(fields, zone)}
    fields.close()
    return course


def read_common(fields: Fields, zone: ZoneInfo) -> dict[str, Any]:
    """Read what every plan asks for: the regimen, the time it covers, the bags at home, the quantities."""
    return {
        "zone": zone,
        "regimen": _read_regimen(fields),
        "starts": fields.instant("from", zone),
        "ends": fields.instant("until", zone),
        "on_hand": _read_on_hand(fields, zone),
        **_read_quantities(fields),
    }


def _read_regimen(fields: Fields) -> list[Segment]:
    """Read the regimen: at least one segment, a hold without a pattern."""
    segments = []
    for one in fields.objects("regimen", empty_allowed=False):
        segments.append(_read_segment(one))
        one.close()
    return segments


def _read_segment(fields: Fields) -> Segment:
    text = fields.text("frequency", "a frequency such as daily, or hold")
    if " ".join(text.split()).lower() == _HOLD:
        return Segment(_read_effective(fields), None, None)
    anchor = fields.local("anchor")
    effective = _read_effective(fields) if fields.has("effective") else anchor
    hours = fields.quantity("infusion_hours") if fields.has("infusion_hours") else None
    return Segment(effective, parse_frequency(text, field=fields.name("frequency")), anchor, hours)


def _read_effective(fields: Fields) -> datetime:
    if "T" in fields.text("effective", "a local date-time without offset, or a date"):
        return fields.local("effective")
    return datetime.combine(fields.date("effective"), time.min)


def _read_on_hand(fields: Fields, zone: ZoneInfo) -> list[BagsOnHand]:
    """Read the bags that are at home; the list may be empty but not missing."""
    bags = []
    for one in fields.objects("on_hand"):
        bags.append(BagsOnHand(one.whole("bags", zero_allowed=True), one.instant("beyond_use", zone)))
        one.close()
    return bags


def _read_deliveries(fields: Fields, zone: ZoneInfo) -> list[PlannedArrival]:
    arrivals = []
    for one in fields.objects("deliveries"):
        arrivals.append(PlannedArrival(one.instant("arrives", zone), one.instant("beyond_use", zone)))
        one.close()
    return arrivals


def _read_quantities(fields: Fields) -> dict[str, int | None]:
    """Read the bags of a dose (or 1), the spares (or 0) and the authorized quantity (or no cap)."""
    return {
        "bags_per_dose": fields.whole("bags_per_dose") if fields.has("bags_per_dose") else 1,
        "spare_bags": fields.whole("spare_bags", zero_allowed=True) if fields.has("spare_bags") else 0,
        "authorized_bags": (
            fields.whole("authorized_bags", zero_allowed=True) if fields.has("authorized_bags") else None
        ),
    }


def write_plan(plan: DispensePlan, zone: ZoneInfo) -> dict[str, Any]:
    """Write a plan as the contract's output, times in `zone`."""
    return {
        "doses": len(plan.doses),
        "deliveries": [
            {
                "arrives": iso_instant(delivery.arrives, zone),
                "bags": delivery.bags,
                "spares": delivery.spares,
                "covers": [iso_instant(dose, zone) for dose in delivery.covers],
                "beyond_use": iso_instant(delivery.beyond_use, zone),
            }
            for delivery in plan.deliveries
        ],
        "on_hand": {
            "used": plan.on_hand.used,
            "spare": plan.on_hand.spare,
            "expires_unused": plan.on_hand.expires_unused,
        },
        "uncovered": [{"dose": iso_instant(dose, zone), "why": str(why)} for dose, why in plan.uncovered],
        "next_needed": None if plan.next_needed is None else iso_instant(plan.next_needed, zone),
        "working": working(plan, zone),
    }
