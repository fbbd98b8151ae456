"""Pages of count sheets: a whole location counted line by line, on screen or on paper first."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_wtf import FlaskForm

from pharmacy.accounts.permissions import Permission
from pharmacy.domain.errors import InvalidInput
from pharmacy.inventory import actions, queries
from pharmacy.inventory.forms import AddToSheetForm
from pharmacy.inventory.models import CountSheet
from pharmacy.inventory.routes.blueprint import blueprint
from pharmacy.inventory.routes.locations import get_location, location_page
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session


@blueprint.post("/stock/locations/<int:location_id>/count-sheets")
@requires(Permission.RECEIVE_STOCK)
def submit_open_count_sheet(location_id: int) -> Any:
    """Open the count sheet of a location."""
    form = FlaskForm()

    def act() -> Any:
        sheet = actions.open_count_sheet(session(), get_location(location_id), by=actor(), at=now())
        return go("inventory.show_count_sheet", sheet_id=sheet.id)

    return submit(form, act, page=lambda: location_page(location_id, form), said="The count sheet is open.")


def _get_sheet(sheet_id: int) -> CountSheet:
    return queries.get_sheet(session(), sheet_id, site_id=actor().site_id)


@blueprint.get("/stock/count-sheets/<int:sheet_id>")
@requires(Permission.READ_FORMULARY)
def show_count_sheet(sheet_id: int) -> str:
    """Show a count sheet with how far it is; what is booked is not on it."""
    return _sheet_page(sheet_id, AddToSheetForm(formdata=None))


def _sheet_page(sheet_id: int, form: AddToSheetForm, refused: FlaskForm | None = None) -> str:
    sheet = _get_sheet(sheet_id)
    lines = queries.list_sheet_lines(sheet)
    return render_template(
        "inventory/show_count_sheet.html",
        sheet=sheet,
        lines=lines,
        done=sum(1 for one in lines if one.count),
        form=form,
        refused=refused,
    )


@blueprint.post("/stock/count-sheets/<int:sheet_id>/lots")
@requires(Permission.RECEIVE_STOCK)
def submit_add_to_sheet(sheet_id: int) -> Any:
    """Add a lot that was found there to the sheet."""
    form = AddToSheetForm()

    def act() -> Any:
        number = form.number.data or ""
        found = queries.list_lots_called(session(), number, site_id=actor().site_id)
        if len(found) != 1:
            raise InvalidInput(_not_one(number, len(found)), field="number")
        actions.add_to_sheet(session(), _get_sheet(sheet_id), found[0], by=actor(), at=now())
        return go("inventory.show_count_sheet", sheet_id=sheet_id)

    return submit(form, act, page=lambda: _sheet_page(sheet_id, form), said="The lot is on the sheet.")


def _not_one(number: str, found: int) -> str:
    if found:
        return f"Several products have a lot {number}; count it from the page of the lot."
    return f"Lot {number} was never received here. Receive it first, or put it aside."


@blueprint.post("/stock/count-sheets/<int:sheet_id>/close")
@requires(Permission.RECEIVE_STOCK)
def submit_close_count_sheet(sheet_id: int) -> Any:
    """Close a count sheet."""
    form = FlaskForm()

    def page() -> str:
        return _sheet_page(sheet_id, AddToSheetForm(formdata=None), form)

    def act() -> Any:
        sheet = actions.close_count_sheet(session(), _get_sheet(sheet_id), by=actor(), at=now())
        return go("inventory.show_location", location_id=sheet.location_id)

    return submit(form, act, page=page, said="The count sheet is closed.")
