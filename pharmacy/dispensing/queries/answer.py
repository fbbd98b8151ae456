"""What a plan keeps, as text in its record: the inputs it was made from and each dose with its bag."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pharmacy.dispensing.models import DispensePlan, PlannedDelivery
from pharmacy.domain.dispensing_assign import BagThere, assign_bags

CHOSEN = "the quantity chosen"


class Origin(StrEnum):
    """Say where the bag of a dose comes from."""

    HOME = "at home"
    READY = "made or in work"
    NEW = "to be made"


@dataclass(frozen=True, slots=True)
class KnownBag:
    """Hold a bag that exists or is in work; a bag counted by number has no serial."""

    serial: str | None
    beyond_use: datetime


@dataclass(frozen=True, slots=True)
class Arrival:
    """Hold a delivery as typed, with when its bags are prepared and until when they can be started."""

    arrives: datetime
    prepare_from: datetime
    beyond_use: datetime


@dataclass(frozen=True, slots=True)
class PlannedDose:
    """Hold a dose with its bag: `place` counts within its origin, and deliveries for a bag to be made."""

    dose: datetime
    origin: Origin | None
    place: int | None
    why: str | None


@dataclass(frozen=True, slots=True)
class PlanInputs:
    """Hold what a plan was made from; `basis` is what must not have changed when it is signed."""

    home: tuple[KnownBag, ...]
    ready: tuple[KnownBag, ...]
    arrivals: tuple[Arrival, ...]
    spare_bags: int
    lead_hours: int
    basis: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Share:
    """Hold what one delivery brings: the doses of its new bags, and the ready bags with their doses."""

    covers: tuple[datetime, ...]
    ready: tuple[tuple[str, datetime | None], ...]


def write_json(value: Any) -> str:
    """Write a value as it is kept; instants in UTC to the last digit."""
    return json.dumps(value, default=_plain, sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be kept")


def write_inputs(inputs: PlanInputs) -> str:
    """Write the inputs of a plan."""
    return write_json(asdict(inputs))


def read_inputs(plan: DispensePlan) -> PlanInputs:
    """Read the inputs that a plan was made from."""
    kept = json.loads(plan.inputs)
    return PlanInputs(
        home=tuple(_read_bag(one) for one in kept["home"]),
        ready=tuple(_read_bag(one) for one in kept["ready"]),
        arrivals=tuple(Arrival(**_instants(one)) for one in kept["arrivals"]),
        spare_bags=kept["spare_bags"],
        lead_hours=kept["lead_hours"],
        basis=kept["basis"],
    )


def _read_bag(kept: Mapping[str, str]) -> KnownBag:
    return KnownBag(kept["serial"], datetime.fromisoformat(kept["beyond_use"]))


def _instants(kept: Mapping[str, str]) -> dict[str, datetime]:
    return {name: datetime.fromisoformat(text) for name, text in kept.items()}


def write_doses(doses: Sequence[PlannedDose]) -> str:
    """Write each dose with its bag."""
    return write_json([asdict(one) for one in doses])


def read_doses(plan: DispensePlan) -> list[PlannedDose]:
    """Read each dose of a plan with the bag that the rule proposes for it."""
    return [
        PlannedDose(
            dose=datetime.fromisoformat(one["dose"]),
            origin=Origin(one["origin"]) if one["origin"] else None,
            place=one["place"],
            why=one["why"],
        )
        for one in json.loads(plan.answer)
    ]


def read_chosen_doses(plan: DispensePlan) -> list[PlannedDose]:
    """Read each dose with its bag under the quantities chosen: the proposal where none was changed."""
    proposed = read_doses(plan)
    if all(one.bags_chosen == one.bags_proposed for one in plan.deliveries):
        return proposed
    return settle_chosen(proposed, read_inputs(plan), [one.bags_chosen for one in plan.deliveries])


def settle_chosen(
    proposed: Sequence[PlannedDose], inputs: PlanInputs, chosen: Sequence[int]
) -> list[PlannedDose]:
    """Give the doses the bags that there are when each delivery brings the number chosen."""
    starts = datetime.min.replace(tzinfo=inputs.arrivals[0].arrives.tzinfo)
    first = inputs.arrivals[0].arrives
    named = [(Origin.HOME, place, BagThere(starts, bag.beyond_use)) for place, bag in enumerate(inputs.home)]
    named += [
        (Origin.READY, place, BagThere(first, bag.beyond_use)) for place, bag in enumerate(inputs.ready)
    ]
    for number, (arrival, bags) in enumerate(zip(inputs.arrivals, chosen, strict=True)):
        named += [(Origin.NEW, number, BagThere(arrival.arrives, arrival.beyond_use))] * bags
    why = {one.dose: one.why for one in proposed}
    settled = assign_bags([one.dose for one in proposed], [bag for _, _, bag in named])
    return [
        PlannedDose(dose, None, None, why[dose] or CHOSEN)
        if place is None
        else PlannedDose(dose, named[place][0], named[place][1], None)
        for dose, place in settled.served
    ]


def share_out(doses: Sequence[PlannedDose], inputs: PlanInputs, *, ends: datetime) -> list[Share]:
    """Say what each delivery brings; ready bags go with the first: those with a dose, and spares to keep.

    Of the ready bags without a dose only as many go along as the site keeps spare and home does not have.
    """
    if not inputs.arrivals:
        return []
    ready = {one.place: one.dose for one in doses if one.origin is Origin.READY}
    used_at_home = {one.place for one in doses if one.origin is Origin.HOME}
    closes = inputs.arrivals[1].arrives if len(inputs.arrivals) > 1 else ends
    at_home = sum(
        place not in used_at_home and bag.beyond_use > closes for place, bag in enumerate(inputs.home)
    )
    spare = [
        place for place, bag in enumerate(inputs.ready) if place not in ready and bag.beyond_use > closes
    ]
    along = {*ready, *spare[: max(0, inputs.spare_bags - at_home)]}
    brought = tuple(
        (bag.serial or "", ready.get(place)) for place, bag in enumerate(inputs.ready) if place in along
    )
    return [
        Share(
            covers=tuple(one.dose for one in doses if one.origin is Origin.NEW and one.place == number),
            ready=brought if number == 0 else (),
        )
        for number in range(len(inputs.arrivals))
    ]


def list_covers(delivery: PlannedDelivery) -> list[datetime]:
    """List the doses that the bags to be made for a delivery are for; further bags are spares."""
    return [datetime.fromisoformat(one) for one in json.loads(delivery.covers)]


def list_ready(delivery: PlannedDelivery) -> list[tuple[str, datetime | None]]:
    """List the ready bags that come with a delivery: the serial with its dose, or None for a spare."""
    return [
        (serial, datetime.fromisoformat(dose) if dose else None)
        for serial, dose in json.loads(delivery.ready)
    ]


def count_bags_to_bring(delivery: PlannedDelivery) -> int:
    """Count the bags that belong into the box: those to be made and those that are ready."""
    return delivery.bags_chosen + len(list_ready(delivery))
