"""Accept, approve and retire master formulation records; what a signature under one stands for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import ensure_other_person, sign
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import move, record
from pharmacy.domain.admixture import BagArithmetic
from pharmacy.domain.admixture_working import working
from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import day, quantity
from pharmacy.domain.local_time import to_local
from pharmacy.domain.quantities import rounded_text
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.statuses import FORMULA_MOVES, FormulaStatus
from pharmacy.formulary.actions.completeness import ensure_complete, ensure_draft
from pharmacy.formulary.actions.writing import ensure_revision
from pharmacy.formulary.models import Formula, Product, StabilityReference
from pharmacy.formulary.queries import compute_bag_of, list_versions_of

_NOT_SIGNED = {"id", "site_id", "status", "approval_id", "delivered_acceptance_id", "revision"}
_PRODUCT_TERMS = (
    *("name", "salt_form", "volume_ml", "overfill_ml", "mg_per_ml", "meq_per_ml", "mosm_per_ml"),
    "density_g_per_ml",
)
_READ_AGAIN = "Nothing was signed: open this page again and read what was changed before you sign."


def accept_delivered_part(
    session: Session, formula: Formula, *, revision: int, password: str, by: Person, at: datetime
) -> Formula:
    """Accept by signature, once for the formula, that the bag delivers less or more than its dose.

    Refuses who wrote or changed it; `revision` is the one that was read, and who read an older one is told
    who changed it.
    """
    ensure_may(by.role, Permission.APPROVE_FORMULAS)
    _ensure_not_own(formula, by)
    ensure_draft(formula)
    ensure_revision(formula, revision, then=_READ_AGAIN)
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
    session: Session, formula: Formula, *, revision: int, password: str, by: Person, at: datetime
) -> Formula:
    """Approve a draft by signature; the version in force before it retires.

    Refuses who wrote or changed it, who read another `revision` than the one there is, a record that is not
    complete (`ensure_complete`) or not in effect yet while an older version is, and one whose delivered part
    nobody accepted.
    """
    ensure_may(by.role, Permission.APPROVE_FORMULAS)
    _ensure_not_own(formula, by)
    ensure_draft(formula)
    ensure_revision(formula, revision, then=_READ_AGAIN)
    today = to_local(at, ZoneInfo(by.site.time_zone)).date()
    ensure_complete(formula, today=today)
    replaced = [one for one in list_versions_of(session, formula) if one.status is FormulaStatus.APPROVED]
    _ensure_no_gap(formula, replaced, today=today)
    if compute_bag_of(formula).delivered_percent != 100 and formula.delivered_acceptance_id is None:
        raise Refusal("Accept what the bag delivers of its dose before the record is approved.")
    signature = sign(session, formula, meaning="Approval of the master formulation record",
                     content=signed_content(formula), password=password, by=by, at=at)  # fmt: skip
    formula.approval = signature
    for older in replaced:
        move(session, older, FORMULA_MOVES, FormulaStatus.RETIRED, what="a formula", by=by, at=at,
             reason=f"replaced by version {formula.version}")  # fmt: skip
    move(session, formula, FORMULA_MOVES, FormulaStatus.APPROVED, what="a formula", by=by, at=at)
    record(session, formula, "approved a master formulation record", by=by, at=at,
           code=formula.code, version=formula.version, digest=signature.digest)  # fmt: skip
    return formula


def _ensure_no_gap(formula: Formula, replaced: list[Formula], *, today: date) -> None:
    """Refuse to retire the version in force before the new one is in effect: nothing could be made."""
    if replaced and formula.effective_on > today:
        raise Refusal(
            f"Version {replaced[0].version} would go out of force today, and this one is in effect from "
            f"{day(formula.effective_on)} only. Approve it on that day, or change its date."
        )


def _ensure_not_own(formula: Formula, by: Person) -> None:
    """Refuse a signature of somebody who wrote or changed the draft."""
    ensure_other_person(
        by, formula.author_id, sentence="Somebody else than its author accepts and approves a formula."
    )
    ensure_other_person(
        by,
        *(one.person_id for one in formula.edits),
        sentence="Somebody who did not change this draft accepts and approves it.",
    )


def retire_formula(session: Session, formula: Formula, *, reason: str, by: Person, at: datetime) -> Formula:
    """Take a record out of use for good: the version in force, or a draft that will not be approved."""
    ensure_may(by.role, Permission.APPROVE_FORMULAS)
    ensure_reason(reason)
    was = formula.status
    move(session, formula, FORMULA_MOVES, FormulaStatus.RETIRED, what="a formula", by=by, at=at,
         reason=reason.strip())  # fmt: skip
    record(session, formula, "retired a master formulation record", by=by, at=at, reason=reason.strip(),
           code=formula.code, version=formula.version, was=was)  # fmt: skip
    return formula


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
        "additive": _terms(formula.additive),
        "diluent": _terms(formula.diluent),
        "steps": [[step.instruction, step.stage.value, step.photo] for step in formula.steps],
        "stability": [signed_reference(one) for one in formula.stability],
        "working": working(bag),
        "delivered_percent": rounded_text(bag.delivered_percent or 0, 2),
    }


def _signed_columns(formula: Formula) -> list[str]:
    return [column.name for column in formula.__table__.columns if column.name not in _NOT_SIGNED]


def _terms(product: Product) -> dict[str, Any]:
    return {name: getattr(product, name) for name in _PRODUCT_TERMS}


def signed_reference(reference: StabilityReference) -> dict[str, Any]:
    """Return all that a stability reference says, with the digest of its document."""
    names = ("storage", "days", "hours", "reference", "container", "least_mg_per_ml", "most_mg_per_ml")
    said = {name: getattr(reference, name) for name in names}
    document = reference.attachment.digest if reference.attachment else None
    return said | {"review_by": reference.review_by, "document": document}
