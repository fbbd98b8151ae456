"""The page of a formula on which bags are made for stock: what the plans ask for, and what is there."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template

from pharmacy.accounts.permissions import Permission
from pharmacy.compounding import actions as compounding
from pharmacy.compounding.queries import list_stock, list_stock_worksheets
from pharmacy.dispensing import queries
from pharmacy.dispensing.forms import MakeStockForm
from pharmacy.dispensing.routes.room import blueprint
from pharmacy.domain.local_time import to_instant
from pharmacy.formulary.queries import get_formula
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, reads_chart, session

MOST_SHOWN = 250


@blueprint.get("/formulas/<int:formula_id>/stock")
@requires(Permission.OPEN_WORKSHEETS)
def make_for_stock(formula_id: int) -> str:
    """Show what the coming days ask of a formula and what stock has, and ask how many bags to make."""
    return _page(formula_id, MakeStockForm())


def _page(formula_id: int, form: MakeStockForm) -> str:
    formula = get_formula(session(), formula_id, site_id=actor().site_id)
    demand = queries.list_demand(session(), formula, at=now())
    for one in demand:
        reads_chart(one.delivery.plan.patient_id)
    return render_template(
        "dispensing/make_for_stock.html",
        formula=formula,
        demand=demand,
        days=queries.AHEAD.days,
        bags=list_stock(session(), site_id=actor().site_id, code=formula.code, size=MOST_SHOWN),
        worksheets=list_stock_worksheets(session(), formula.code, site_id=actor().site_id),
        form=form,
        at=now(),
    )


@blueprint.post("/formulas/<int:formula_id>/stock")
@requires(Permission.OPEN_WORKSHEETS)
def submit_make_for_stock(formula_id: int) -> Any:
    """Open a worksheet for stock."""
    form = MakeStockForm()

    def act() -> Any:
        worksheet = compounding.open_stock_worksheet(
            session(),
            get_formula(session(), formula_id, site_id=actor().site_id),
            bag_count=form.bags.data,
            needed_at=to_instant(form.needed_at.data, ZoneInfo(actor().site.time_zone)),
            reason=form.reason.data or "",
            by=actor(),
            at=now(),
        )
        return go("compounding.show_worksheet", worksheet_id=worksheet.id)

    return submit(form, act, page=lambda: _page(formula_id, form), said="The worksheet for stock is open.")
