"""Further master formulation records, approved by the people whose step it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.formulary.actions import accept_delivered_part, approve_formula, draft_formula
from pharmacy.formulary.models import Formula, FormulaStep, StabilityReference
from pharmacy.formulary.queries import compute_bag_of, list_approved_formulas
from pharmacy.sample.people import PASSWORD
from tests.conftest import START

_NOT_COPIED = {"id", "status", "author_id", "written_at", "approval_id", "delivered_acceptance_id"}


def approved_formula(session: Session, people: Callable[[str], Person], **changes: Any) -> Formula:
    """Return an approved version of the sample's 2 g bag with these changes; the one before it retires."""
    (model,) = list_approved_formulas(session, site_id=people("petra").site_id)
    copied = [column.name for column in Formula.__table__.columns if column.name not in _NOT_COPIED]
    values = {name: getattr(model, name) for name in copied}
    formula = Formula(**values | {"version": model.version + 1} | changes)
    formula.steps = [
        FormulaStep(position=one.position, instruction=one.instruction, stage=one.stage, photo=one.photo)
        for one in model.steps
    ]
    formula.stability = [
        StabilityReference(
            storage=one.storage, days=one.days, reference=one.reference, review_by=one.review_by
        )
        for one in model.stability
    ]
    draft_formula(session, formula, by=people("peter"), at=START)
    session.refresh(formula)
    if compute_bag_of(formula).delivered_percent != 100:
        accept_delivered_part(session, formula, password=PASSWORD, by=people("petra"), at=START)
    return approve_formula(session, formula, password=PASSWORD, by=people("petra"), at=START)
