"""The page of the bags in stock: how many of each formula, and until when each can be started."""

from __future__ import annotations

from flask import render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.compounding import queries
from pharmacy.compounding.routes.blueprint import blueprint
from pharmacy.web.doors import requires
from pharmacy.web.paging import page_number
from pharmacy.web.request import actor, now, session


@blueprint.get("/stock-bags")
@requires(Permission.OPEN_WORKSHEETS)
def list_stock_bags() -> str:
    """List the bags that are made and nobody's yet, the soonest to be started first."""
    page, code = page_number(request.args.get("page")), request.args.get("formula", "").strip()[:60]
    bags = queries.list_stock(session(), site_id=actor().site_id, code=code, page=page)
    return render_template(
        "compounding/list_stock_bags.html",
        bags=bags[: queries.PAGE],
        more=len(bags) > queries.PAGE,
        page=page,
        code=code,
        counts=queries.count_stock(session(), site_id=actor().site_id, at=now()),
        at=now(),
    )
