"""Call the patients of a recall and tell their prescribers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template

from pharmacy.accounts.permissions import Permission
from pharmacy.domain.local_time import to_instant
from pharmacy.patients.queries import get_patient, get_prescriber
from pharmacy.trace import actions, queries
from pharmacy.trace.forms import RESULTS, TOLD, CallForm, NoticeForm
from pharmacy.trace.models import CallResult, Recall
from pharmacy.trace.routes.recalls import get_own
from pharmacy.trace.routes.room import blueprint
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, reads_chart, session


@blueprint.get("/recalls/<int:recall_id>/patients/<int:patient_id>")
@requires(Permission.CALL_FOR_RECALLS)
def call_patient(recall_id: int, patient_id: int) -> str:
    """Show whom to call, the bags at home and every call so far."""
    recall = get_own(recall_id)
    line = queries.get_patient_line(session(), recall, patient_id)
    return _call_page(recall, patient_id, CallForm.offering(line.open_bags))


def _call_page(recall: Recall, patient_id: int, form: CallForm) -> str:
    reads_chart(patient_id)
    return render_template(
        "trace/call_patient.html",
        recall=recall,
        line=queries.get_patient_line(session(), recall, patient_id),
        patient=get_patient(session(), patient_id, site_id=actor().site_id),
        form=form,
        results=RESULTS,
        told=TOLD,
    )


@blueprint.post("/recalls/<int:recall_id>/patients/<int:patient_id>")
@requires(Permission.CALL_FOR_RECALLS)
def submit_call_patient(recall_id: int, patient_id: int) -> Any:
    """Keep a call and what was said of each bag."""
    recall = get_own(recall_id)
    form = CallForm.offering(queries.get_patient_line(session(), recall, patient_id).open_bags)

    def act() -> Any:
        actions.record_call(
            session(),
            recall,
            patient_id,
            result=CallResult(form.result.data),
            spoke_to=form.spoke_to.data or "",
            said=form.said.data or "",
            told=form.told,
            next_at=_instant(form.next_at.data),
            by=actor(),
            at=now(),
        )
        return go("trace.show_recall", recall_id=recall_id)

    return submit(form, act, page=lambda: _call_page(recall, patient_id, form), said="The call is kept.")


def _instant(clock: datetime | None) -> datetime | None:
    return to_instant(clock, ZoneInfo(actor().site.time_zone)) if clock else None


@blueprint.get("/recalls/<int:recall_id>/prescribers/<int:prescriber_id>")
@requires(Permission.CALL_FOR_RECALLS)
def tell_prescriber(recall_id: int, prescriber_id: int) -> str:
    """Ask how a prescriber was told."""
    return _notice_page(get_own(recall_id), prescriber_id, NoticeForm())


def _notice_page(recall: Recall, prescriber_id: int, form: NoticeForm) -> str:
    prescriber = get_prescriber(session(), prescriber_id, site_id=actor().site_id)
    shown = queries.get_recall_page(session(), recall)
    line = next((one for one in shown.prescribers if one.prescriber.id == prescriber.id), None)
    return render_template(
        "trace/tell_prescriber.html", recall=recall, prescriber=prescriber, line=line, form=form
    )


@blueprint.post("/recalls/<int:recall_id>/prescribers/<int:prescriber_id>")
@requires(Permission.CALL_FOR_RECALLS)
def submit_tell_prescriber(recall_id: int, prescriber_id: int) -> Any:
    """Keep the notice to a prescriber."""
    recall, form = get_own(recall_id), NoticeForm()

    def act() -> Any:
        prescriber = get_prescriber(session(), prescriber_id, site_id=actor().site_id)
        values = {name: form[name].data or "" for name in ("how", "spoke_to", "said")}
        actions.record_notice(session(), recall, prescriber, **values, by=actor(), at=now())
        return go("trace.show_recall", recall_id=recall_id)

    return submit(
        form, act, page=lambda: _notice_page(recall, prescriber_id, form), said="The notice is kept."
    )
