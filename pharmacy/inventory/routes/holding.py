"""Pages on which a lot is held back, let go again, and its wrong expiry corrected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template

from pharmacy.accounts.forms import ReasonForm
from pharmacy.accounts.permissions import Permission
from pharmacy.inventory import actions, queries
from pharmacy.inventory.forms import CorrectExpiryForm
from pharmacy.inventory.routes.blueprint import blueprint
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session


@blueprint.get("/stock/lots/<int:lot_id>/quarantine")
@requires(Permission.QUARANTINE_LOTS)
def quarantine_lot(lot_id: int) -> str:
    """Ask why a lot is held back."""
    return _reason_page("inventory/quarantine_lot.html", lot_id, ReasonForm())


@blueprint.post("/stock/lots/<int:lot_id>/quarantine")
@requires(Permission.QUARANTINE_LOTS)
def submit_quarantine_lot(lot_id: int) -> Any:
    """Hold a lot back."""
    return _submit_reason(
        lot_id, actions.quarantine_lot, "inventory/quarantine_lot.html", "The lot is in quarantine."
    )


@blueprint.get("/stock/lots/<int:lot_id>/lift")
@requires(Permission.LIFT_QUARANTINE)
def lift_quarantine(lot_id: int) -> str:
    """Ask why a lot may be used again."""
    return _reason_page("inventory/lift_quarantine.html", lot_id, ReasonForm())


@blueprint.post("/stock/lots/<int:lot_id>/lift")
@requires(Permission.LIFT_QUARANTINE)
def submit_lift_quarantine(lot_id: int) -> Any:
    """Let a lot be used again."""
    return _submit_reason(
        lot_id, actions.lift_quarantine, "inventory/lift_quarantine.html", "The lot may be used again."
    )


@blueprint.get("/stock/lots/<int:lot_id>/expiry")
@requires(Permission.LIFT_QUARANTINE)
def correct_expiry(lot_id: int) -> str:
    """Ask which expiry is really printed."""
    return _expiry_page(lot_id, CorrectExpiryForm())


def _expiry_page(lot_id: int, form: CorrectExpiryForm) -> str:
    lot = queries.get_lot(session(), lot_id, site_id=actor().site_id)
    return render_template("inventory/correct_expiry.html", lot=lot, form=form)


@blueprint.post("/stock/lots/<int:lot_id>/expiry")
@requires(Permission.LIFT_QUARANTINE)
def submit_correct_expiry(lot_id: int) -> Any:
    """Correct an expiry that was typed wrongly."""
    form = CorrectExpiryForm()

    def act() -> Any:
        lot = queries.get_lot(session(), lot_id, site_id=actor().site_id)
        values = {name: form[name].data or "" for name in ("expiry", "expiry_again", "reason")}
        actions.correct_expiry(session(), lot, **values, by=actor(), at=now())
        return go("inventory.show_lot", lot_id=lot_id)

    return submit(form, act, page=lambda: _expiry_page(lot_id, form), said="The expiry is corrected.")


def _reason_page(template: str, lot_id: int, form: ReasonForm) -> str:
    lot = queries.get_lot(session(), lot_id, site_id=actor().site_id)
    return render_template(template, lot=lot, form=form)


def _submit_reason(lot_id: int, action: Callable[..., Any], template: str, said: str) -> Any:
    form = ReasonForm()

    def act() -> Any:
        lot = queries.get_lot(session(), lot_id, site_id=actor().site_id)
        action(session(), lot, reason=form.reason.data or "", by=actor(), at=now())
        return go("inventory.show_lot", lot_id=lot_id)

    return submit(form, act, page=lambda: _reason_page(template, lot_id, form), said=said)
