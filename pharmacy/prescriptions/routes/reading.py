"""The list of orders, and one order with all its versions."""

from __future__ import annotations

from flask import render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.domain.lifecycle import say
from pharmacy.domain.statuses import OrderStatus
from pharmacy.prescriptions import queries
from pharmacy.prescriptions.routes.door import blueprint
from pharmacy.web.doors import requires
from pharmacy.web.paging import page_number
from pharmacy.web.request import actor, reads_chart, session

_CURRENT = (OrderStatus.ENTERED, OrderStatus.SENT_BACK, OrderStatus.IN_FORCE, OrderStatus.ON_HOLD)
# What the address may ask for, and its words.
_FILTERS: dict[str, tuple[str, tuple[OrderStatus, ...]]] = {
    "current": ("in force or on the way there", _CURRENT),
    **{status.value: (say(status), (status,)) for status in OrderStatus},
    "all": ("all, also replaced and ended ones", tuple(OrderStatus)),
}


@blueprint.get("/orders")
@requires(Permission.READ_CHARTS)
def list_orders() -> str:
    """List the orders of the site by where they stand."""
    page, search = page_number(request.args.get("page")), request.args.get("search", "").strip()
    chosen = _chosen(request.args.get("status", ""))
    statuses = _FILTERS[chosen][1]
    found = queries.list_orders(
        session(), site_id=actor().site_id, page=page, search=search, statuses=statuses
    )
    return render_template(
        "prescriptions/list_orders.html",
        versions=found[: queries.PAGE],
        page=page,
        more=len(found) > queries.PAGE,
        search=search,
        chosen=chosen,
        filters={name: words for name, (words, _) in _FILTERS.items()},
    )


def _chosen(name: str) -> str:
    return name if name in _FILTERS else "current"


@blueprint.get("/orders/<int:order_id>")
@requires(Permission.READ_CHARTS)
def show_order(order_id: int) -> str:
    """Show an order with every version, what was signed, and what its changes asked for."""
    order = queries.get_order(session(), order_id, site_id=actor().site_id)
    reads_chart(order.patient_id)
    records = queries.list_version_records(session(), order)
    return render_template(
        "prescriptions/show_order.html", order=order, newest=records[0].version, records=records
    )
