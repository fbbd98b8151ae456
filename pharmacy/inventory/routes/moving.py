"""The page on which containers of a lot are moved from one location to another."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.inventory import actions, queries
from pharmacy.inventory.forms import MoveForm
from pharmacy.inventory.models import Lot, StockLocation
from pharmacy.inventory.routes.blueprint import blueprint
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session


def get_lot_and_location(lot_id: int) -> tuple[Lot, StockLocation | None]:
    """Return the lot and, from the address, the location where it stands; None is where nobody has said."""
    site_id, location_id = actor().site_id, request.args.get("from", "")
    lot = queries.get_lot(session(), lot_id, site_id=site_id)
    if not (location_id.isascii() and location_id.isdecimal()):
        return lot, None
    return lot, queries.get_location(session(), int(location_id[:9]), site_id=site_id)


@blueprint.get("/stock/lots/<int:lot_id>/move")
@requires(Permission.RECEIVE_STOCK)
def move_containers(lot_id: int) -> str:
    """Ask how many containers go where."""
    return _page(lot_id, MoveForm(formdata=None))


def _page(lot_id: int, form: MoveForm) -> str:
    lot, came_from = get_lot_and_location(lot_id)
    locations = queries.list_locations(session(), site_id=actor().site_id)
    form.offer_locations([one for one in locations if one is not came_from])
    here = queries.count_at(session(), lot.id, came_from.id if came_from else None)
    return render_template(
        "inventory/move_containers.html", lot=lot, came_from=came_from, here=here, form=form
    )


@blueprint.post("/stock/lots/<int:lot_id>/move")
@requires(Permission.RECEIVE_STOCK)
def submit_move_containers(lot_id: int) -> Any:
    """Move containers."""
    form, site_id = MoveForm(), actor().site_id
    form.offer_locations(queries.list_locations(session(), site_id=site_id))

    def act() -> Any:
        lot, came_from = get_lot_and_location(lot_id)
        to = queries.get_location(session(), int(form.location.data), site_id=site_id)
        accepted, reason = bool(form.accept_location.data), form.reason.data or ""
        actions.move_containers(session(), lot, came_from=came_from, to=to, containers=form.containers.data,
                                accepted=accepted, reason=reason, by=actor(), at=now())  # fmt: skip
        return go("inventory.show_lot", lot_id=lot_id)

    return submit(form, act, page=lambda: _page(lot_id, form), said="The containers are moved.")
