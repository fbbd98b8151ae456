"""The compounding record: every item of USP <797> and of the states, as it was (domain.md 2.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from labels.compounding_record import BagMade, CompoundingRecord, Equipment, render_compounding_record
from pharmacy.compounding.documents.imprint import drawn, imprint, signatures, steps
from pharmacy.compounding.documents.label_words import NOT_PRINTED
from pharmacy.compounding.documents.made_for import made_for
from pharmacy.compounding.documents.record_events import (
    list_complaints,
    list_deviations,
    list_later,
    list_notes,
    list_photographs,
    list_steps,
    say_counts,
)
from pharmacy.compounding.documents.record_rows import (
    list_addenda,
    list_checks,
    list_components,
    list_participants,
    say_seen,
    say_weight,
)
from pharmacy.compounding.documents.worksheet import parts_of
from pharmacy.compounding.models import Bag, Worksheet
from pharmacy.compounding.queries import RecordFacts, list_frozen_limits, preparation_as_dated
from pharmacy.domain.formatting import counted, moment, quantity
from pharmacy.domain.lifecycle import say
from pharmacy.domain.place_words import say_conditions, say_hood, say_room
from pharmacy.domain.statuses import BagStatus
from pharmacy.formulary.models import Formula
from pharmacy.printing.actions import PaperMark

NOT_KEPT = "Not recorded for this worksheet; see the cleanroom log of the day"
IN_QUARANTINE = "BAGS IN QUARANTINE"


def draw_record(worksheet: Worksheet, facts: RecordFacts) -> Callable[[PaperMark], bytes]:
    """Return what draws the compounding record of a worksheet that was released."""
    return lambda mark: drawn(lambda: render_compounding_record(write_record(worksheet, facts, mark)))


def write_record(
    worksheet: Worksheet, facts: RecordFacts, mark: PaperMark = NOT_PRINTED
) -> CompoundingRecord:
    """Write the compounding record of a worksheet in finished texts, for its page and its paper alike."""
    formula, version = worksheet.formula, worksheet.order_version
    zone = ZoneInfo(facts.site.time_zone)
    made = [bag for bag in worksheet.bags if bag.made_at is not None]
    quarantined = any(bag.status is BagStatus.QUARANTINED for bag in worksheet.bags)
    return CompoundingRecord(
        **imprint(facts.site, mark),
        **made_for(worksheet),
        record_id=worksheet.serial,
        preparation=formula.name,
        strength=f"{quantity(worksheet.mg_per_ml, 'mg/mL')}, {quantity(worksheet.meq, 'mEq')} in each bag",
        dosage_form=formula.dosage_form,
        formula=f"{formula.code}, version {formula.version}",
        category=preparation_as_dated(worksheet).words(),
        started_at=_when(worksheet.started_at, zone),
        finished_at=_when(max((bag.made_at for bag in made if bag.made_at), default=None), zone),
        cabinet=say_hood(worksheet.place) or NOT_KEPT,
        room=say_room(worksheet.place) or NOT_KEPT,
        room_conditions=say_conditions(worksheet.place, zone) or NOT_KEPT,
        participants=list_participants(worksheet, facts.competences),
        components=list_components(worksheet, facts.waste, zone),
        equipment=tuple(
            Equipment(name=part, identity="As the master formulation record asks; serials are not kept here")
            for part in parts_of(formula.equipment)
        ),
        instructions=(*(step.instruction for step in formula.steps), formula.precautions),
        calculations=steps(worksheet.working),
        total_quantity=quantity(worksheet.total_ml * len(made), "mL"),
        final_yield=f"{counted(len(made), 'bag')} of {quantity(worksheet.total_ml, 'mL')}, "
        f"{formula.container_closure}",
        bags=tuple(_bag(bag, worksheet) for bag in worksheet.bags),
        beyond_use=_say_beyond_use(worksheet, zone),
        beyond_use_basis=_say_basis(worksheet, zone),
        storage=formula.storage_words,
        stability_reference=_say_stability(formula),
        quality_checks=list_checks(worksheet, zone),
        label_counts=_count_labels(worksheet, facts.count),
        label_copy=_label_copy(made),
        reconciliation=say_counts(facts.reconciliation),
        steps_done=list_steps(worksheet, zone),
        photographs=list_photographs(worksheet, zone),
        notes=list_notes(worksheet, zone),
        deviations=list_deviations(worksheet, facts.deviations, zone),
        problems_reported=list_complaints(facts.complaints, zone),
        record_digest=worksheet.signed_record.digest if worksheet.signed_record else "",
        added_later=list_later(facts.list_later(worksheet), zone),
        addenda=list_addenda(worksheet, zone),
        signatures=signatures([version.verification if version else None, *facts.signed], zone),
        watermark=IN_QUARANTINE if quarantined else "",
    )


def _when(at: datetime | None, zone: ZoneInfo) -> str:
    return moment(at, zone) if at else "not recorded"


def _bag(bag: Bag, worksheet: Worksheet) -> BagMade:
    made = bag.made_at is not None
    seen = bag.inspections[-1] if bag.inspections else None
    return BagMade(
        serial=bag.serial,
        volume=quantity(worksheet.total_ml, "mL") if made else "not made",
        weight=say_weight(bag),
        inspection=say_seen(seen) if seen else "not inspected",
        disposition=say(bag.status),
    )


def _say_beyond_use(worksheet: Worksheet, zone: ZoneInfo) -> str:
    dates = {bag.beyond_use_at for bag in worksheet.bags if bag.made_at is not None and bag.beyond_use_at}
    if len(dates) == 1:
        return moment(dates.pop(), zone)
    return "; ".join(
        f"bag {bag.position}: {moment(bag.beyond_use_at, zone)}"
        for bag in worksheet.bags
        if bag.made_at is not None and bag.beyond_use_at
    )


def _say_basis(worksheet: Worksheet, zone: ZoneInfo) -> str:
    """Say every limit that was weighed when preparation started, the soonest first."""
    limits = [
        f"{one.rule.capitalize()}, {moment(one.until, zone)}: {one.source}"
        for one in list_frozen_limits(worksheet)
    ]
    return " ".join([f"Limited by the {worksheet.beyond_use_limited_by}.", *limits])


def _say_stability(formula: Formula) -> str:
    return "; ".join(
        f"{one.storage}, {one.stable_for}: {one.reference.rstrip('.')}" for one in formula.stability
    )


def _count_labels(worksheet: Worksheet, count: str) -> str:
    copies = [copy for bag in worksheet.bags for copy in bag.labels]
    applied = sum(copy.applied and copy.destroyed_at is None for copy in copies)
    destroyed = sum(copy.destroyed_at is not None for copy in copies)
    again = sum(copy.copy_number > 1 for copy in copies)
    return f"{len(copies)} printed, {again} of them again, {applied} on bags, {destroyed} destroyed. {count}"


def _label_copy(made: Sequence[Bag]) -> tuple[str, ...]:
    """Return the text of the label of the first bag that bears one, as it was printed."""
    for bag in made:
        for copy in reversed(bag.labels):
            return (f"Label of bag {bag.position}, copy {copy.copy_number}:", *copy.said.splitlines())
    return ("No label was printed.",)
