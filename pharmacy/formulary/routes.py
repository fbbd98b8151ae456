"""Pages of the formulary: products, master formulation records and their approval."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask_wtf import FlaskForm

from pharmacy.accounts.permissions import Permission
from pharmacy.audit.queries import list_history
from pharmacy.domain.admixture_working import working
from pharmacy.formulary import actions, queries
from pharmacy.formulary.forms import AcceptDeliveredForm, ApproveFormulaForm
from pharmacy.formulary.models import Formula
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session

blueprint = Blueprint("formulary", __name__)


@blueprint.get("/formulas")
@requires(Permission.READ_FORMULARY)
def list_formulas() -> str:
    """List the master formulation records of the site."""
    found = queries.list_formulas(session(), site_id=actor().site_id)
    return render_template("formulary/list_formulas.html", formulas=found)


@blueprint.get("/products")
@requires(Permission.READ_FORMULARY)
def list_products() -> str:
    """List the products of the site with their codes."""
    found = queries.list_products(session(), site_id=actor().site_id)
    return render_template("formulary/list_products.html", products=found)


@blueprint.get("/reference-data")
@requires(Permission.READ_FORMULARY)
def list_adopted() -> str:
    """List the reference data that the site has adopted."""
    found = queries.list_adopted(session(), site_id=actor().site_id)
    entries = [(one, queries.as_reference_entry(one)) for one in found]
    return render_template("formulary/list_adopted.html", entries=entries)


def _formula(formula_id: int) -> Formula:
    return queries.get_formula(session(), formula_id, site_id=actor().site_id)


@blueprint.get("/formulas/<int:formula_id>")
@requires(Permission.READ_FORMULARY)
def show_formula(formula_id: int) -> str:
    """Show a master formulation record with the working of its numbers."""
    formula = _formula(formula_id)
    bag = queries.compute_bag_of(formula)
    return render_template(
        "formulary/show_formula.html",
        formula=formula,
        bag=bag,
        working=working(bag),
        versions=queries.list_versions_of(session(), formula),
        changes=list_history(session(), formula.__tablename__, formula.id),
    )


@blueprint.get("/formulas/<int:formula_id>/approve")
@requires(Permission.APPROVE_FORMULAS)
def approve_formula(formula_id: int) -> str:
    """Show a draft whole, to accept what it delivers and to approve it."""
    return _approve_page(formula_id, AcceptDeliveredForm(prefix="accept"), ApproveFormulaForm())


def _approve_page(formula_id: int, accept: FlaskForm, approve: FlaskForm) -> str:
    formula = _formula(formula_id)
    bag = queries.compute_bag_of(formula)
    return render_template(
        "formulary/approve_formula.html",
        formula=formula,
        bag=bag,
        working=working(bag),
        delivered=actions.say_delivered(bag),
        accept=accept,
        approve=approve,
    )


@blueprint.post("/formulas/<int:formula_id>/accept-delivered")
@requires(Permission.APPROVE_FORMULAS)
def submit_accept_delivered(formula_id: int) -> Any:
    """Accept what the bag delivers of its dose."""
    form = AcceptDeliveredForm(prefix="accept")

    def act() -> Any:
        actions.accept_delivered_part(
            session(), _formula(formula_id), password=form.password.data or "", by=actor(), at=now()
        )
        return go("formulary.approve_formula", formula_id=formula_id)

    def page() -> str:
        return _approve_page(formula_id, form, ApproveFormulaForm(formdata=None))

    return submit(form, act, page=page, said="The delivered part of the dose is accepted.")


@blueprint.post("/formulas/<int:formula_id>/approve")
@requires(Permission.APPROVE_FORMULAS)
def submit_approve_formula(formula_id: int) -> Any:
    """Approve a draft."""
    form = ApproveFormulaForm()

    def act() -> Any:
        actions.approve_formula(
            session(), _formula(formula_id), password=form.password.data or "", by=actor(), at=now()
        )
        return go("formulary.show_formula", formula_id=formula_id)

    def page() -> str:
        return _approve_page(formula_id, AcceptDeliveredForm(prefix="accept", formdata=None), form)

    return submit(form, act, page=page, said="The record is approved.")
