"""Pages of opened containers: what is open now with the time left, and its discarding."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from pharmacy.accounts.forms import ReasonForm
from pharmacy.accounts.permissions import Permission
from pharmacy.inventory import actions, queries
from pharmacy.inventory.models import OpenedContainer
from pharmacy.inventory.routes.blueprint import blueprint
from pharmacy.web.doors import requires
from pharmacy.web.paging import page_number
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session


@blueprint.get("/stock/opened")
@requires(Permission.READ_FORMULARY)
def list_opened() -> str:
    """List the containers that are open now, the first to end first."""
    page = page_number(request.args.get("page"))
    found = queries.list_all_open(session(), site_id=actor().site_id, page=page, size=queries.PAGE)
    return render_template(
        "inventory/list_opened.html",
        opened=found[: queries.PAGE],
        page=page,
        more=len(found) > queries.PAGE,
        at=now(),
    )


def _get_opened(opened_id: int) -> OpenedContainer:
    return queries.get_opened(session(), opened_id, site_id=actor().site_id)


@blueprint.get("/stock/opened/<int:opened_id>/discard")
@requires(Permission.COMPOUND)
def discard_opened(opened_id: int) -> str:
    """Ask why an open container is discarded."""
    return _discard_page(opened_id, ReasonForm())


def _discard_page(opened_id: int, form: ReasonForm) -> str:
    return render_template(
        "inventory/discard_opened.html", opened=_get_opened(opened_id), form=form, at=now()
    )


@blueprint.post("/stock/opened/<int:opened_id>/discard")
@requires(Permission.COMPOUND)
def submit_discard_opened(opened_id: int) -> Any:
    """Discard an open container with what is left in it."""
    form = ReasonForm()

    def act() -> Any:
        actions.waste(session(), _get_opened(opened_id), reason=form.reason.data or "", by=actor(), at=now())
        return go("inventory.list_opened")

    return submit(form, act, page=lambda: _discard_page(opened_id, form), said="The container is discarded.")
