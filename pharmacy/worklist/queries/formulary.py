"""What waits in the formulary: drafts to approve, and what new bags rest on that is due for review."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.domain.expiry import end_of_day
from pharmacy.domain.formatting import counted
from pharmacy.domain.statuses import FormulaStatus
from pharmacy.formulary.models import Formula, FormulaEdit
from pharmacy.formulary.queries import REVIEW_AHEAD, list_due_reviews
from pharmacy.worklist.queries.waiting import Waiting


def list_formulas_to_approve(session: Session, person: Person) -> Iterator[Waiting]:
    """List the drafts that this person had no hand in, by the day on which they are to be in effect."""
    had_a_hand = Formula.edits.any(FormulaEdit.person_id == person.id)
    drafts = session.scalars(
        select(Formula).where(
            Formula.site_id == person.site_id,
            Formula.status == FormulaStatus.DRAFT,
            Formula.author_id != person.id,
            ~had_a_hand,
        )
    )
    for formula in drafts:
        yield Waiting(
            end_of_day(formula.effective_on, ZoneInfo(person.site.time_zone)),
            "",
            f"Approve {formula.code}, version {formula.version}: {formula.name}",
            "draft",
            "formulary.approve_formula",
            {"formula_id": formula.id},
        )


def list_reviews_due(session: Session, person: Person, at: datetime) -> Iterator[Waiting]:
    """List in one line how much is due for review, by the day of the first."""
    zone = ZoneInfo(person.site.time_zone)
    today = at.astimezone(zone).date()
    due = list_due_reviews(session, site_id=person.site_id, until=today + REVIEW_AHEAD)
    if due:
        yield Waiting(
            end_of_day(due[0].review_by, zone),
            "",
            f"Review {counted(len(due), 'source', 'sources')} that new bags rest on",
            "due for review",
            "formulary.list_reviews",
        )
