"""What was done to a bag at the bench and decided about it: steps, weights, handovers, deviations."""

from __future__ import annotations

from collections.abc import Iterator

from pharmacy.compounding.models import Bag, StepDone
from pharmacy.domain.formatting import quantity
from pharmacy.domain.lifecycle import say
from pharmacy.trace.queries.step import Step


def list_bench_steps(bag: Bag) -> Iterator[Step]:
    """List what was confirmed, weighed, handed over and noted for a bag or its whole worksheet."""
    sheet = bag.worksheet
    for done in sheet.steps_done:
        if done.bag_id in (None, bag.id):
            yield Step(done.at, done.person.name, _say_done(done))
    for weighed in bag.weighings:
        change = quantity(weighed.after_g - weighed.before_g, "g")
        words = "within its window" if weighed.passes else "outside its window"
        yield Step(weighed.at, weighed.person.name, f"weighed the addition: {change}, {words}")
    for passed in sheet.handovers:
        names = [one.name if one else "nobody" for one in (passed.from_person, passed.to_person)]
        yield Step(
            passed.at,
            names[1] if passed.to_person else names[0],
            f"handed over from {names[0]} to {names[1]}",
        )
    for note in sheet.station_notes:
        if note.bag_id in (None, bag.id):
            yield Step(note.at, note.person.name, f"noted: {note.text}")


def _say_done(done: StepDone) -> str:
    grams = f", {quantity(done.grams, 'g')}" if done.grams is not None else ""
    photo = ", with a photo" if done.attachment_id else ""
    return f"{'undid' if done.undone else 'confirmed'}: {done.words}{grams}{photo}"


def list_decided_steps(bag: Bag) -> Iterator[Step]:
    """List its reworks, allocations, deviations and clearances."""
    for rework in bag.reworks:
        yield Step(
            rework.asked_at, rework.asked_by.name, f"sent it to rework ({say(rework.kind)}): {rework.to_do}"
        )
        if rework.done_at and rework.done_by:
            yield Step(rework.done_at, rework.done_by.name, f"did the rework: {rework.done_note or 'done'}")
    for given in bag.allocations:
        whom = f"{given.patient.family_name}, {given.patient.given_name}"
        yield Step(given.allocated_at, given.allocated_by.name, f"allocated it from stock to {whom}")
        if given.undone_at and given.undone_by:
            yield Step(given.undone_at, given.undone_by.name, f"undid the allocation: {given.undone_because}")
    for one in bag.deviations:
        found = one.deviation
        yield Step(found.opened_at, found.opened_by.name, f"opened deviation {found.serial}: {found.what}")
        if one.decided_at and one.decided_by and one.disposition:
            words = f"decided in deviation {found.serial}: {say(one.disposition)}"
            yield Step(one.decided_at, one.decided_by.name, words)
    for cleared in bag.clearances:
        yield Step(cleared.at, cleared.person.name, f"cleared it of a recall: {cleared.reason}")
