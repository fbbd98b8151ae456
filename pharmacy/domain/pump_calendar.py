"""The dated calendar of a pump sheet: every infusion of the schedule with the bag that it takes.

No pump knows the days of infusion (pumps.md 1.4): the calendar does. A bag goes to the dose that it was
planned for; one whose dose is none of the schedule any more, as after a change of frequency, goes to the next
free dose that it can be started for; a spare fills a gap and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from pharmacy.domain.dispensing_assign import BagThere, assign_bags
from pharmacy.domain.elapsed import elapsed


@dataclass(frozen=True, slots=True)
class CalendarBag:
    """Hold a bag with the dose that it was planned for, None for a spare.

    It can be started from `there_from` on and before `beyond_use`; `name` is its serial, or what a bag that
    was counted without one is called.
    """

    name: str
    dose: datetime | None
    there_from: datetime
    beyond_use: datetime

    def can_serve(self, dose: datetime) -> bool:
        """Tell whether the bag is there and can still be started."""
        return self.there_from <= dose < self.beyond_use


@dataclass(frozen=True, slots=True)
class Infusion:
    """Hold one infusion; without a `bag` none of those given can serve it."""

    starts: datetime
    ends: datetime
    bag: str | None


@dataclass(frozen=True, slots=True)
class InfusionPlan:
    """Hold the infusions from the first to the last that has a bag, and the bags that none of them takes."""

    infusions: tuple[Infusion, ...]
    unused: tuple[str, ...]


def plan_infusions(
    doses: Sequence[datetime], bags: Sequence[CalendarBag], *, run_hours: Fraction
) -> InfusionPlan:
    """Give each dose of the schedule its bag, if one is there and lasts.

    `doses` are instants in time order, from now on. An infusion ends `run_hours` elapsed hours after it
    starts, whatever the clocks do.

    >>> from datetime import UTC
    >>> first, second, gone = (datetime(2026, 11, day, 21, tzinfo=UTC) for day in (9, 11, 10))
    >>> from datetime import timedelta
    >>> late = second + timedelta(1)
    >>> bags = [CalendarBag("B-1", first, first, second), CalendarBag("B-2", gone, first, late)]
    >>> [one.bag for one in plan_infusions([first, second], bags, run_hours=Fraction(10)).infusions]
    ['B-1', 'B-2']
    """
    given = _keep_planned(doses, bags)
    given |= _fill_gaps(doses, bags, given)
    served = [place for place, dose in enumerate(doses) if dose in given]
    shown = doses[served[0] : served[-1] + 1] if served else ()
    run = elapsed(run_hours)
    used = set(given.values())
    return InfusionPlan(
        infusions=tuple(
            Infusion(dose, dose + run, bags[given[dose]].name if dose in given else None) for dose in shown
        ),
        unused=tuple(bag.name for place, bag in enumerate(bags) if place not in used),
    )


def _keep_planned(doses: Sequence[datetime], bags: Sequence[CalendarBag]) -> dict[datetime, int]:
    """Give each bag the dose that it was planned for, if the schedule still has it; answers bags by place."""
    schedule = set(doses)
    kept: dict[datetime, int] = {}
    for place, bag in enumerate(bags):
        if bag.dose is not None and bag.dose in schedule and bag.can_serve(bag.dose):
            kept.setdefault(bag.dose, place)
    return kept


def _fill_gaps(
    doses: Sequence[datetime], bags: Sequence[CalendarBag], kept: Mapping[datetime, int]
) -> dict[datetime, int]:
    """Give the bags that lost their dose, then the spares, to free doses.

    The calendar grows by one day for each bag that lost its dose, and by none for a spare.
    """
    taken = set(kept.values())
    left = [place for place in range(len(bags)) if place not in taken]
    moved = [place for place in left if bags[place].dose is not None]
    spares = [place for place in left if bags[place].dose is None]
    last = max((place for place, dose in enumerate(doses, start=1) if dose in kept), default=0)
    free = [dose for dose in doses[: max(last, len(kept) + len(moved))] if dose not in kept]
    others = [*moved, *spares]
    settled = assign_bags(free, [BagThere(bags[one].there_from, bags[one].beyond_use) for one in others])
    return {dose: others[place] for dose, place in settled.served if place is not None}


__all__ = ["CalendarBag", "Infusion", "InfusionPlan", "plan_infusions"]
