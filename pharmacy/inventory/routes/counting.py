"""Pages on which a lot is counted blind, and a difference is explained and counted again."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.domain.statuses import CountStatus
from pharmacy.domain.stock_changes import ChangeReason, is_large
from pharmacy.inventory import actions, queries
from pharmacy.inventory.forms import CountForm, ExplainForm
from pharmacy.inventory.models import CountSheet, StockCount
from pharmacy.inventory.routes.blueprint import blueprint
from pharmacy.inventory.routes.locations import get_location
from pharmacy.web.doors import requires
from pharmacy.web.paging import page_number
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session

_AGREES = "The count agrees with what is booked."
_SAME = "You both counted the same: the difference is booked."
_OTHER = "You counted another number: nothing is booked. Count the lot again together."


@blueprint.get("/stock/counts")
@requires(Permission.READ_FORMULARY)
def list_counts() -> str:
    """List the counts of the site, the newest first."""
    page = page_number(request.args.get("page"))
    status = next((one for one in CountStatus if one.value == request.args.get("status")), None)
    found = queries.list_counts(session(), site_id=actor().site_id, page=page, status=status)
    return render_template(
        "inventory/list_counts.html",
        counts=found[: queries.PAGE],
        page=page,
        more=len(found) > queries.PAGE,
        status=status,
        statuses=list(CountStatus),
        blind=_is_blind,
    )


def _is_blind(count: StockCount) -> bool:
    """Tell whether this person may still be the second one, who sees no figure before they counted."""
    return (
        count.status is CountStatus.TO_CONFIRM
        and actor().may(Permission.RECEIVE_STOCK)
        and actor().id not in (count.counted_by_id, count.explained_by_id)
    )


@blueprint.get("/stock/lots/<int:lot_id>/locations/<int:location_id>/count")
@requires(Permission.RECEIVE_STOCK)
def count_lot(lot_id: int, location_id: int) -> str:
    """Ask how many are there; what is booked is not shown."""
    return _count_page(lot_id, location_id, CountForm(formdata=None))


def _sheet() -> CountSheet | None:
    sheet_id = request.args.get("sheet", "")
    if not (sheet_id.isascii() and sheet_id.isdecimal()):
        return None
    return queries.get_sheet(session(), int(sheet_id[:9]), site_id=actor().site_id)


def _count_page(lot_id: int, location_id: int, form: CountForm) -> str:
    lot = queries.get_lot(session(), lot_id, site_id=actor().site_id)
    return render_template(
        "inventory/count_lot.html", lot=lot, location=get_location(location_id), sheet=_sheet(), form=form
    )


@blueprint.post("/stock/lots/<int:lot_id>/locations/<int:location_id>/count")
@requires(Permission.RECEIVE_STOCK)
def submit_count_lot(lot_id: int, location_id: int) -> Any:
    """Keep a count, and show what it differs by."""
    form = CountForm()

    def act() -> Any:
        lot, sheet = queries.get_lot(session(), lot_id, site_id=actor().site_id), _sheet()
        count = actions.count_lot(session(), lot, get_location(location_id), counted=form.counted.data,
                                  sheet=sheet, by=actor(), at=now())  # fmt: skip
        if count.status is not CountStatus.AGREES:
            return go("inventory.show_count", count_id=count.id)
        flash(_AGREES)
        return (
            go("inventory.show_count_sheet", sheet_id=sheet.id)
            if sheet
            else go("inventory.show_lot", lot_id=lot_id)
        )

    return submit(form, act, page=lambda: _count_page(lot_id, location_id, form))


def _get_count(count_id: int) -> StockCount:
    return queries.get_count(session(), count_id, site_id=actor().site_id)


@blueprint.get("/stock/counts/<int:count_id>")
@requires(Permission.READ_FORMULARY)
def show_count(count_id: int) -> str:
    """Show a count beside what was booked and what moved since, or ask the second person to count."""
    return _show_page(count_id)


def _show_page(
    count_id: int, *, explaining: ExplainForm | None = None, counting: CountForm | None = None
) -> str:
    count = _get_count(count_id)
    if _is_blind(count):
        return render_template(
            "inventory/count_again.html", count=count, form=counting or CountForm(formdata=None)
        )
    found = queries.list_movements_since_count(session(), count, size=queries.PAGE)
    limit = queries.find_large_difference(session(), site_id=count.site_id)
    return render_template(
        "inventory/show_count.html",
        count=count,
        movements=found,
        form=explaining or ExplainForm(formdata=None),
        is_large=is_large(count.difference, high_alert=count.lot.product.high_alert, limit=limit),
        limit=limit,
    )


@blueprint.post("/stock/counts/<int:count_id>/explain")
@requires(Permission.RECEIVE_STOCK)
def submit_explain_count(count_id: int) -> Any:
    """Explain a difference."""
    form = ExplainForm()

    def act() -> Any:
        code = ChangeReason(form.reason_code.data)
        count = actions.explain_count(session(), _get_count(count_id), reason_code=code,
                                      reason=form.reason.data or "", by=actor(), at=now())  # fmt: skip
        settled = count.status is CountStatus.SETTLED
        flash("The difference is booked." if settled else "A second person now counts it again.")
        return go("inventory.show_count", count_id=count_id)

    return submit(form, act, page=lambda: _show_page(count_id, explaining=form))


@blueprint.post("/stock/counts/<int:count_id>/again")
@requires(Permission.RECEIVE_STOCK)
def submit_count_again(count_id: int) -> Any:
    """Count a large difference again as the second person."""
    form = CountForm()

    def act() -> Any:
        count = actions.confirm_count(session(), _get_count(count_id), counted=form.counted.data,
                                      by=actor(), at=now())  # fmt: skip
        settled = count.status is CountStatus.SETTLED
        flash(_SAME if settled else _OTHER)
        return go("inventory.show_count", count_id=count_id)

    return submit(form, act, page=lambda: _show_page(count_id, counting=form))
