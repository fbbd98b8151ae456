"""What a pharmacist reads before a release: the order beside the formula, and what stands out on each bag."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pharmacy.compounding.models import Bag, Worksheet
from pharmacy.compounding.queries.standing import find_open_rework
from pharmacy.compounding.queries.steps import list_steps_of
from pharmacy.domain.bag_release import BagStanding, InspectionOutcome
from pharmacy.domain.deviations import say_held_back
from pharmacy.domain.findings import Finding, Severity
from pharmacy.domain.formatting import dose, quantity
from pharmacy.domain.preparation_stages import ONCE
from pharmacy.domain.statuses import FormulaStatus


@dataclass(frozen=True)
class Compared:
    """Hold one thing that an order and a formula both say, and in words where they differ."""

    what: str
    order: str
    formula: str
    difference: str


def compare_order(worksheet: Worksheet) -> list[Compared]:
    """Compare the order of a worksheet with its formula, line by line; stock has no order, and no line."""
    version, formula = worksheet.order_version, worksheet.formula
    if version is None:
        return []
    named = f"{version.formula.code}, version {version.formula.version}"
    said = (
        ("Drug", version.drug, formula.additive.drug),
        ("Dose in each bag", dose(version.dose_mg), dose(formula.dose_mg)),
        ("Diluent", version.diluent, f"{formula.diluent.strength} {formula.diluent.drug}"),
        (
            "Diluent volume",
            quantity(version.diluent_volume_ml, "mL"),
            quantity(formula.diluent.volume_ml, "mL"),
        ),
        ("Route", version.route, formula.route),
        ("Master formulation record", named, f"{formula.code}, version {formula.version}"),
    )
    return [Compared(what, order, made, _differ(what, order, made)) for what, order, made in said]


def _differ(what: str, order: str, formula: str) -> str:
    if order.lower() == formula.lower():
        return ""
    return f"{what}: the order says {order}, the formula {formula}."


def list_worksheet_findings(worksheet: Worksheet) -> list[Finding]:
    """List what stands out on a worksheet as a whole."""
    found = [
        Finding("order", Severity.REFUSE, one.difference)
        for one in compare_order(worksheet)
        if one.difference
    ]
    formula = worksheet.formula
    if formula.status is not FormulaStatus.APPROVED:
        text = f"The formula {formula.code}, version {formula.version}, is {formula.status.value} now."
        found.append(Finding("formula", Severity.FLAG, text))
    found += [
        Finding("handover", Severity.NOTE, f"The station changed hands: {one.state}")
        for one in worksheet.handovers
    ]
    return found


def list_bag_findings(bag: Bag, standing: BagStanding) -> list[Finding]:
    """List what stands out on one bag, what stops it first."""
    return [*_stops(bag, standing), *_flags(bag), *_notes(bag)]


def _stops(bag: Bag, standing: BagStanding) -> Iterator[Finding]:
    if standing.deviation is not None:
        yield Finding("deviation", Severity.REFUSE, say_held_back(standing.name, standing.deviation))
    for doubt in standing.doubts:
        yield Finding("content", Severity.REFUSE, doubt[:1].upper() + doubt[1:])
    rework = find_open_rework(bag)
    if rework is not None:
        yield Finding("rework", Severity.REFUSE, f"It is at the bench for rework: {rework.to_do}")


def _flags(bag: Bag) -> Iterator[Finding]:
    if bag.planned_dose_at and bag.beyond_use_at and bag.planned_dose_at >= bag.beyond_use_at:
        yield Finding("dose", Severity.FLAG, "Its planned dose is not before its beyond-use date.")
    for scan in bag.worksheet.scans:
        if scan.bag_id == bag.id and scan.lot_by_hand and scan.undone_at is None:
            text = f"Lot {scan.lot.number} was read from the container and typed; its code holds no lot."
            yield Finding("scan", Severity.FLAG, text)
    if any(check.agrees is False for check in bag.checks):
        yield Finding("volume", Severity.FLAG, "Two volumes differed; that syringe was thrown away.")
    if len(bag.weighings) > 1:
        text = f"It was weighed {len(bag.weighings)} times: {bag.weighings[-1].reason or 'no reason given'}"
        yield Finding("weight", Severity.FLAG, text)
    for words in list_missing_photos(bag):
        yield Finding("photo", Severity.FLAG, f"No photo of: {words}")


def _notes(bag: Bag) -> Iterator[Finding]:
    for scan in bag.worksheet.scans:
        if scan.bag_id == bag.id and scan.undone_at is not None:
            text = f"A scan of lot {scan.lot.number} was undone: {scan.undone_because}"
            yield Finding("scan", Severity.NOTE, text)
    for rework in bag.reworks:
        if rework.done_note is not None:
            yield Finding("rework", Severity.NOTE, f"Reworked: {rework.to_do} Done: {rework.done_note}")
    for copy in bag.labels:
        if copy.copy_number > 1:
            yield Finding("label", Severity.NOTE, f"Label copy {copy.copy_number}: {copy.reason}")


def list_missing_photos(bag: Bag) -> list[str]:
    """List the instructions of which the formula asks a photo for each bag, and none is there."""
    there = {done.formula_step_id for done in list_steps_of(bag.worksheet, bag) if done.attachment}
    return [
        step.instruction
        for step in bag.worksheet.formula.steps
        if step.photo and step.stage not in ONCE and step.id not in there
    ]


def say_outcome(standing: BagStanding) -> str:
    """Say in a word what is decided on a bag, or what waits for it."""
    if not standing.made:
        return "not made"
    if standing.in_rework:
        return "in rework"
    words = {
        InspectionOutcome.PASS: "approved",
        InspectionOutcome.QUARANTINE: "quarantine",
        InspectionOutcome.REJECT: "rejected",
    }
    return words.get(standing.outcome, "to be inspected") if standing.outcome else "to be inspected"


def count_decided(standings: list[BagStanding]) -> tuple[int, int]:
    """Count the bags that are decided on, or that an inspection spoke of, among those that were made."""
    made = [one for one in standings if one.made]
    return sum(one.outcome is not None and not one.in_rework for one in made), len(made)
