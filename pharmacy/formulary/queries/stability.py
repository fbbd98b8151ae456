"""Reads of stability references, and of all that is due for a review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from pharmacy.domain.errors import NotFound
from pharmacy.domain.statuses import FormulaStatus
from pharmacy.formulary.models import Formula, StabilityReference
from pharmacy.formulary.queries.adopted import as_reference_entry, list_adopted
from pharmacy.formulary.queries.formulas import list_approved_formulas

# How long before its day a review is told of.
REVIEW_AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class DueReview:
    """Hold one review that comes due: until when it is good, what it is, and its page."""

    review_by: date
    what: str
    kind: str
    endpoint: str
    arguments: dict[str, int]


def get_stability(session: Session, reference_id: int, *, site_id: int) -> StabilityReference:
    """Return a stability reference of a record of a site."""
    one = session.get(StabilityReference, reference_id)
    if one is None or one.formula.site_id != site_id:
        raise NotFound("No stability reference is kept under this number.")
    return one


def list_references_in_use(session: Session, *, site_id: int) -> list[StabilityReference]:
    """List the references that the approved records of a site rest on."""
    return list(
        session.scalars(
            select(StabilityReference)
            .join(StabilityReference.formula)
            .where(Formula.site_id == site_id, Formula.status == FormulaStatus.APPROVED)
            .options(contains_eager(StabilityReference.formula))
            .order_by(StabilityReference.id)
        ).unique()
    )


def list_due_reviews(session: Session, *, site_id: int, until: date) -> list[DueReview]:
    """List all that new bags rest on whose review is due by a day: what was due first at the top."""
    found = [
        DueReview(
            one.good_until,
            f"{one.formula.name} ({one.storage}, {one.stable_for}): {one.reference}",
            "stability reference",
            "formulary.review_stability",
            {"reference_id": one.id},
        )
        for one in list_references_in_use(session, site_id=site_id)
    ]
    found += [
        DueReview(
            one.review_by,
            f"{one.name} ({one.code}, version {one.version})",
            "master formulation record",
            "formulary.show_formula",
            {"formula_id": one.id},
        )
        for one in list_approved_formulas(session, site_id=site_id)
    ]
    found += [
        DueReview(
            one.review_by, as_reference_entry(one).title, "reference data", "formulary.list_adopted", {}
        )
        for one in list_adopted(session, site_id=site_id)
    ]
    return sorted((one for one in found if one.review_by <= until), key=lambda one: (one.review_by, one.what))
