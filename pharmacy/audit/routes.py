"""Pages of the audit room: the record, and what was refused."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.audit import queries
from pharmacy.web.doors import requires
from pharmacy.web.paging import page_number
from pharmacy.web.request import actor, session

blueprint = Blueprint("audit", __name__)


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
def refusals() -> str:
    """List what was tried and refused, newest first."""
    page = page_number(request.args.get("page"))
    found = queries.list_refusals(session(), site_id=actor().site_id, page=page)
    return render_template(
        "audit/refusals.html", refusals=found[: queries.PAGE], page=page, more=len(found) > queries.PAGE
    )
