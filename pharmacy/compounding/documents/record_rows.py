"""The rows of a compounding record: people, components, checks, weights and addenda."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from labels.compounding_record import Addendum, Component, Participant
from labels.rows import Check
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import ROLE_NAMES
from pharmacy.compounding.documents.imprint import product_code
from pharmacy.compounding.models import (
    Bag,
    BagComponent,
    BagWeighing,
    Inspection,
    Rework,
    VolumeCheck,
    Worksheet,
)
from pharmacy.compounding.queries import name_bag
from pharmacy.domain.formatting import moment, quantity
from pharmacy.domain.lifecycle import say
from pharmacy.inventory.models import StockMovement

_SEEN = (
    ("no_particles", "no particles", "particles or not confirmed"),
    ("colour_right", "colour and clarity right", "colour or clarity wrong or not confirmed"),
    ("closure_intact", "closure intact", "closure not intact or not confirmed"),
    ("label_matches", "label agrees with the order", "label does not agree or not confirmed"),
)


def list_participants(worksheet: Worksheet, competences: Mapping[int, str]) -> tuple[Participant, ...]:
    """List everybody who compounded or verified, each once, with their parts in the order of the work.

    `competences` say of those who worked at the bench, by their number, how competent they were then.
    """
    parts: dict[int, list[str]] = defaultdict(list)
    people: dict[int, Person] = {}
    for person, part in _parts(worksheet):
        if person is not None:
            people[person.id] = person
            if part not in parts[person.id]:
                parts[person.id].append(part)
    return tuple(
        Participant(
            name=one.name,
            role=ROLE_NAMES[one.role],
            part=", ".join(parts[one.id]),
            competence=competences.get(one.id, ""),
        )
        for one in people.values()
    )


def _parts(worksheet: Worksheet) -> Iterator[tuple[Person | None, str]]:
    version = worksheet.order_version
    verification = version.verification if version else None
    yield (verification.person if verification else None), "verified the order"
    yield worksheet.opened_by, "opened the worksheet"
    yield (worksheet.check.person if worksheet.check else None), "checked the worksheet"
    yield worksheet.started_by, "started preparation"
    for scan in worksheet.scans:
        yield scan.person, "scanned components"
    for step in worksheet.steps_done:
        yield step.person, "confirmed steps"
    for handover in worksheet.handovers:
        yield handover.to_person, "took the worksheet over"
    for bag in worksheet.bags:
        for check in bag.checks:
            yield check.first_by, "drew the additive"
            yield check.second_by, "checked the volume independently"
        for weighing in bag.weighings:
            yield weighing.person, "weighed bags"
        yield bag.made_by, "put bags together"
        for copy in bag.labels:
            yield copy.applied_by, "labelled bags"
        for seen in bag.inspections:
            yield seen.person, "inspected bags"
        for rework in bag.reworks:
            yield rework.done_by, "mended bags"
    yield (worksheet.release.person if worksheet.release else None), "released"


def list_components(
    worksheet: Worksheet, waste: Sequence[StockMovement], zone: ZoneInfo
) -> tuple[Component, ...]:
    """List each component of each bag with its lot; what a container wasted stands in its last row."""
    wasted: dict[int | None, list[str]] = defaultdict(list)
    for movement in waste:
        wasted[movement.opened_container_id].append(quantity(-movement.volume_ml, "mL"))
    rows = [(bag, part) for bag in worksheet.bags for part in bag.components]
    last = {part.opened_container_id: part.id for _, part in rows}
    return tuple(
        _component(
            bag,
            part,
            zone,
            " + ".join(wasted[part.opened_container_id]) if last[part.opened_container_id] == part.id else "",
        )
        for bag, part in rows
    )


def _component(bag: Bag, part: BagComponent, zone: ZoneInfo, waste: str) -> Component:
    lot, product = part.lot, part.lot.product
    return Component(
        name=f"Bag {bag.position}: {product.drug}",
        strength=f"{product.strength}, {product.container}",
        product_code=product_code(product),
        vendor=lot.supplier,
        lot=lot.number,
        expires=lot.expiry,
        amount=quantity(part.volume_ml, "mL"),
        first_entry=moment(part.opened_container.opened_at, zone),
        waste=waste,
    )


def list_checks(worksheet: Worksheet, zone: ZoneInfo) -> tuple[Check, ...]:
    """List the independent volume checks and the inspections of every bag."""
    return tuple(
        check
        for bag in worksheet.bags
        for check in (
            *(_volume_check(bag, one, zone) for one in bag.checks),
            *(_weight_check(bag, one, zone) for one in bag.weighings),
            *(_inspection_check(bag, one, zone) for one in bag.inspections),
            *(_rework_check(bag, one, zone) for one in bag.reworks),
        )
    )


def _volume_check(bag: Bag, one: VolumeCheck, zone: ZoneInfo) -> Check:
    return Check(
        check=f"{name_bag(bag)}: volume of the additive",
        result=_say_volumes(one),
        by=f"{one.first_by.name} and {one.second_by.name if one.second_by else 'nobody'}",
        at=moment(one.second_at or one.first_at, zone),
    )


def _say_volumes(one: VolumeCheck) -> str:
    """Say what two people measured; before the second has, nobody reads here what the first did."""
    if one.waits:
        return "first volume entered, waits for the second person"
    first = quantity(one.first_ml, "mL")
    if one.second_ml is None:
        return f"{first}; discarded before a second volume: {one.discarded_because}"
    verdict = "they agree with the order" if one.agrees else "difference: syringe discarded"
    return f"{first} and {quantity(one.second_ml, 'mL')}; {verdict}"


def _weight_check(bag: Bag, one: BagWeighing, zone: ZoneInfo) -> Check:
    change = quantity(one.after_g - one.before_g, "g")
    window = f"{quantity(one.least_g, 'g')} to {quantity(one.most_g, 'g')}"
    return Check(
        check=f"{name_bag(bag)}: weight of the addition",
        result=f"{change}, {'within' if one.passes else 'OUTSIDE'} {window}"
        + (f". Weighed again: {one.reason}" if one.reason else ""),
        by=one.person.name,
        at=moment(one.at, zone),
    )


def _rework_check(bag: Bag, one: Rework, zone: ZoneInfo) -> Check:
    done = f"done: {one.done_note}" if one.done_note else "not done yet"
    return Check(
        check=f"{name_bag(bag)}: rework",
        result=f"{say(one.kind)}: {one.to_do}; {done}",
        by=f"{one.asked_by.name} and {one.done_by.name if one.done_by else 'nobody'}",
        at=moment(one.done_at or one.asked_at, zone),
    )


def _inspection_check(bag: Bag, one: Inspection, zone: ZoneInfo) -> Check:
    return Check(
        check=f"{name_bag(bag)}: inspection",
        result=f"{one.outcome.value}: {say_seen(one)}" + (f". {one.reason}" if one.reason else ""),
        by=one.person.name,
        at=moment(one.at, zone),
    )


def say_seen(one: Inspection) -> str:
    """Say what an inspection confirmed and what it did not."""
    return ", ".join(good if getattr(one, name) else bad for name, good, bad in _SEEN)


def say_weight(bag: Bag) -> str:
    """Say what a bag weighed before and after its addition, and whether that lies in its window."""
    if not bag.weighings:
        return ""
    last = bag.weighings[-1]
    return (
        f"{quantity(last.before_g, 'g')} to {quantity(last.after_g, 'g')}: plus"
        f" {quantity(last.after_g - last.before_g, 'g')}, {'within' if last.passes else 'OUTSIDE'}"
        f" {quantity(last.least_g, 'g')} to {quantity(last.most_g, 'g')}"
    )


def list_addenda(worksheet: Worksheet, zone: ZoneInfo) -> tuple[Addendum, ...]:
    """List the signed corrections of a record, and the beyond-use dates that were made earlier."""
    signed = tuple(
        Addendum(
            what=one.what,
            old_value=one.old_value,
            new_value=one.new_value,
            reason=one.reason,
            by=f"{one.signature.printed_name}, signed",
            at=moment(one.at, zone),
        )
        for one in worksheet.addenda
    )
    return signed + tuple(
        Addendum(
            what=f"Beyond-use date of {name_bag(bag)}",
            old_value=moment(one.was, zone),
            new_value=moment(one.became, zone),
            reason=one.reason,
            by=one.person.name,
            at=moment(one.at, zone),
        )
        for bag in worksheet.bags
        for one in bag.shortenings
    )
