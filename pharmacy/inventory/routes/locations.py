"""Pages of locations: the list, one with what stands there, and its adding, changing and closing."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_wtf import FlaskForm

from pharmacy.accounts.forms import ReasonForm
from pharmacy.accounts.permissions import Permission
from pharmacy.domain.stock_locations import LocationKind
from pharmacy.inventory import actions, queries
from pharmacy.inventory.forms import AddLocationForm, ChangeLocationForm
from pharmacy.inventory.models import StockLocation
from pharmacy.inventory.routes.blueprint import blueprint
from pharmacy.web.doors import requires
from pharmacy.web.paging import page_number
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session


def get_location(location_id: int) -> StockLocation:
    """Return a location of the person's site."""
    return queries.get_location(session(), location_id, site_id=actor().site_id)


@blueprint.get("/stock/locations")
@requires(Permission.READ_FORMULARY)
def list_locations() -> str:
    """List the locations of the site with how much stands there."""
    lines = queries.list_location_lines(session(), site_id=actor().site_id)
    sheets = {one.location_id: one for one in queries.list_open_sheets(session(), site_id=actor().site_id)}
    return render_template("inventory/list_locations.html", lines=lines, sheets=sheets)


@blueprint.get("/stock/locations/<int:location_id>")
@requires(Permission.READ_FORMULARY)
def show_location(location_id: int) -> str:
    """Show what stands at a location; a quarantine also shows what should stand there and does not."""
    return location_page(location_id)


def location_page(location_id: int, form: FlaskForm | None = None) -> str:
    """Show a location, with what was refused where a form is given."""
    location, page = get_location(location_id), page_number(request.args.get("page"))
    found = queries.list_stock_at(session(), location, page=page, size=queries.PAGE)
    held = (
        queries.list_held_elsewhere(session(), site_id=location.site_id, size=queries.PAGE)
        if location.kind is LocationKind.QUARANTINE
        else []
    )
    return render_template(
        "inventory/show_location.html",
        location=location,
        lines=found[: queries.PAGE],
        held=held,
        form=form,
        sheet=queries.find_open_sheet(session(), location.id),
        page=page,
        more=len(found) > queries.PAGE,
        at=now(),
        soon=queries.soon(now()),
    )


@blueprint.get("/stock/locations/new")
@requires(Permission.SET_UP_STOCK)
def add_location() -> str:
    """Ask for a new location."""
    return render_template("inventory/add_location.html", form=AddLocationForm())


@blueprint.post("/stock/locations/new")
@requires(Permission.SET_UP_STOCK)
def submit_add_location() -> Any:
    """Add a location."""
    form = AddLocationForm()

    def act() -> Any:
        kind = LocationKind(form.kind.data)
        actions.add_location(session(), name=form.name.data or "", kind=kind, by=actor(), at=now())
        return go("inventory.list_locations")

    page = "inventory/add_location.html"
    return submit(form, act, page=lambda: render_template(page, form=form), said="The location is added.")


@blueprint.get("/stock/locations/<int:location_id>/change")
@requires(Permission.SET_UP_STOCK)
def change_location(location_id: int) -> str:
    """Ask what is different about a location."""
    location = get_location(location_id)
    return _change_page(location_id, ChangeLocationForm(name=location.name, kind=location.kind.value))


def _change_page(location_id: int, form: ChangeLocationForm) -> str:
    return render_template("inventory/change_location.html", location=get_location(location_id), form=form)


@blueprint.post("/stock/locations/<int:location_id>/change")
@requires(Permission.SET_UP_STOCK)
def submit_change_location(location_id: int) -> Any:
    """Change a location."""
    form = ChangeLocationForm()

    def act() -> Any:
        values = {"name": form.name.data or "", "kind": LocationKind(form.kind.data)}
        actions.change_location(session(), get_location(location_id), **values,
                                reason=form.reason.data or "", by=actor(), at=now())  # fmt: skip
        return go("inventory.show_location", location_id=location_id)

    return submit(form, act, page=lambda: _change_page(location_id, form), said="The location is changed.")


@blueprint.get("/stock/locations/<int:location_id>/close")
@requires(Permission.SET_UP_STOCK)
def close_location(location_id: int) -> str:
    """Ask why a location is closed."""
    return _close_page(location_id, ReasonForm())


def _close_page(location_id: int, form: ReasonForm) -> str:
    return render_template("inventory/close_location.html", location=get_location(location_id), form=form)


@blueprint.post("/stock/locations/<int:location_id>/close")
@requires(Permission.SET_UP_STOCK)
def submit_close_location(location_id: int) -> Any:
    """Close a location."""
    form = ReasonForm()

    def act() -> Any:
        reason = form.reason.data or ""
        actions.close_location(session(), get_location(location_id), reason=reason, by=actor(), at=now())
        return go("inventory.list_locations")

    return submit(form, act, page=lambda: _close_page(location_id, form), said="The location is closed.")
