"""Pages of the audit room: the record, and what was refused."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.accounts.queries import list_people
from pharmacy.audit import interceptions, queries
from pharmacy.audit.models import Refusal
from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.formatting import moment
from pharmacy.domain.interception import Cause, what_was_prevented
from pharmacy.web.csv_files import csv_file
from pharmacy.web.doors import requires
from pharmacy.web.paging import page_number
from pharmacy.web.request import actor, session

blueprint = Blueprint("audit", __name__)
_FILTERS = ("show", "cause", "person", "first", "last", "search")
_COLUMNS = (
    *("When", "Who", "Kind", "Cause", "What was prevented", "What was said", "What was expected"),
    *("What was scanned", "Product", "Lot", "Serial", "Worksheet", "Bag"),
)


@blueprint.get("/audit")
@requires(Permission.READ_AUDIT)
def entries() -> str:
    """List the newest entries of the audit record."""
    page = page_number(request.args.get("page"))
    found = queries.list_entries(session(), site_id=actor().site_id, page=page)
    return render_template(
        "audit/entries.html", entries=found[: queries.PAGE], page=page, more=len(found) > queries.PAGE
    )


@blueprint.get("/intercepted-errors")
@requires(Permission.READ_REFUSALS)
def refusals() -> Any:
    """List what was intercepted, newest first, or the noise beside it."""
    sought, why = interceptions.Sought(), ""
    try:
        sought = interceptions.read_sought(request.args)
    except InvalidInput as refusal:
        why = refusal.sentence
    page = page_number(request.args.get("page"))
    found = _list(sought, page=page)
    answer = render_template(
        "audit/refusals.html",
        refusals=found[: interceptions.PAGE],
        page=page,
        more=len(found) > interceptions.PAGE,
        sought=sought,
        typed={name: request.args.get(name, "") for name in _FILTERS},
        why=why,
        shows=list(interceptions.Show),
        causes=sorted(Cause),
        people=list_people(session(), site_id=actor().site_id),
    )
    return answer, 400 if why else 200


def _list(sought: interceptions.Sought, **limits: int) -> list[Refusal]:
    zone = ZoneInfo(actor().site.time_zone)
    return interceptions.list_refusals(session(), sought, site_id=actor().site_id, zone=zone, **limits)


@blueprint.get("/intercepted-errors.csv")
@requires(Permission.READ_REFUSALS)
def download_refusals() -> Any:
    """Answer what was intercepted as a file, with the filters of the list."""
    zone = ZoneInfo(actor().site.time_zone)
    found = _list(interceptions.read_sought(request.args), most=interceptions.MOST_IN_FILE)
    rows = [
        (moment(one.at, zone), one.person.name if one.person else "", one.kind, one.cause,
         what_was_prevented(one.cause), one.sentence, one.expected, one.raw, one.read_product, one.read_lot,
         one.read_serial, one.worksheet_id, one.bag_id)
        for one in found
    ]  # fmt: skip
    return csv_file("intercepted-errors", _COLUMNS, rows)


@blueprint.get("/intercepted-errors/<int:refusal_id>")
@requires(Permission.READ_REFUSALS)
def show_refusal(refusal_id: int) -> str:
    """Show one refusal with what was scanned, as what it was read, and what was expected."""
    found = interceptions.get_refusal(session(), refusal_id, site_id=actor().site_id)
    return render_template("audit/show_refusal.html", refusal=found)
