"""The page on which a bag that has not left is put aside."""

from __future__ import annotations

from typing import Any

from flask import render_template

from pharmacy.accounts.permissions import Permission
from pharmacy.compounding import actions
from pharmacy.compounding.forms import AsideForm
from pharmacy.compounding.routes.blueprint import blueprint
from pharmacy.compounding.routes.labels import get_bag
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session


@blueprint.get("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/aside")
@requires(Permission.COMPOUND)
def put_aside(worksheet_id: int, bag_id: int) -> str:
    """Ask what becomes of a bag that is not to leave, and why."""
    return _aside_page(worksheet_id, bag_id, AsideForm())


def _aside_page(worksheet_id: int, bag_id: int, form: AsideForm) -> str:
    return render_template("compounding/put_aside.html", bag=get_bag(worksheet_id, bag_id), form=form)


@blueprint.post("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/aside")
@requires(Permission.COMPOUND)
def submit_put_aside(worksheet_id: int, bag_id: int) -> Any:
    """Put a bag in quarantine, or record that it was destroyed."""
    form = AsideForm()

    def act() -> Any:
        aside = actions.destroy_bag if form.is_destroyed() else actions.quarantine_bag
        bag, reason = get_bag(worksheet_id, bag_id), form.reason.data or ""
        aside(session(), bag, reason=reason, by=actor(), at=now())
        return go("compounding.show_worksheet", worksheet_id=worksheet_id)

    return submit(form, act, page=lambda: _aside_page(worksheet_id, bag_id, form), said="It is recorded.")
