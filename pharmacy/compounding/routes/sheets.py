"""The papers of a worksheet: the worksheet for the hood, and the compounding record."""

from __future__ import annotations

from typing import Any

from flask import render_template

from pharmacy.accounts.permissions import Permission
from pharmacy.compounding import actions, documents, queries
from pharmacy.compounding.forms import PrintForm
from pharmacy.compounding.routes.blueprint import blueprint
from pharmacy.compounding.routes.labels import load_whole
from pharmacy.domain.bag_release import count_bags
from pharmacy.formulary.queries import adopted_limits_table
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session


@blueprint.get("/worksheets/<int:worksheet_id>/record")
@requires(Permission.READ_CHARTS)
def record(worksheet_id: int) -> str:
    """Show what the compounding record holds, and every paper that was printed."""
    return _record_page(worksheet_id)


def _record_page(worksheet_id: int, *, sheet: PrintForm | None = None, tried: PrintForm | None = None) -> str:
    worksheet = load_whole(worksheet_id)
    standings = queries.read_standings(session(), worksheet, at=now())
    return render_template(
        "compounding/record.html",
        worksheet=worksheet,
        tally=count_bags(standings),
        papers=queries.list_papers_of(session(), worksheet),
        sheet=sheet or PrintForm(formdata=None, prefix="worksheet-"),
        form=tried or PrintForm(formdata=None),
    )


@blueprint.post("/worksheets/<int:worksheet_id>/record")
@requires(Permission.OPEN_WORKSHEETS)
def submit_record(worksheet_id: int) -> Any:
    """Print the compounding record."""
    form = PrintForm()

    def act() -> Any:
        worksheet, reason = load_whole(worksheet_id), form.reason.data
        facts = queries.get_record_facts(session(), worksheet, at=now())
        draw = documents.draw_record(worksheet, facts)
        actions.print_record(session(), worksheet, draw=draw, reason=reason, by=actor(), at=now())
        return go("compounding.record", worksheet_id=worksheet_id)

    return submit(
        form,
        act,
        page=lambda: _record_page(worksheet_id, tried=form),
        said="The compounding record is printed.",
    )


@blueprint.post("/worksheets/<int:worksheet_id>/paper")
@requires(Permission.OPEN_WORKSHEETS)
def submit_print_worksheet(worksheet_id: int) -> Any:
    """Print the worksheet for the hood."""
    form = PrintForm(prefix="worksheet-")

    def act() -> Any:
        worksheet, reason = load_whole(worksheet_id), form.reason.data
        limits = adopted_limits_table(session(), site_id=actor().site_id)
        draw = documents.draw_worksheet(worksheet, site=actor().site, limits=limits)
        actions.print_worksheet(session(), worksheet, draw=draw, reason=reason, by=actor(), at=now())
        return go("compounding.record", worksheet_id=worksheet_id)

    return submit(
        form, act, page=lambda: _record_page(worksheet_id, sheet=form), said="The worksheet is printed."
    )
