"""The compounding record with its addenda, and the papers of a worksheet."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.compounding import actions, documents, queries
from pharmacy.compounding.forms import AddendumForm, PrintForm
from pharmacy.compounding.routes.blueprint import blueprint
from pharmacy.compounding.routes.labels import load_whole
from pharmacy.formulary.queries import adopted_limits_table
from pharmacy.printing.queries import is_as_printed
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
    facts = queries.get_record_facts(session(), worksheet, at=now())
    papers = queries.list_papers_of(session(), worksheet, whole=True)
    return render_template(
        "compounding/record.html",
        worksheet=worksheet,
        facts=facts,
        record=documents.write_record(worksheet, facts),
        papers=papers,
        damaged={paper.id for paper in papers if not is_as_printed(paper)},
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


@blueprint.get("/worksheets/<int:worksheet_id>/record/addendum")
@requires(Permission.COMPOUND)
def addendum(worksheet_id: int) -> str:
    """Ask what is right where the record says something else; what it says of an item is filled in."""
    told = {"what": request.args.get("what", "")[:200], "old_value": request.args.get("says", "")[:2000]}
    return _addendum_page(worksheet_id, AddendumForm(formdata=None, data=told))


def _addendum_page(worksheet_id: int, form: AddendumForm) -> str:
    return render_template("compounding/addendum.html", worksheet=load_whole(worksheet_id), form=form)


@blueprint.post("/worksheets/<int:worksheet_id>/record/addendum")
@requires(Permission.COMPOUND)
def submit_addendum(worksheet_id: int) -> Any:
    """Sign an addendum to the record."""
    form = AddendumForm()

    def act() -> Any:
        worksheet, password = load_whole(worksheet_id), form.password.data or ""
        actions.add_addendum(session(), worksheet, **form.told(), password=password, by=actor(), at=now())
        return go("compounding.record", worksheet_id=worksheet_id)

    said = "The addendum is signed and stands with the record."
    return submit(form, act, page=lambda: _addendum_page(worksheet_id, form), said=said)
