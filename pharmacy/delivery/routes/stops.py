"""One stop at the desk once its box is closed: the second check, the manifest, the proof."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template
from flask_wtf import FlaskForm

from pharmacy.accounts.forms import ReasonForm
from pharmacy.accounts.permissions import Permission
from pharmacy.audit.queries import list_history
from pharmacy.delivery import actions, documents, queries
from pharmacy.delivery.forms import CheckForm, PrintForm
from pharmacy.delivery.models import DeliveryStop
from pharmacy.delivery.routes.door import blueprint, load_stop
from pharmacy.dispensing.queries import count_bags_to_bring
from pharmacy.printing.models import PrintedPaper
from pharmacy.printing.queries import list_papers
from pharmacy.pumps.queries import find_verified_sheet
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session

# What is done to a stop with a reason: the action, the question on its page, and what is said after it.
_WITH_REASON: dict[str, tuple[Callable[..., None], str, str]] = {
    "reopen": (actions.reopen_packing, "Open this box again", "The box is open; it is checked anew."),
    "cancel": (actions.cancel_stop, "Take this stop off the batch", "The stop is cancelled."),
}


@blueprint.get("/deliveries/stops/<int:stop_id>")
@requires(Permission.PACK_DELIVERIES)
def show_stop(stop_id: int) -> str:
    """Show a stop: what is in its box, who packed and checked it, and how it ended."""
    return _stop_page(stop_id, CheckForm(), PrintForm())


def _stop_page(stop_id: int, check_form: CheckForm, print_form: PrintForm) -> str:
    stop = load_stop(stop_id)
    packed = queries.list_packed(stop)
    packers = {stop.packed_by_id, *(one.packed_by_id for one in packed)}
    return render_template(
        "delivery/show_stop.html",
        stop=stop,
        packed=packed,
        signed=count_bags_to_bring(stop.planned_delivery),
        may_check=actor().id not in packers,
        check_form=check_form,
        print_form=print_form,
        papers=list_papers(session(), stop.__tablename__, stop.id),
        enclosed=_list_enclosed(stop),
        strokes=documents.read_signature(stop),
        history=list_history(session(), stop.__tablename__, stop.id),
    )


def _list_enclosed(stop: DeliveryStop) -> list[PrintedPaper]:
    """List the papers of the pump sheet that lie in the box: the last copy of each."""
    sheet = find_verified_sheet(session(), stop.planned_delivery.plan.order_version_id)
    papers = list_papers(session(), sheet.__tablename__, sheet.id) if sheet else []
    return list({one.kind: one for one in papers if one.replaced_at is None}.values())


@blueprint.post("/deliveries/stops/<int:stop_id>/check")
@requires(Permission.PACK_DELIVERIES)
def submit_check_packing(stop_id: int) -> Any:
    """Record the second person's check of a box."""
    form = CheckForm()

    def act() -> Any:
        actions.check_packing(session(), load_stop(stop_id), by=actor(), at=now())
        return go("delivery.show_stop", stop_id=stop_id)

    return submit(form, act, page=lambda: _stop_page(stop_id, form, PrintForm()), said="The box is checked.")


@blueprint.post("/deliveries/stops/<int:stop_id>/manifest")
@requires(Permission.PACK_DELIVERIES)
def submit_print_manifest(stop_id: int) -> Any:
    """Print a stop's manifest, or its proof of delivery."""
    form = PrintForm()

    def act() -> Any:
        stop = load_stop(stop_id)
        draw = documents.draw_manifest(stop, site=actor().site, enclosed=_list_enclosed(stop))
        actions.print_manifest(session(), stop, draw=draw, reason=form.reason.data, by=actor(), at=now())
        return go("delivery.show_stop", stop_id=stop_id)

    return submit(form, act, page=lambda: _stop_page(stop_id, CheckForm(), form), said="It was printed.")


@blueprint.get("/deliveries/stops/<int:stop_id>/reopen")
@requires(Permission.PACK_DELIVERIES)
def reopen_packing(stop_id: int) -> str:
    """Ask why a closed box is opened again."""
    return _reason_page(stop_id, "reopen", ReasonForm())


@blueprint.post("/deliveries/stops/<int:stop_id>/reopen")
@requires(Permission.PACK_DELIVERIES)
def submit_reopen_packing(stop_id: int) -> Any:
    """Open a closed box again."""
    return _submit_reason(stop_id, "reopen")


@blueprint.get("/deliveries/stops/<int:stop_id>/cancel")
@requires(Permission.PACK_DELIVERIES)
def cancel_stop(stop_id: int) -> str:
    """Ask why a stop is taken off its batch."""
    return _reason_page(stop_id, "cancel", ReasonForm())


@blueprint.post("/deliveries/stops/<int:stop_id>/cancel")
@requires(Permission.PACK_DELIVERIES)
def submit_cancel_stop(stop_id: int) -> Any:
    """Take a stop off its batch."""
    return _submit_reason(stop_id, "cancel")


def _reason_page(stop_id: int, what: str, form: FlaskForm) -> str:
    words = _WITH_REASON[what][1]
    return render_template(
        "delivery/change_stop.html", stop=load_stop(stop_id), what=what, words=words, form=form
    )


def _submit_reason(stop_id: int, what: str) -> Any:
    form = ReasonForm()
    action, _, said = _WITH_REASON[what]

    def act() -> Any:
        stop = load_stop(stop_id)
        action(session(), stop, reason=form.reason.data or "", by=actor(), at=now())
        return go("delivery.show_batch", batch_id=stop.batch_id)

    return submit(form, act, page=lambda: _reason_page(stop_id, what, form), said=said)
