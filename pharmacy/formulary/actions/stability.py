"""Stability references of a draft, and the signed reviews that keep those of an approved record good."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import ensure_other_person, sign
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.attachments.actions import attach
from pharmacy.audit.actions import record
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.file_kinds import KeptFile
from pharmacy.domain.local_time import to_local
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.stability import ensure_next_review, ensure_studied_range, ensure_time
from pharmacy.domain.statuses import FormulaStatus
from pharmacy.formulary.actions.approving import signed_reference
from pharmacy.formulary.actions.completeness import ensure_draft
from pharmacy.formulary.actions.writing import ensure_revision, touch
from pharmacy.formulary.models import Formula, StabilityReference, StabilityReview


@dataclass(frozen=True, kw_only=True)
class StabilityEntry:
    """Hold what a source says of a formula's stability, each field under the name of its column."""

    reference: str
    storage: str
    days: int
    hours: int
    container: str
    least_mg_per_ml: Decimal | None
    most_mg_per_ml: Decimal | None
    review_by: date


_COLUMNS = tuple(field.name for field in fields(StabilityEntry))


def add_stability(
    session: Session,
    formula: Formula,
    entry: StabilityEntry,
    *,
    revision: int,
    document: KeptFile | None,
    by: Person,
    at: datetime,
) -> StabilityReference:
    """Add a reference to a draft, with the document that it cites where there is one."""
    _ensure_may_change(formula, revision, by=by)
    one = StabilityReference(entered_by=by, entered_at=at)
    _take_over(one, entry, by=by, at=at)
    formula.stability.append(one)
    session.flush()
    _attach(session, one, document, by=by, at=at)
    touch(session, formula, "added a stability reference", by=by, at=at)
    record(session, one, "added a stability reference", by=by, at=at, code=formula.code,
           version=formula.version, said=signed_reference(one))  # fmt: skip
    return one


def change_stability(
    session: Session,
    one: StabilityReference,
    entry: StabilityEntry,
    *,
    revision: int,
    document: KeptFile | None,
    by: Person,
    at: datetime,
) -> StabilityReference:
    """Change a reference of a draft; a new document takes the place of the one before, which is kept."""
    _ensure_may_change(one.formula, revision, by=by)
    was = signed_reference(one)
    one.entered_by, one.entered_at = by, at
    _take_over(one, entry, by=by, at=at)
    _attach(session, one, document, by=by, at=at)
    touch(session, one.formula, "changed a stability reference", by=by, at=at)
    record(session, one, "changed a stability reference", by=by, at=at, code=one.formula.code,
           version=one.formula.version, was=was, became=signed_reference(one))  # fmt: skip
    return one


def remove_stability(
    session: Session, one: StabilityReference, *, revision: int, reason: str, by: Person, at: datetime
) -> None:
    """Take a reference out of a draft; the audit record keeps what it said."""
    formula = one.formula
    _ensure_may_change(formula, revision, by=by)
    ensure_reason(reason)
    touch(session, formula, "removed a stability reference", by=by, at=at)
    record(session, one, "removed a stability reference", by=by, at=at, reason=reason.strip(),
           code=formula.code, version=formula.version, said=signed_reference(one))  # fmt: skip
    formula.stability.remove(one)
    session.flush()


def review_stability(
    session: Session,
    one: StabilityReference,
    *,
    review_by: date,
    reason: str,
    password: str,
    by: Person,
    at: datetime,
) -> StabilityReview:
    """Sign that a reference of an approved record still holds, and until when; the record stays as it is.

    Refuses who entered the reference, and one of a draft, which is changed instead.
    """
    ensure_may(by.role, Permission.APPROVE_FORMULAS)
    ensure_other_person(
        by, one.entered_by_id, sentence="Somebody else than who entered it reviews a reference."
    )
    if one.formula.status is not FormulaStatus.APPROVED:
        raise Refusal(
            f"Version {one.formula.version} of {one.formula.code} is {one.formula.status.value}; "
            "references of an approved record are reviewed."
        )
    ensure_next_review(review_by, today=_today(by, at))
    ensure_reason(reason)
    content = signed_reference(one) | {"next_review": review_by, "reason": reason.strip()}
    signature = sign(session, one, meaning="Review of a stability reference", content=content,
                     password=password, by=by, at=at)  # fmt: skip
    was = one.good_until
    review = StabilityReview(review_by=review_by, reason=reason.strip(), signature=signature)
    one.reviews.append(review)
    record(session, one, "reviewed a stability reference", by=by, at=at, reason=reason.strip(),
           code=one.formula.code, was=was, review_by=review_by, digest=signature.digest)  # fmt: skip
    return review


def _ensure_may_change(formula: Formula, revision: int, *, by: Person) -> None:
    ensure_may(by.role, Permission.WRITE_FORMULAS)
    ensure_draft(formula)
    ensure_revision(formula, revision)


def _take_over(one: StabilityReference, entry: StabilityEntry, *, by: Person, at: datetime) -> None:
    if not entry.reference:
        raise InvalidInput("Enter where it is written.", field="reference")
    ensure_time(entry.days, entry.hours)
    ensure_studied_range(entry.least_mg_per_ml, entry.most_mg_per_ml)
    ensure_next_review(entry.review_by, today=_today(by, at))
    for name in _COLUMNS:
        setattr(one, name, getattr(entry, name))


def _attach(
    session: Session, one: StabilityReference, document: KeptFile | None, *, by: Person, at: datetime
) -> None:
    if document is not None:
        one.attachment = attach(session, document, what="document of a stability reference", by=by, at=at)
        session.flush()


def _today(by: Person, at: datetime) -> date:
    return to_local(at, ZoneInfo(by.site.time_zone)).date()
