"""Write a new record, a new version of one, and change a draft."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.formulary import actions, queries
from pharmacy.formulary.forms import FormulaForm, VersionForm, values_of_formula
from pharmacy.formulary.models import Formula
from pharmacy.formulary.routes.door import blueprint, load_formula
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session

# The button that was pressed to rearrange the steps; nothing is saved then.
_ROWS = "rows"


@blueprint.get("/formulas/new")
@requires(Permission.WRITE_FORMULAS)
def new_formula() -> str:
    """Ask for every item of a new record."""
    form = FormulaForm()
    form.steps.rearrange("add")
    return _new_page(form)


def _new_page(form: FormulaForm) -> str:
    return render_template("formulary/new_formula.html", form=_offering(form))


def _offering(form: Any) -> Any:
    form.offer(queries.list_products(session(), site_id=actor().site_id))
    return form


@blueprint.post("/formulas/new")
@requires(Permission.WRITE_FORMULAS)
def submit_new_formula() -> Any:
    """Keep a new record as a draft, or rearrange its steps."""
    form = _offering(FormulaForm())
    if _ROWS in request.form:
        return _rearranged(form, lambda: _new_page(form))

    def act() -> Any:
        made = actions.write_formula(session(), form.code.data or "", form.entry(), by=actor(), at=now())
        return go("formulary.show_formula", formula_id=made.id)

    said = "The draft is kept. Add its stability references; then another pharmacist approves it."
    return submit(form, act, page=lambda: _new_page(form), said=said)


def _rearranged(form: Any, page: Any) -> Any:
    form.steps.rearrange(request.form[_ROWS])
    return page()


@blueprint.get("/formulas/<int:formula_id>/version")
@requires(Permission.WRITE_FORMULAS)
def new_version(formula_id: int) -> str:
    """Ask what the next version changes, beginning with what this one says."""
    formula = load_formula(formula_id)
    kept = values_of_formula(formula) | {"changes": "", "review_by": None, "effective_on": None}
    return _version_page(VersionForm(data=kept), formula)


def _version_page(form: VersionForm, formula: Formula) -> str:
    return render_template("formulary/new_version.html", form=_offering(form), formula=formula)


@blueprint.post("/formulas/<int:formula_id>/version")
@requires(Permission.WRITE_FORMULAS)
def submit_new_version(formula_id: int) -> Any:
    """Keep the next version as a draft, or rearrange its steps."""
    formula, form = load_formula(formula_id), _offering(VersionForm())
    if _ROWS in request.form:
        return _rearranged(form, lambda: _version_page(form, formula))

    def act() -> Any:
        made = actions.write_version(session(), formula, form.entry(), by=actor(), at=now())
        return go("formulary.show_formula", formula_id=made.id)

    said = "The new version is a draft. The one in force stays in force until this one is approved."
    return submit(form, act, page=lambda: _version_page(form, load_formula(formula_id)), said=said)


@blueprint.get("/formulas/<int:formula_id>/edit")
@requires(Permission.WRITE_FORMULAS)
def edit_formula(formula_id: int) -> str:
    """Show a draft to be changed."""
    formula = load_formula(formula_id)
    actions.ensure_draft(formula)
    return _edit_page(VersionForm(data=values_of_formula(formula)), formula)


def _edit_page(form: VersionForm, formula: Formula) -> str:
    return render_template("formulary/edit_formula.html", form=_offering(form), formula=formula)


@blueprint.post("/formulas/<int:formula_id>/edit")
@requires(Permission.WRITE_FORMULAS)
def submit_edit_formula(formula_id: int) -> Any:
    """Save a draft, or rearrange its steps."""
    formula, form = load_formula(formula_id), _offering(VersionForm())
    if _ROWS in request.form:
        return _rearranged(form, lambda: _edit_page(form, formula))

    def act() -> Any:
        opened = form.revision.number
        actions.edit_formula(session(), formula, form.entry(), revision=opened, by=actor(), at=now())
        return go("formulary.show_formula", formula_id=formula_id)

    return submit(
        form, act, page=lambda: _edit_page(form, load_formula(formula_id)), said="The draft is saved."
    )
