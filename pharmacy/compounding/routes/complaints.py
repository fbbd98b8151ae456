"""The page on which a complaint about a bag, or an adverse reaction, is taken down."""

from __future__ import annotations

from typing import Any

from flask import render_template

from pharmacy.accounts.permissions import Permission
from pharmacy.compounding import actions
from pharmacy.compounding.forms import ComplaintForm
from pharmacy.compounding.routes.blueprint import blueprint
from pharmacy.compounding.routes.labels import get_bag
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session


@blueprint.get("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/complaint")
@requires(Permission.REPORT_DEVIATIONS)
def take_complaint(worksheet_id: int, bag_id: int) -> str:
    """Ask what was reported of a bag."""
    return _complaint_page(worksheet_id, bag_id, ComplaintForm())


def _complaint_page(worksheet_id: int, bag_id: int, form: ComplaintForm) -> str:
    bag = get_bag(worksheet_id, bag_id)
    return render_template("compounding/take_complaint.html", bag=bag, worksheet=bag.worksheet, form=form)


@blueprint.post("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/complaint")
@requires(Permission.REPORT_DEVIATIONS)
def submit_take_complaint(worksheet_id: int, bag_id: int) -> Any:
    """Take a complaint down."""
    form = ComplaintForm()

    def act() -> Any:
        bag, kind = get_bag(worksheet_id, bag_id), form.chosen_kind()
        actions.take_complaint(session(), bag, kind=kind, **form.told(), by=actor(), at=now())
        return go("compounding.record", worksheet_id=worksheet_id)

    said = "The complaint is kept with the compounding record."
    return submit(form, act, page=lambda: _complaint_page(worksheet_id, bag_id, form), said=said)
