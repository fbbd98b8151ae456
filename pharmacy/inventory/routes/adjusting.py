"""The page on which stock is booked in or out by hand, with a witness where one is needed."""

from __future__ import annotations

from typing import Any

from flask import render_template

from pharmacy.accounts.permissions import Permission
from pharmacy.domain.stock_changes import ChangeReason
from pharmacy.inventory import actions, queries
from pharmacy.inventory.forms import AdjustForm
from pharmacy.inventory.routes.blueprint import blueprint
from pharmacy.inventory.routes.moving import get_lot_and_location
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session


@blueprint.get("/stock/lots/<int:lot_id>/adjust")
@requires(Permission.RECEIVE_STOCK)
def adjust_stock(lot_id: int) -> str:
    """Ask what is booked in or out, and why."""
    return _page(lot_id, AdjustForm(formdata=None))


def _page(lot_id: int, form: AdjustForm) -> str:
    lot, location = get_lot_and_location(lot_id)
    here = queries.count_at(session(), lot.id, location.id if location else None)
    limit = queries.find_large_difference(session(), site_id=lot.site_id)
    return render_template(
        "inventory/adjust_stock.html", lot=lot, location=location, here=here, limit=limit, form=form
    )


@blueprint.post("/stock/lots/<int:lot_id>/adjust")
@requires(Permission.RECEIVE_STOCK)
def submit_adjust_stock(lot_id: int) -> Any:
    """Book containers in or out."""
    form = AdjustForm()

    def act() -> Any:
        lot, location = get_lot_and_location(lot_id)
        actions.adjust_stock(
            session(),
            lot,
            location,
            reason_code=ChangeReason(form.reason_code.data),
            containers=form.containers.data,
            reason=form.reason.data or "",
            witness=form.given_witness(),
            accepted=bool(form.accept_location.data),
            by=actor(),
            at=now(),
        )
        return go("inventory.show_lot", lot_id=lot_id)

    return submit(form, act, page=lambda: _page(lot_id, form), said="The stock is adjusted.")
