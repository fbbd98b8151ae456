"""Write, accept and approve master formulation records, and adopt reference data."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import ensure_other_person, sign
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import begin_life, move, record
from pharmacy.audit.chain import digest
from pharmacy.domain.admixture import BagArithmetic
from pharmacy.domain.admixture_working import working
from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import quantity
from pharmacy.domain.quantities import rounded_text
from pharmacy.domain.reference_data import ReferenceEntry
from pharmacy.domain.statuses import FORMULA_MOVES, FormulaStatus
from pharmacy.formulary.models import AdoptedEntry, Formula
from pharmacy.formulary.queries import compute_bag_of, find_adopted, list_versions_of

_NOT_SIGNED = {"id", "site_id", "status", "approval_id", "delivered_acceptance_id"}


def draft_formula(session: Session, formula: Formula, *, by: Person, at: datetime) -> Formula:
    """Keep a new master formulation record as a draft; refuses one whose bag cannot be computed."""
    ensure_may(by.role, Permission.APPROVE_FORMULAS)
    formula.site_id, formula.status = by.site_id, FormulaStatus.DRAFT
    formula.author_id, formula.written_at = by.id, at
    session.add(formula)
    session.flush()
    compute_bag_of(formula)
    begin_life(session, formula, by=by, at=at)
    record(session, formula, "wrote a master formulation record", by=by, at=at,
           code=formula.code, version=formula.version)  # fmt: skip
    return formula


def accept_delivered_part(
    session: Session, formula: Formula, *, password: str, by: Person, at: datetime
) -> Formula:
    """Accept by signature, once for the formula, that the bag delivers less or more than its dose."""
    ensure_may(by.role, Permission.APPROVE_FORMULAS)
    _ensure_draft(formula)
    bag = compute_bag_of(formula)
    if bag.delivered_percent == 100:
        raise Refusal("The bag delivers its whole dose; there is nothing to accept.")
    if formula.delivered_acceptance_id is not None:
        raise Refusal("The delivered part of the dose is accepted already.")
    said = say_delivered(bag)
    signature = sign(session, formula, meaning=f"Acceptance: {said}", content=signed_content(formula),
                     password=password, by=by, at=at)  # fmt: skip
    formula.delivered_acceptance = signature
    record(session, formula, "accepted the delivered part of the dose", by=by, at=at,
           delivered=said, digest=signature.digest)  # fmt: skip
    return formula


def approve_formula(
    session: Session, formula: Formula, *, password: str, by: Person, at: datetime
) -> Formula:
    """Approve a draft by signature; the version in force before it retires.

    Refuses the author, a record without steps or stability, and one whose delivered part nobody accepted.
    """
    ensure_may(by.role, Permission.APPROVE_FORMULAS)
    ensure_other_person(by, formula.author_id, sentence="Somebody else than its author approves a formula.")
    _ensure_draft(formula)
    _ensure_complete(formula)
    signature = sign(session, formula, meaning="Approval of the master formulation record",
                     content=signed_content(formula), password=password, by=by, at=at)  # fmt: skip
    formula.approval = signature
    for older in list_versions_of(session, formula):
        if older.status is FormulaStatus.APPROVED:
            move(session, older, FORMULA_MOVES, FormulaStatus.RETIRED, what="a formula", by=by, at=at,
                 reason=f"replaced by version {formula.version}")  # fmt: skip
    move(session, formula, FORMULA_MOVES, FormulaStatus.APPROVED, what="a formula", by=by, at=at)
    record(session, formula, "approved a master formulation record", by=by, at=at,
           code=formula.code, version=formula.version, digest=signature.digest)  # fmt: skip
    return formula


def _ensure_draft(formula: Formula) -> None:
    if formula.status is not FormulaStatus.DRAFT:
        raise Refusal(f"Version {formula.version} of {formula.code} is {formula.status.value}, not a draft.")


def _ensure_complete(formula: Formula) -> None:
    if not formula.steps:
        raise Refusal("The record has no steps, so nobody could work by it.")
    if not any(one.storage == formula.storage and one.reference for one in formula.stability):
        raise Refusal(
            f"The record has no stability entry with a reference for its storage, {formula.storage}."
        )
    if compute_bag_of(formula).delivered_percent != 100 and formula.delivered_acceptance_id is None:
        raise Refusal("Accept what the bag delivers of its dose before the record is approved.")


def say_delivered(bag: BagArithmetic) -> str:
    """Say what the pump gives of the dose, as `1,892 mg (94.6 percent) of 2,000 mg are delivered`."""
    delivered, percent = bag.delivered_mg or 0, bag.delivered_percent or 0
    return (
        f"{quantity(delivered, 'mg')} ({quantity(percent, 'percent', 1)}) "
        f"of {quantity(bag.dose_mg, 'mg')} are delivered"
    )


def signed_content(formula: Formula) -> dict[str, Any]:
    """Return all that a signature under a formula stands for: its fields, products, steps and numbers."""
    bag = compute_bag_of(formula)
    columns = {name: getattr(formula, name) for name in _signed_columns(formula)}
    return columns | {
        "additive": formula.additive.name,
        "diluent": formula.diluent.name,
        "steps": [[step.instruction, step.stage.value, step.photo] for step in formula.steps],
        "stability": [[one.storage, one.days, one.reference] for one in formula.stability],
        "working": working(bag),
        "delivered_percent": rounded_text(bag.delivered_percent or 0, 2),
    }


def _signed_columns(formula: Formula) -> list[str]:
    return [column.name for column in formula.__table__.columns if column.name not in _NOT_SIGNED]


def adopt_entry(
    session: Session, kind: str, entry: ReferenceEntry, *, password: str, by: Person, at: datetime
) -> AdoptedEntry:
    """Adopt a shipped entry of reference data for the site by signing it; an earlier version steps back."""
    ensure_may(by.role, Permission.APPROVE_FORMULAS)
    content = json.dumps(
        {"title": entry.title, "authored_by": entry.authored_by, "content": dict(entry.content)},
        sort_keys=True,
    )
    earlier = find_adopted(session, kind, entry.key, site_id=by.site_id)
    if earlier is not None and earlier.digest == digest(content):
        raise Refusal(f"{entry.title} is adopted already as it stands.")
    adopted = AdoptedEntry(
        site_id=by.site_id,
        kind=kind,
        key=entry.key,
        version=earlier.version + 1 if earlier else 1,
        content=content,
        digest=digest(content),
        source=entry.source,
        checked_by=entry.checked_by,
        reviewed_on=entry.reviewed_on,
        review_by=entry.review_by,
        in_force=False,
    )
    session.add(adopted)
    session.flush()
    adopted.signature = sign(session, adopted, meaning=f"Adoption of {entry.title}", content=_terms(adopted),
                             password=password, by=by, at=at)  # fmt: skip
    if earlier is not None:
        earlier.in_force = False
    adopted.in_force = True
    record(session, adopted, "adopted reference data", by=by, at=at,
           kind=kind, key=entry.key, version=adopted.version, digest=adopted.digest)  # fmt: skip
    return adopted


def _terms(adopted: AdoptedEntry) -> dict[str, Any]:
    names = ("kind", "key", "version", "content", "source", "checked_by", "reviewed_on", "review_by")
    return {name: getattr(adopted, name) for name in names}
