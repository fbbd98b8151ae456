"""The dated calendar of a pump sheet: every infusion of the schedule with the bag that it takes.

No pump knows the days of infusion (pumps.md 1.4): the calendar does. A bag goes to the dose that it was
planned for; one whose dose is none of the schedule any more, as after a change of frequency, goes to the next
free dose that it can still be started for; a spare fills a gap and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from pharmacy.domain.dispensing_assign import BagThere, assign_bags

_HOUR = timedelta(hours=1) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class CalendarBag:
    """Hold a bag with the dose that it was planned for, None for a spare; `beyond_use` ends its use."""

    serial: str
    dose: datetime | None
    beyond_use: datetime


@dataclass(frozen=True, slots=True)
class Infusion:
    """Hold one infusion; without a `bag` none of those given is for it."""

    starts: datetime
    ends: datetime
    bag: str | None


@dataclass(frozen=True, slots=True)
class InfusionPlan:
    """Hold the infusions in time order up to the last with a bag, and the bags that none of them takes."""

    infusions: tuple[Infusion, ...]
    unused: tuple[str, ...]


def plan_infusions(
    doses: Sequence[datetime], bags: Sequence[CalendarBag], *, run_hours: Fraction
) -> InfusionPlan:
    """Give each dose of the schedule its bag; a bag is started before its beyond-use date or not at all.

    `doses` are instants in time order, from now on. An infusion ends `run_hours` elapsed hours after it
    starts, whatever the clocks do.

    >>> from datetime import UTC
    >>> first, second, gone = (datetime(2026, 11, day, 21, tzinfo=UTC) for day in (9, 11, 10))
    >>> bags = [CalendarBag("B-1", first, second), CalendarBag("B-2", gone, second + timedelta(1))]
    >>> [one.bag for one in plan_infusions([first, second], bags, run_hours=Fraction(10)).infusions]
    ['B-1', 'B-2']
    """
    serials = _keep_planned(doses, bags)
    taken = set(serials.values())
    moved = [bag for bag in bags if bag.serial not in taken and bag.dose is not None]
    spares = [bag for bag in bags if bag.serial not in taken and bag.dose is None]
    reach = max(_count_up_to_last(doses, serials), len(serials) + len(moved))
    free = [dose for dose in doses[:reach] if dose not in serials]
    others = [*moved, *spares]
    settled = assign_bags(free, [BagThere(doses[0], bag.beyond_use) for bag in others] if free else [])
    serials |= {dose: others[place].serial for dose, place in settled.served if place is not None}
    run = timedelta(microseconds=int(run_hours * _HOUR))
    shown = doses[: _count_up_to_last(doses, serials)]
    used = set(serials.values())
    return InfusionPlan(
        infusions=tuple(Infusion(dose, dose + run, serials.get(dose)) for dose in shown),
        unused=tuple(bag.serial for bag in bags if bag.serial not in used),
    )


def _keep_planned(doses: Sequence[datetime], bags: Sequence[CalendarBag]) -> dict[datetime, str]:
    """Give each bag the dose that it was planned for, if the schedule still has it and the bag lasts."""
    schedule = set(doses)
    kept: dict[datetime, str] = {}
    for bag in bags:
        if bag.dose in schedule and bag.dose is not None and bag.dose < bag.beyond_use:
            kept.setdefault(bag.dose, bag.serial)
    return kept


def _count_up_to_last(doses: Sequence[datetime], serials: dict[datetime, str]) -> int:
    return max((place for place, dose in enumerate(doses, start=1) if dose in serials), default=0)


__all__ = ["CalendarBag", "Infusion", "InfusionPlan", "plan_infusions"]
