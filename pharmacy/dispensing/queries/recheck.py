"""The plan checked again with the bags that were really made and their real beyond-use dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from pharmacy.compounding.models import Bag
from pharmacy.dispensing.models import PlannedDelivery
from pharmacy.dispensing.queries.answer import count_bags_to_bring, list_covers, list_ready
from pharmacy.domain.dispensing_assign import BagThere, assign_bags
from pharmacy.domain.formatting import counted, moment
from pharmacy.domain.local_time import find_zone


class Rechecked(NamedTuple):
    """Hold a bag with the dose that it serves, or none, whether it may go, and the sentence that says so."""

    bag: Bag
    dose: datetime | None
    ok: bool
    sentence: str


class RecheckedDose(NamedTuple):
    """Hold a dose of a delivery with its bag, or none and why."""

    dose: datetime
    bag: Bag | None
    sentence: str


def list_doses_of(delivery: PlannedDelivery) -> list[datetime]:
    """List the doses that the bags of a delivery are for, in time order."""
    ready = [dose for _, dose in list_ready(delivery) if dose is not None]
    return sorted([*list_covers(delivery), *ready])


def recheck_delivery(_session: Session, delivery: PlannedDelivery, bags: Sequence[Bag]) -> list[Rechecked]:
    """Check each bag against the doses of its delivery, the earliest beyond-use date for the first dose.

    Answers in the order of `bags`. A bag may go when it can be started for its dose, or as a spare that the
    plan has room for and that outlasts the last dose.
    """
    served = _settle(delivery, bags)
    room = count_bags_to_bring(delivery) - len(list_doses_of(delivery))
    found: list[Rechecked] = []
    for place, bag in enumerate(bags):
        if place in served:
            found.append(Rechecked(bag, served[place], True, _say_served(delivery, bag, served[place])))
            continue
        objection = _object(delivery, bag, room)
        room -= objection is None
        spare = f"{bag.serial} is a spare: no dose of this delivery needs it."
        found.append(Rechecked(bag, None, objection is None, objection or spare))
    return found


def recheck_doses(delivery: PlannedDelivery, bags: Sequence[Bag]) -> list[RecheckedDose]:
    """Check each dose of a delivery: the bag that it gets, or the sentence that says it has none."""
    served = {dose: place for place, dose in _settle(delivery, bags).items()}
    zone = find_zone(delivery.plan.patient.time_zone)
    return [
        RecheckedDose(dose, bags[served[dose]], _say_served(delivery, bags[served[dose]], dose))
        if dose in served
        else RecheckedDose(
            dose, None, f"No bag in the box can be started for the dose on {moment(dose, zone)}."
        )
        for dose in list_doses_of(delivery)
    ]


def _settle(delivery: PlannedDelivery, bags: Sequence[Bag]) -> dict[int, datetime]:
    """Give the doses of a delivery its bags; answers the dose of each bag that has one."""
    made = list(_list_made(delivery, bags))
    settled = assign_bags(list_doses_of(delivery), [bag for _, bag in made])
    return {made[place][0]: dose for dose, place in settled.served if place is not None}


def _list_made(delivery: PlannedDelivery, bags: Sequence[Bag]) -> Iterator[tuple[int, BagThere]]:
    for place, bag in enumerate(bags):
        if bag.beyond_use_at is not None:
            yield place, BagThere(delivery.arrives_at, bag.beyond_use_at)


def _say_served(delivery: PlannedDelivery, bag: Bag, dose: datetime) -> str:
    zone = find_zone(delivery.plan.patient.time_zone)
    until = moment(bag.beyond_use_at, zone) if bag.beyond_use_at else ""
    return f"{bag.serial} for the dose on {moment(dose, zone)}: can be started before {until}."


def _object(delivery: PlannedDelivery, bag: Bag, room: int) -> str | None:
    """Say why a bag without a dose may not go along, or None for a spare."""
    zone = find_zone(delivery.plan.patient.time_zone)
    until = bag.beyond_use_at
    if until is None:
        return f"{bag.serial} has no beyond-use date: it is not made."
    late = next((dose for dose in list_doses_of(delivery) if dose >= until), None)
    if late is not None:
        return (
            f"{bag.serial} can be started only before {moment(until, zone)}, and the dose that would be its"
            f" turn is on {moment(late, zone)}. Leave it out."
        )
    if until <= delivery.arrives_at:
        return f"{bag.serial} can be started only before {moment(until, zone)}, when it is not there yet."
    if room <= 0:
        planned = counted(count_bags_to_bring(delivery), "bag")
        return f"{bag.serial} is one too many: the plan has {planned} for this delivery. Leave it out."
    return None
