"""`pharmacy calc deliveries`: the dates with the fewest deliveries, and what each brings (calculators.md)."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from pharmacy.calculators.answer_dispense import read_common, write_plan
from pharmacy.calculators.reading import Fields
from pharmacy.domain.delivery_days import DeliveryDays
from pharmacy.domain.delivery_plan import FewestDeliveries, plan_fewest_deliveries, say_needed, working
from pharmacy.domain.frequency_types import WEEKDAY_NAMES

_WEEKDAYS = {name.lower(): weekday for weekday, name in enumerate(WEEKDAY_NAMES)}


def answer(fields: Fields) -> dict[str, Any]:
    """Answer one deliveries case; raises InvalidInput naming the field that must change."""
    course = read_course(fields)
    return write_deliveries(plan_fewest_deliveries(**course), course["zone"])


def read_course(fields: Fields) -> dict[str, Any]:
    """Read what `plan_fewest_deliveries` asks for, by the names of its arguments."""
    zone = fields.zone()
    course = read_common(fields, zone) | {"days": _read_days(fields)}
    fields.close()
    return course


def write_deliveries(found: FewestDeliveries, zone: ZoneInfo) -> dict[str, Any]:
    """Write the plan as the contract's output, times in `zone`."""
    written = write_plan(found.plan, zone)
    for place, delivery in enumerate(written["deliveries"]):
        delivery["needed_because"] = say_needed(found, place, zone)
    return written | {"working": working(found, zone)}


def _read_days(fields: Fields) -> DeliveryDays:
    return DeliveryDays(
        weekdays=_read_weekdays(fields),
        closed=frozenset(fields.dates("closed")),
        arrival_time=fields.clock("arrival_time"),
        lead_hours=fields.quantity("lead_hours", zero_allowed=True),
        beyond_use_hours=fields.quantity("beyond_use_hours"),
    )


def _read_weekdays(fields: Fields) -> frozenset[int]:
    expected = "a list of weekdays, such as Monday and Thursday"
    names = [" ".join(name.split()).lower() for name in fields.texts("delivery_days", expected)]
    if not names or not all(name in _WEEKDAYS for name in names):
        raise fields.refuse("delivery_days", expected)
    return frozenset(_WEEKDAYS[name] for name in names)
