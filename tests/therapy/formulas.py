"""Further master formulation records, approved by the people whose step it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.domain.preparation_stages import Stage
from pharmacy.formulary.actions import accept_delivered_part, approve_formula, draft_formula
from pharmacy.formulary.models import Formula, FormulaStep, StabilityReference
from pharmacy.formulary.queries import compute_bag_of, list_approved_formulas
from pharmacy.sample.people import PASSWORD
from tests.conftest import START

_NOT_COPIED = {"id", "status", "author_id", "written_at", "approval_id", "delivered_acceptance_id"}


# A step at every stage, with a photo of the drawn syringe.
STAGED = (
    ("Read the worksheet.", Stage.SETUP, False),
    ("Wipe the port of the bag.", Stage.DILUENT, False),
    ("Lay the syringe beside its vial.", Stage.ADDITIVE, True),
    ("Mix by ten turns.", Stage.INJECT, False),
    ("Seal the port.", Stage.FINISH, False),
    ("Clean the hood.", Stage.CLEAN_UP, False),
)
# Nothing but the fixed steps for each bag.
SHORT = (("Read the worksheet.", Stage.SETUP, False),)


def staged_formula(
    session: Session,
    people: Callable[[str], Person],
    *,
    steps: Sequence[tuple[str, Stage, bool]] = STAGED,
    **changes: Any,
) -> Formula:
    """Return an approved version of the sample's 2 g bag with these steps, its additive with a density."""
    (model,) = list_approved_formulas(session, site_id=people("petra").site_id)
    model.additive.density_g_per_ml = Decimal("1.22")
    return approved_formula(session, people, steps=steps, **changes)


def approved_formula(
    session: Session,
    people: Callable[[str], Person],
    *,
    steps: Sequence[tuple[str, Stage, bool]] | None = None,
    **changes: Any,
) -> Formula:
    """Return an approved version of the sample's 2 g bag with these changes; the one before it retires."""
    (model,) = list_approved_formulas(session, site_id=people("petra").site_id)
    copied = [column.name for column in Formula.__table__.columns if column.name not in _NOT_COPIED]
    values = {name: getattr(model, name) for name in copied}
    formula = Formula(**values | {"version": model.version + 1} | changes)
    wanted = steps if steps is not None else [(one.instruction, one.stage, one.photo) for one in model.steps]
    formula.steps = [
        FormulaStep(position=place, instruction=text, stage=stage, photo=photo)
        for place, (text, stage, photo) in enumerate(wanted, start=1)
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
        accept_delivered_part(
            session, formula, revision=formula.revision, password=PASSWORD, by=people("petra"), at=START
        )
    return approve_formula(
        session, formula, revision=formula.revision, password=PASSWORD, by=people("petra"), at=START
    )
