"""Approve a draft by two signatures, and retire a record."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_wtf import FlaskForm

from pharmacy.accounts.forms import ReasonForm
from pharmacy.accounts.permissions import Permission
from pharmacy.formulary import actions, queries
from pharmacy.formulary.forms import AcceptDeliveredForm, ApproveFormulaForm
from pharmacy.formulary.routes.door import blueprint, load_formula
from pharmacy.formulary.routes.reading import tell_whole
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session


@blueprint.get("/formulas/<int:formula_id>/approve")
@requires(Permission.APPROVE_FORMULAS)
def approve_formula(formula_id: int) -> str:
    """Show a draft whole, to accept what it delivers and to approve it."""
    return _approve_page(formula_id)


def _approve_page(
    formula_id: int, *, accept: FlaskForm | None = None, approve: FlaskForm | None = None
) -> str:
    formula = load_formula(formula_id)
    shown = {"revision": formula.revision}
    told = tell_whole(formula)
    versions = queries.list_versions_of(session(), formula)
    return render_template(
        "formulary/approve_formula.html",
        **told,
        delivered=actions.say_delivered(told["bag"]),
        before=next((one for one in versions if one.version < formula.version), None),
        accept=accept or AcceptDeliveredForm(prefix="accept", formdata=None, data=shown),
        approve=approve or ApproveFormulaForm(formdata=None, data=shown),
    )


@blueprint.post("/formulas/<int:formula_id>/accept-delivered")
@requires(Permission.APPROVE_FORMULAS)
def submit_accept_delivered(formula_id: int) -> Any:
    """Accept what the bag delivers of its dose."""
    form = AcceptDeliveredForm(prefix="accept")

    def act() -> Any:
        actions.accept_delivered_part(
            session(),
            load_formula(formula_id),
            revision=form.revision.number,
            password=form.password.data or "",
            by=actor(),
            at=now(),
        )
        return go("formulary.approve_formula", formula_id=formula_id)

    return submit(
        form,
        act,
        page=lambda: _approve_page(formula_id, accept=form),
        said="The delivered part of the dose is accepted.",
    )


@blueprint.post("/formulas/<int:formula_id>/approve")
@requires(Permission.APPROVE_FORMULAS)
def submit_approve_formula(formula_id: int) -> Any:
    """Approve a draft."""
    form = ApproveFormulaForm()

    def act() -> Any:
        actions.approve_formula(
            session(),
            load_formula(formula_id),
            revision=form.revision.number,
            password=form.password.data or "",
            by=actor(),
            at=now(),
        )
        return go("formulary.show_formula", formula_id=formula_id)

    return submit(
        form, act, page=lambda: _approve_page(formula_id, approve=form), said="The record is approved."
    )


@blueprint.get("/formulas/<int:formula_id>/retire")
@requires(Permission.APPROVE_FORMULAS)
def retire_formula(formula_id: int) -> str:
    """Ask why a record goes out of use."""
    return _retire_page(formula_id, ReasonForm())


def _retire_page(formula_id: int, form: ReasonForm) -> str:
    return render_template("formulary/retire_formula.html", form=form, formula=load_formula(formula_id))


@blueprint.post("/formulas/<int:formula_id>/retire")
@requires(Permission.APPROVE_FORMULAS)
def submit_retire_formula(formula_id: int) -> Any:
    """Take a record out of use for good."""
    form = ReasonForm()

    def act() -> Any:
        actions.retire_formula(
            session(), load_formula(formula_id), reason=form.reason.data or "", by=actor(), at=now()
        )
        return go("formulary.show_formula", formula_id=formula_id)

    return submit(form, act, page=lambda: _retire_page(formula_id, form), said="The record is retired.")
