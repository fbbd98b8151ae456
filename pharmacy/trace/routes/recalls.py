"""Open a recall or a drill, show it, call its list complete, print the list, and close it."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.audit.queries import list_history
from pharmacy.domain.errors import Refusal
from pharmacy.domain.recall import RecallUrgency
from pharmacy.inventory.models import Lot
from pharmacy.inventory.queries import get_lot
from pharmacy.printing.queries import list_papers
from pharmacy.trace import actions, queries
from pharmacy.trace.documents import draw_recall_list
from pharmacy.trace.forms import DRILL, CloseRecallForm, OpenRecallForm, PrintListForm
from pharmacy.trace.models import Recall, RecallSource
from pharmacy.trace.routes.room import blueprint
from pharmacy.web.doors import requires
from pharmacy.web.paging import page_number
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, reads_chart, session

_MOST_LOTS = 20
_KINDS = {"recalls": False, "drills": True}


@blueprint.get("/recalls")
@requires(Permission.TRACE)
def list_recalls() -> str:
    """List recalls and drills, the open ones first."""
    page, kind = page_number(request.args.get("page")), request.args.get("kind", "")
    found = queries.list_recalls(session(), site_id=actor().site_id, drills=_KINDS.get(kind), page=page)
    return render_template(
        "trace/list_recalls.html",
        recalls=found[: queries.RECALLS_PAGE],
        more=len(found) > queries.RECALLS_PAGE,
        page=page,
        kind=kind if kind in _KINDS else "",
    )


@blueprint.get("/recalls/new")
@requires(Permission.MANAGE_RECALLS)
def open_recall() -> Any:
    """Ask which lots are recalled, and why; a lot that is typed or scanned is added to the list."""
    ids, why = _lot_ids(), ""
    if request.args.get("add", "").strip():
        try:
            ids += [
                one.id for one in queries.find_lots(session(), request.args["add"], site_id=actor().site_id)
            ]
            return go("trace.open_recall", lot=list(dict.fromkeys(ids)))
        except Refusal as refusal:
            why = refusal.sentence
    return _opening_page(OpenRecallForm(), why)


def _lot_ids() -> list[int]:
    texts = request.args.getlist("lot")[:_MOST_LOTS]
    return [int(one) for one in texts if one.isascii() and one.isdigit() and len(one) <= 9]


def _lots() -> list[Lot]:
    return [get_lot(session(), one, site_id=actor().site_id) for one in dict.fromkeys(_lot_ids())]


def _opening_page(form: OpenRecallForm, why: str = "") -> str:
    lots = _lots()
    traces = queries.trace_lots(session(), lots, page=1) if lots else []
    return render_template("trace/open_recall.html", form=form, traces=traces, why=why)


@blueprint.post("/recalls/new")
@requires(Permission.MANAGE_RECALLS)
def submit_open_recall() -> Any:
    """Open a recall or a drill by signature."""
    form = OpenRecallForm()

    def act() -> Any:
        entry = actions.RecallEntry(
            is_drill=form.kind.data == DRILL,
            source=RecallSource(form.source.data),
            urgency=RecallUrgency(form.urgency.data),
            reference=form.reference.data or "",
            reason=form.reason.data or "",
            instructions=form.instructions.data or "",
        )
        recall = actions.open_recall(
            session(), _lots(), entry, password=form.password.data or "", by=actor(), at=now()
        )
        return go("trace.show_recall", recall_id=recall.id)

    return submit(form, act, page=lambda: _opening_page(form), said="It is open, and the clock runs.")


def get_own(recall_id: int) -> Recall:
    """Return a recall of the site of the person who asks."""
    return queries.get_recall(session(), recall_id, site_id=actor().site_id)


@blueprint.get("/recalls/<int:recall_id>")
@requires(Permission.TRACE)
def show_recall(recall_id: int) -> str:
    """Show a recall: the count, whom to call, whom to tell, and where every bag is."""
    return _recall_page(get_own(recall_id), PrintListForm())


def _recall_page(recall: Recall, form: PrintListForm) -> str:
    shown, page = queries.get_recall_page(session(), recall), page_number(request.args.get("page"))
    for patient_id in {one.bag.patient_id for one in shown.bags if one.bag.patient_id}:
        reads_chart(patient_id)
    start = (page - 1) * queries.PAGE
    return render_template(
        "trace/show_recall.html",
        recall=recall,
        shown=shown,
        form=form,
        page=page,
        listed=shown.bags[start : start + queries.PAGE],
        more=len(shown.bags) > start + queries.PAGE,
        located_by=queries.count_located_by(shown.bags),
        papers=list_papers(session(), recall.__tablename__, recall.id),
        history=list_history(session(), recall.__tablename__, recall.id),
        at=now(),
    )


@blueprint.post("/recalls/<int:recall_id>/complete")
@requires(Permission.CALL_FOR_RECALLS)
def submit_complete_list(recall_id: int) -> Any:
    """Say that the list of bags and patients is complete."""
    actions.complete_list(session(), get_own(recall_id), by=actor(), at=now())
    return go("trace.show_recall", recall_id=recall_id)


@blueprint.post("/recalls/<int:recall_id>/print")
@requires(Permission.CALL_FOR_RECALLS)
def submit_print_recall(recall_id: int) -> Any:
    """Print the list of a recall as it is now."""
    recall, form = get_own(recall_id), PrintListForm()

    def act() -> Any:
        shown = queries.get_recall_page(session(), recall)
        draw = draw_recall_list(shown, site=actor().site)
        paper = actions.print_recall_list(
            session(), recall, draw=draw, reason=form.reason.data, by=actor(), at=now()
        )
        return go("printing.show_paper", serial=paper.serial)

    return submit(form, act, page=lambda: _recall_page(recall, form))


@blueprint.get("/recalls/<int:recall_id>/close")
@requires(Permission.MANAGE_RECALLS)
def close_recall(recall_id: int) -> str:
    """Show what is signed at the closing, and what stands in the way."""
    return _closing_page(get_own(recall_id), CloseRecallForm())


def _closing_page(recall: Recall, form: CloseRecallForm) -> str:
    shown = queries.get_recall_page(session(), recall)
    return render_template(
        "trace/close_recall.html", recall=recall, shown=shown, form=form, obstacles=shown.obstacles
    )


@blueprint.post("/recalls/<int:recall_id>/close")
@requires(Permission.MANAGE_RECALLS)
def submit_close_recall(recall_id: int) -> Any:
    """Close a recall by signature."""
    recall, form = get_own(recall_id), CloseRecallForm()

    def act() -> Any:
        actions.close_recall(session(), recall, conclusion=form.conclusion.data or "",
                             password=form.password.data or "", by=actor(), at=now())  # fmt: skip
        return go("trace.show_recall", recall_id=recall_id)

    return submit(form, act, page=lambda: _closing_page(recall, form), said="It is closed.")
