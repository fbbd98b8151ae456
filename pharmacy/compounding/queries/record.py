"""What a compounding record rests on, whether it still says what was signed, and what came after."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from pharmacy.accounts.models import Signature, Site
from pharmacy.audit.chain import canonical, digest
from pharmacy.compounding.models import Bag, Complaint, Deviation, Worksheet
from pharmacy.compounding.queries.competences import list_competences
from pharmacy.compounding.queries.content import list_frozen_limits, worksheet_content
from pharmacy.compounding.queries.deviations import list_deviations_of
from pharmacy.compounding.queries.standing import name_bag, read_standings, reconcile_worksheet
from pharmacy.domain.bag_release import count_bags
from pharmacy.domain.lifecycle import say
from pharmacy.domain.reconciliation import Reconciliation
from pharmacy.domain.signed_record import list_changed
from pharmacy.inventory.models import MovementKind, StockMovement


def record_content(worksheet: Worksheet) -> dict[str, Any]:
    """Return all that the record of a worksheet rests on; what may still be added stands in lists."""
    return worksheet_content(worksheet) | {
        "checked": worksheet.check.digest if worksheet.check else None,
        "started": [worksheet.started_at, worksheet.started_by.name if worksheet.started_by else None],
        "beyond_use": [asdict(one) for one in list_frozen_limits(worksheet)],
        "place": worksheet.place,
        "scans": [
            [scan.raw, scan.product.name, scan.lot.number, scan.person.name, scan.at, scan.undone_because]
            for scan in worksheet.scans
        ],
        "steps_done": [
            [
                *(done.step.value, done.formula_step.instruction if done.formula_step else None, done.bag_id),
                *(done.undone, done.reason, done.grams, done.person.name, done.at),
                done.attachment.digest if done.attachment else None,
            ]
            for done in worksheet.steps_done
        ],
        "handovers": [[one.from_id, one.to_id, one.reason, one.at] for one in worksheet.handovers],
        "notes": [[one.bag_id, one.text, one.person.name, one.at] for one in worksheet.station_notes],
        "bags_made": [_bag_content(bag) for bag in worksheet.bags],
    }


def _bag_content(bag: Bag) -> dict[str, Any]:
    return {
        "serial": bag.serial,
        "made": [bag.made_at, bag.made_by.name if bag.made_by else None],
        "components": [
            [
                *(part.lot.product.name, part.lot.number, part.lot.expires_at, part.lot.supplier),
                *(part.volume_ml, part.opened_container.opened_at, part.person.name, part.at),
            ]
            for part in bag.components
        ],
        "volumes": [
            [
                *(check.first_ml, check.first_by.name, check.first_at),
                *(check.second_ml, check.second_by.name if check.second_by else None, check.second_at),
                check.agrees,
            ]
            for check in bag.checks
        ],
        "weighings": [
            [
                *(one.before_g, one.after_g, one.least_g, one.most_g),
                *(one.passes, one.reason, one.person.name, one.at),
            ]
            for one in bag.weighings
        ],
        "labels": [
            [copy.copy_number, copy.said, copy.beyond_use_at, copy.applied_at, copy.reason]
            for copy in bag.labels
        ],
        "inspections": [
            [
                *(one.no_particles, one.colour_right, one.closure_intact, one.label_matches),
                *(one.outcome.value, one.reason, one.person.name, one.at),
            ]
            for one in bag.inspections
        ],
        "reworks": [
            [one.kind.value, one.to_do, one.asked_by.name, one.asked_at, one.done_note, one.done_at]
            for one in bag.reworks
        ],
        "shortened": [[one.was, one.became, one.reason, one.person.name, one.at] for one in bag.shortenings],
    }  # fmt: skip


def list_record_changes(worksheet: Worksheet) -> list[str] | None:
    """List where the record no longer says what was signed; None before it was, or where none was kept."""
    signed = worksheet.signed_record
    if signed is None:
        return None
    then = json.loads(signed.content)
    if digest(then) != signed.digest:
        return ["the signed record itself"]
    return list_changed(then, json.loads(canonical(record_content(worksheet))))


@dataclass(frozen=True)
class LaterFact:
    """Hold one thing that was added to a record after it was signed."""

    at: datetime
    who: str
    what: str


@dataclass(frozen=True, kw_only=True)
class RecordFacts:
    """Hold what a compounding record is written from, beside the worksheet itself."""

    site: Site
    count: str
    reconciliation: Reconciliation
    signed: list[Signature]
    waste: list[StockMovement]
    competences: Mapping[int, str]
    deviations: list[Deviation]
    complaints: list[Complaint]
    changed: list[str] | None

    def list_later(self, worksheet: Worksheet) -> list[LaterFact]:
        """List what was added after the release was signed, in the order of time."""
        signed = worksheet.signed_record
        if signed is None:
            return []
        found = (one for one in _list_additions(worksheet, self) if one.at > signed.at)
        return sorted(found, key=lambda one: one.at)


def _list_additions(worksheet: Worksheet, facts: RecordFacts) -> Iterator[LaterFact]:
    for bag in worksheet.bags:
        name = name_bag(bag)
        for seen in bag.inspections:
            why = f": {seen.reason}" if seen.reason else ""
            yield LaterFact(seen.at, seen.person.name, f"{name} inspected again, {seen.outcome.value}{why}")
        for short in bag.shortenings:
            yield LaterFact(short.at, short.person.name, f"Date of {name} shortened: {short.reason}")
        for copy in bag.labels:
            if copy.applied_at is not None and copy.applied_by is not None:
                text = f"{name}: label copy {copy.copy_number} put on"
                yield LaterFact(copy.applied_at, copy.applied_by.name, text)
    for deviation in facts.deviations:
        text = f"Deviation {deviation.serial} opened: {deviation.what}"
        yield LaterFact(deviation.opened_at, deviation.opened_by.name, text)
        if deviation.closing is not None and deviation.closed_at is not None:
            text = f"Deviation {deviation.serial} closed"
            yield LaterFact(deviation.closed_at, deviation.closing.printed_name, text)
    for complaint in facts.complaints:
        text = f"Complaint ({say(complaint.kind)}) from {complaint.complainant}: {complaint.nature}"
        yield LaterFact(complaint.taken_at, complaint.taken_by.name, text)
    for one in worksheet.addenda:
        yield LaterFact(one.at, one.signature.printed_name, f"Addendum: {one.what}")


def get_record_facts(session: Session, worksheet: Worksheet, *, at: datetime) -> RecordFacts:
    """Return the counts, signatures, waste, deviations and complaints of a worksheet."""
    return RecordFacts(
        site=session.get_one(Site, worksheet.site_id),
        count=count_bags(read_standings(session, worksheet, at=at)).say(decided=True),
        reconciliation=reconcile_worksheet(worksheet),
        signed=_list_signatures(session, worksheet),
        waste=_list_waste(session, worksheet),
        competences=list_competences(session, worksheet),
        deviations=list_deviations_of(session, worksheet),
        complaints=list_complaints_of(session, worksheet.bags),
        changed=list_record_changes(worksheet),
    )


def list_complaints_of(session: Session, bags: Sequence[Bag]) -> list[Complaint]:
    """List what was reported of bags, oldest first."""
    return list(
        session.scalars(
            select(Complaint)
            .where(Complaint.bag_id.in_([bag.id for bag in bags]))
            .options(joinedload(Complaint.bag))
            .order_by(Complaint.id)
        )
    )


def _list_signatures(session: Session, worksheet: Worksheet) -> list[Signature]:
    bags = [bag.id for bag in worksheet.bags]
    return list(
        session.scalars(
            select(Signature)
            .where(
                ((Signature.record_type == "worksheet") & (Signature.record_id == worksheet.id))
                | ((Signature.record_type == "bag") & Signature.record_id.in_(bags))
            )
            .order_by(Signature.id)
        )
    )


def _list_waste(session: Session, worksheet: Worksheet) -> list[StockMovement]:
    return list(
        session.scalars(
            select(StockMovement)
            .where(
                StockMovement.worksheet_id == worksheet.id,
                StockMovement.kind == MovementKind.WASTED,
                StockMovement.volume_ml != 0,
            )
            .options(joinedload(StockMovement.lot))
            .order_by(StockMovement.id)
        )
    )
