"""Pages for finding: the box for everything, a patient's page, and what a printed document is."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.domain.errors import Refusal
from pharmacy.overview import queries
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


@blueprint.get("/documents/<serial>")
@requires(Permission.READ_CHARTS)
def show_document(serial: str) -> str:
    """Show what a printed document is and whether it still holds."""
    state = queries.get_paper_state(session(), serial, site_id=actor().site_id)
    if state.paper.patient_id:
        reads_chart(state.paper.patient_id)
    return render_template("overview/show_document.html", state=state, paper=state.paper)
