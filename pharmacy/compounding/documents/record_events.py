"""What happened around a preparation, in sentences: steps, photos, notes, deviations and complaints."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from pharmacy.compounding.models import Bag, Complaint, Deviation, StepDone, Worksheet
from pharmacy.compounding.queries import LaterFact, name_bag
from pharmacy.domain.formatting import counted, day, moment, quantity
from pharmacy.domain.lifecycle import say
from pharmacy.domain.place_words import say_lowered
from pharmacy.domain.reconciliation import Equation, Reconciliation


def say_counts(counts: Reconciliation) -> tuple[str, ...]:
    """Say the two counts as equations, with the serials of each side, and what is missing."""
    return (
        _say_equation(counts.bags, "bag", "planned", "made", "given up"),
        _say_equation(counts.labels, "label", "printed", "applied", "destroyed"),
        *counts.list_open_ends(),
    )


def _say_equation(one: Equation, noun: str, whole: str, first: str, second: str) -> str:
    said = (
        f"{counted(len(one.whole), noun)} {whole} = {len(one.first)} {first} plus {len(one.second)} {second}"
    )
    sides = [
        f"{word}: {', '.join(names)}" for word, names in ((first, one.first), (second, one.second)) if names
    ]
    listed = "; ".join(sides)
    return f"{said}. {listed[:1].upper()}{listed[1:]}." if listed else f"{said}."


def list_steps(worksheet: Worksheet, zone: ZoneInfo) -> tuple[str, ...]:
    """List the steps that were confirmed at the station, with who and when."""
    bags = {bag.id: bag for bag in worksheet.bags}
    return tuple(
        f"{_about(done, bags)}{_name_step(done)}{_undone(done)}: {done.person.name}, {moment(done.at, zone)}"
        for done in worksheet.steps_done
    )


def _about(done: StepDone, bags: dict[int, Bag]) -> str:
    return f"Bag {bags[done.bag_id].position}: " if done.bag_id in bags else ""


def _name_step(done: StepDone) -> str:
    words = done.formula_step.instruction.rstrip(".") if done.formula_step else say(done.step)
    return f"{words}, {quantity(done.grams, 'g')}" if done.grams is not None else words


def _undone(done: StepDone) -> str:
    if done.undone:
        return f" (undone: {done.reason})"
    return f" (again: {done.reason})" if done.reason else ""


def list_photographs(worksheet: Worksheet, zone: ZoneInfo) -> tuple[str, ...]:
    """List the photographs of the station and of reworks, each with the digest under which it is kept."""
    bags = {bag.id: bag for bag in worksheet.bags}
    steps = [
        f"{_about(done, bags)}{_name_step(done)}: {done.attachment.name}, digest {done.attachment.digest},"
        f" {done.person.name}, {moment(done.at, zone)}"
        for done in worksheet.steps_done
        if done.attachment is not None
    ]
    mended = [
        f"Bag {bag.position}, rework: {one.photo.name}, digest {one.photo.digest}"
        for bag in worksheet.bags
        for one in bag.reworks
        if one.photo is not None
    ]
    return (*steps, *mended)


def list_notes(worksheet: Worksheet, zone: ZoneInfo) -> tuple[str, ...]:
    """List the notes of the station and the handovers between people."""
    bags = {bag.id: f"Bag {bag.position}: " for bag in worksheet.bags}
    notes = [
        f"{bags.get(one.bag_id or 0, '')}{one.text} ({one.person.name}, {moment(one.at, zone)})"
        for one in worksheet.station_notes
    ]
    handed = [
        f"{one.from_person.name if one.from_person else 'Nobody'} to"
        f" {one.to_person.name if one.to_person else 'nobody'}, {moment(one.at, zone)}: {one.state}"
        + (f" ({one.reason})" if one.reason else "")
        for one in worksheet.handovers
    ]
    return (*notes, *handed)


def list_complaints(complaints: Sequence[Complaint], zone: ZoneInfo) -> tuple[str, ...]:
    """List what was reported of the bags after they left."""
    return tuple(
        f"Bag {one.bag.serial}, {say(one.kind)}, received {day(one.received_on)} from {one.complainant}:"
        f" {one.nature} Answer: {one.response} ({one.taken_by.name}, {moment(one.taken_at, zone)})"
        for one in complaints
    )


def list_later(later: Sequence[LaterFact], zone: ZoneInfo) -> tuple[str, ...]:
    """List what was added after the release was signed."""
    return tuple(f"{one.what} ({one.who}, {moment(one.at, zone)})" for one in later)


def _say_deviation(one: Deviation, zone: ZoneInfo) -> str:
    bags = ", ".join(_say_affected(part.bag.serial, part.disposition) for part in one.bags)
    about = f" Bags: {bags}." if bags else ""
    closed = f" Closed {moment(one.closed_at, zone)}." if one.closed_at else " Not closed yet."
    cause = f" Cause: {one.cause}" if one.cause else ""
    return f"Deviation {one.serial}, {one.gravity.value}: {one.what}{about}{cause}{closed}"


def _say_affected(serial: str, disposition: object) -> str:
    words = {"release": " may be released", "destroyed": " destroyed"}
    return serial + words.get(str(disposition), "")


def list_deviations(worksheet: Worksheet, deviations: Sequence[Deviation], zone: ZoneInfo) -> tuple[str, ...]:
    """List the deviations, and what else did not go as planned: scans, volumes, labels, bags not made."""
    found = [_say_deviation(one, zone) for one in deviations]
    if lowered := say_lowered(worksheet.place):
        found.append(lowered)
    found += [
        f"Lot {scan.lot.number} was read from the container by {scan.person.name}; its code holds no lot."
        for scan in worksheet.scans
        if scan.lot_by_hand
    ]
    found += [
        f"Scan of lot {scan.lot.number} undone {moment(scan.undone_at, zone)}: {scan.undone_because}."
        for scan in worksheet.scans
        if scan.undone_at is not None
    ]
    for bag in worksheet.bags:
        name = name_bag(bag)
        found += [
            f"{name}: two volumes differed {moment(check.second_at, zone)}; the syringe was discarded."
            for check in bag.checks
            if check.second_at is not None and not check.agrees
        ]
        found += [
            f"{name}: label copy {copy.copy_number} destroyed {moment(copy.destroyed_at, zone)}: "
            f"{copy.destroyed_because}."
            for copy in bag.labels
            if copy.destroyed_at is not None
        ]
        if bag.made_at is None:
            found.append(f"{name} was not made.")
    return tuple(found)
