"""Pages for looking back and finding."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.domain.errors import NotFound, Refusal
from pharmacy.overview import queries
from pharmacy.overview.queries.paper import find_label_objection
from pharmacy.patients.queries import get_patient
from pharmacy.web.doors import requires
from pharmacy.web.request import actor, go, now, reads_chart, session

blueprint = Blueprint("overview", __name__)


@blueprint.get("/find")
@requires(Permission.READ_CHARTS)
def find() -> str:
    """Show what can be found."""
    return render_template("overview/find.html", text="", places=[], why="")


# What is looked for may be a name, which never enters an address.
@blueprint.post("/find")
@requires(Permission.READ_CHARTS)
def submit_find() -> Any:
    """Open what was typed or scanned, or list what it may be, or say why not."""
    text = request.form.get("for", "")[:500]
    why = ""
    try:
        places = queries.find_places(session(), text, site_id=actor().site_id)
    except Refusal as refusal:
        places, why = [], refusal.sentence
    if len(places) == 1:
        return go(places[0].endpoint, **places[0].arguments)
    return render_template("overview/find.html", text=text, places=places, why=why)


@blueprint.get("/patients/<int:patient_id>/overview")
@requires(Permission.READ_CHARTS)
def show_patient(patient_id: int) -> str:
    """Show a patient's orders with all that hangs on them."""
    patient = get_patient(session(), patient_id, site_id=actor().site_id)
    reads_chart(patient.id)
    page = queries.get_patient_page(session(), patient, at=now())
    return render_template("overview/show_patient.html", page=page, patient=patient, at=now())


@blueprint.get("/trace")
@requires(Permission.TRACE)
def trace() -> Any:
    """Show what a lot reached."""
    number = request.args.get("lot", "").strip()[:200]
    found, why = [], ""
    if number:
        try:
            found = queries.trace_lot(session(), number, site_id=actor().site_id)
        except NotFound as refusal:
            why = refusal.sentence
    for patient_id in {one.bag.patient_id for lot in found for one in lot.bags}:
        reads_chart(patient_id)
    page = render_template("overview/trace.html", number=number, found=found, why=why)
    return (page, 404) if why else page


@blueprint.get("/bags/<serial>")
@requires(Permission.TRACE)
def show_bag(serial: str) -> str:
    """Show a bag with its lots, people and steps."""
    found = queries.trace_bag(session(), serial, site_id=actor().site_id)
    reads_chart(found.bag.patient_id)
    replaced = find_label_objection(session(), found.bag)
    return render_template("overview/show_bag.html", trace=found, bag=found.bag, replaced=replaced)


@blueprint.get("/documents/<serial>")
@requires(Permission.READ_CHARTS)
def show_document(serial: str) -> str:
    """Show what a printed document is and whether it still holds."""
    state = queries.get_paper_state(session(), serial, site_id=actor().site_id)
    if state.paper.patient_id:
        reads_chart(state.paper.patient_id)
    return render_template("overview/show_document.html", state=state, paper=state.paper)
