"""What the page of a plan shows: each dose with its bag, what is left over, and what each delivery brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pharmacy.dispensing.models import DispensePlan, PlannedDelivery
from pharmacy.dispensing.queries.answer import (
    CHOSEN,
    Origin,
    PlanInputs,
    PlannedDose,
    list_covers,
    list_ready,
    read_chosen_doses,
    read_inputs,
)


@dataclass(frozen=True, slots=True)
class ShownDose:
    """Hold a dose with the bag that it gets: by serial, by its delivery, or none and why."""

    dose: datetime
    origin: Origin | None
    serial: str | None
    delivery: int | None
    beyond_use: datetime | None
    why: str | None


@dataclass(frozen=True, slots=True)
class LeftOver:
    """Hold a bag at home that serves no dose, and whether it can still be started when the plan ends."""

    serial: str | None
    beyond_use: datetime
    is_spare: bool


@dataclass(frozen=True, slots=True)
class ShownDelivery:
    """Hold a planned delivery by its number in the plan, with the doses and bags that it is for."""

    number: int
    record: PlannedDelivery
    covers: tuple[datetime, ...]
    ready: tuple[tuple[str, datetime | None], ...]

    @property
    def spares(self) -> int:
        """Return how many of the bags to be made are for no dose."""
        return self.record.bags_chosen - len(self.covers)


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """Hold what the page of a plan shows."""

    doses: tuple[ShownDose, ...]
    deliveries: tuple[ShownDelivery, ...]
    left_over: tuple[LeftOver, ...]
    not_sent: tuple[str, ...]
    working: tuple[str, ...]

    @property
    def is_chosen_otherwise(self) -> bool:
        """Tell whether a quantity differs from the proposal."""
        return any(one.record.bags_chosen != one.record.bags_proposed for one in self.deliveries)

    @property
    def without_bag(self) -> list[ShownDose]:
        """List the doses that have no bag."""
        return [one for one in self.doses if one.origin is None]

    @property
    def lost_by_choice(self) -> list[ShownDose]:
        """List the doses that only the quantity chosen leaves without a bag."""
        return [one for one in self.doses if one.why == CHOSEN]

    @property
    def expiring(self) -> list[LeftOver]:
        """List the bags at home that expire unused."""
        return [one for one in self.left_over if not one.is_spare]


def show_plan(plan: DispensePlan) -> ShownPlan:
    """Read a plan for its page, under the quantities chosen."""
    inputs, doses = read_inputs(plan), read_chosen_doses(plan)
    deliveries = tuple(
        ShownDelivery(number, one, tuple(list_covers(one)), tuple(list_ready(one)))
        for number, one in enumerate(plan.deliveries, start=1)
    )
    sent = {serial for one in deliveries for serial, _ in one.ready}
    return ShownPlan(
        doses=tuple(_show_dose(one, inputs) for one in doses),
        deliveries=deliveries,
        left_over=tuple(_list_left_over(doses, inputs, plan.ends_at)),
        not_sent=tuple(bag.serial for bag in inputs.ready if bag.serial and bag.serial not in sent),
        working=tuple(plan.working.split("\n")),
    )


def _show_dose(planned: PlannedDose, inputs: PlanInputs) -> ShownDose:
    if planned.origin is None or planned.place is None:
        return ShownDose(planned.dose, None, None, None, None, planned.why)
    if planned.origin is Origin.NEW:
        arrival = inputs.arrivals[planned.place]
        return ShownDose(planned.dose, planned.origin, None, planned.place + 1, arrival.beyond_use, None)
    bag = (inputs.home if planned.origin is Origin.HOME else inputs.ready)[planned.place]
    number = 1 if planned.origin is Origin.READY else None
    return ShownDose(planned.dose, planned.origin, bag.serial, number, bag.beyond_use, None)


def _list_left_over(doses: Sequence[PlannedDose], inputs: PlanInputs, ends: datetime) -> list[LeftOver]:
    used = {one.place for one in doses if one.origin is Origin.HOME}
    return [
        LeftOver(bag.serial, bag.beyond_use, is_spare=bag.beyond_use > ends)
        for place, bag in enumerate(inputs.home)
        if place not in used
    ]
