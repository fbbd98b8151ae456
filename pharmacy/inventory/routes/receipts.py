"""Pages of receipts: the list of deliveries that came in, and the opening of a new one."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.domain.local_time import to_local
from pharmacy.inventory import actions, queries
from pharmacy.inventory.forms import ReceiptForm
from pharmacy.inventory.routes.blueprint import blueprint
from pharmacy.web.doors import requires
from pharmacy.web.paging import page_number
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session


@blueprint.get("/stock/receipts")
@requires(Permission.READ_FORMULARY)
def list_receipts() -> str:
    """List the deliveries that came in, the newest first."""
    page, search = page_number(request.args.get("page")), request.args.get("search", "").strip()
    found = queries.list_receipts(session(), site_id=actor().site_id, page=page, search=search)
    return render_template(
        "inventory/list_receipts.html",
        receipts=found[: queries.PAGE],
        page=page,
        more=len(found) > queries.PAGE,
        search=search,
    )


@blueprint.get("/stock/receipts/new")
@requires(Permission.RECEIVE_STOCK)
def open_receipt() -> str:
    """Ask which delivery came in; most come on the day on which they are received."""
    today = to_local(now(), ZoneInfo(actor().site.time_zone)).date()
    return _opening_page(ReceiptForm(formdata=None, received_on=today))


def _opening_page(form: ReceiptForm) -> str:
    suppliers = queries.list_suppliers(session(), site_id=actor().site_id)
    return render_template("inventory/open_receipt.html", form=form, suppliers=suppliers)


@blueprint.post("/stock/receipts/new")
@requires(Permission.RECEIVE_STOCK)
def submit_open_receipt() -> Any:
    """Open the receipt of a delivery."""
    form = ReceiptForm()

    def act() -> Any:
        values = {name: form[name].data for name in ("supplier", "document", "received_on")}
        receipt = actions.open_receipt(session(), **values, by=actor(), at=now())
        return go("inventory.show_receipt", receipt_id=receipt.id)

    return submit(form, act, page=lambda: _opening_page(form), said="The receipt is open: scan the packages.")
