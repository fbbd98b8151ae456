"""Stability references: those of a draft, and the signed review of one that an approved record rests on."""

from __future__ import annotations

from typing import Any

from flask import render_template

from pharmacy.accounts.permissions import Permission
from pharmacy.formulary import actions, queries
from pharmacy.formulary.forms import (
    RemoveStabilityForm,
    ReviewStabilityForm,
    StabilityForm,
    values_of_stability,
)
from pharmacy.formulary.routes.door import blueprint, load_formula, load_stability
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session
from pharmacy.web.uploads import takes_files


@blueprint.get("/formulas/<int:formula_id>/stability")
@requires(Permission.WRITE_FORMULAS)
def add_stability(formula_id: int) -> str:
    """Ask what a source says of the stability of a draft's bags."""
    formula = load_formula(formula_id)
    actions.ensure_draft(formula)
    return _add_page(formula_id, StabilityForm(data={"revision": formula.revision}))


def _add_page(formula_id: int, form: StabilityForm) -> str:
    return render_template("formulary/add_stability.html", form=form, formula=load_formula(formula_id))


@blueprint.post("/formulas/<int:formula_id>/stability")
@takes_files
@requires(Permission.WRITE_FORMULAS)
def submit_add_stability(formula_id: int) -> Any:
    """Add a reference to a draft."""
    formula, form = load_formula(formula_id), StabilityForm()

    def act() -> Any:
        actions.add_stability(
            session(), formula, form.entry(), revision=form.revision.number, document=form.document.file,
            by=actor(), at=now(),
        )  # fmt: skip
        return go("formulary.show_formula", formula_id=formula_id)

    return submit(form, act, page=lambda: _add_page(formula_id, form), said="The reference is added.")


@blueprint.get("/stability/<int:reference_id>/change")
@requires(Permission.WRITE_FORMULAS)
def change_stability(reference_id: int) -> str:
    """Show a reference of a draft to be changed."""
    one = load_stability(reference_id)
    actions.ensure_draft(one.formula)
    return _change_page(reference_id, StabilityForm(data=values_of_stability(one)))


def _change_page(reference_id: int, form: StabilityForm) -> str:
    return render_template(
        "formulary/change_stability.html", form=form, reference=load_stability(reference_id)
    )


@blueprint.post("/stability/<int:reference_id>/change")
@takes_files
@requires(Permission.WRITE_FORMULAS)
def submit_change_stability(reference_id: int) -> Any:
    """Change a reference of a draft."""
    one, form = load_stability(reference_id), StabilityForm()

    def act() -> Any:
        actions.change_stability(
            session(), one, form.entry(), revision=form.revision.number, document=form.document.file,
            by=actor(), at=now(),
        )  # fmt: skip
        return go("formulary.show_formula", formula_id=one.formula_id)

    return submit(form, act, page=lambda: _change_page(reference_id, form), said="The reference is changed.")


@blueprint.get("/stability/<int:reference_id>/remove")
@requires(Permission.WRITE_FORMULAS)
def remove_stability(reference_id: int) -> str:
    """Ask why a reference goes out of a draft."""
    one = load_stability(reference_id)
    actions.ensure_draft(one.formula)
    return _remove_page(reference_id, RemoveStabilityForm(data={"revision": one.formula.revision}))


def _remove_page(reference_id: int, form: RemoveStabilityForm) -> str:
    return render_template(
        "formulary/remove_stability.html", form=form, reference=load_stability(reference_id)
    )


@blueprint.post("/stability/<int:reference_id>/remove")
@requires(Permission.WRITE_FORMULAS)
def submit_remove_stability(reference_id: int) -> Any:
    """Take a reference out of a draft."""
    one, form = load_stability(reference_id), RemoveStabilityForm()
    formula_id = one.formula_id

    def act() -> Any:
        actions.remove_stability(
            session(), one, revision=form.revision.number, reason=form.reason.data or "", by=actor(), at=now()
        )
        return go("formulary.show_formula", formula_id=formula_id)

    return submit(form, act, page=lambda: _remove_page(reference_id, form), said="The reference is removed.")


@blueprint.get("/stability/<int:reference_id>/review")
@requires(Permission.APPROVE_FORMULAS)
def review_stability(reference_id: int) -> str:
    """Show a reference with its document, to sign that it still holds."""
    return _review_page(reference_id, ReviewStabilityForm())


def _review_page(reference_id: int, form: ReviewStabilityForm) -> str:
    return render_template(
        "formulary/review_stability.html",
        form=form,
        reference=load_stability(reference_id),
        say_studied=queries.say_studied,
    )


@blueprint.post("/stability/<int:reference_id>/review")
@requires(Permission.APPROVE_FORMULAS)
def submit_review_stability(reference_id: int) -> Any:
    """Sign that a reference still holds, and until when."""
    one, form = load_stability(reference_id), ReviewStabilityForm()
    formula_id = one.formula_id

    def act() -> Any:
        actions.review_stability(
            session(), one, review_by=form.review_by.data, reason=form.reason.data or "",
            password=form.password.data or "", by=actor(), at=now(),
        )  # fmt: skip
        return go("formulary.show_formula", formula_id=formula_id)

    return submit(form, act, page=lambda: _review_page(reference_id, form), said="The review is signed.")
