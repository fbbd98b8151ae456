"""Pages of the patients' room: the list, one chart, the prescribers."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.patients import queries
from pharmacy.web.doors import requires
from pharmacy.web.paging import page_number
from pharmacy.web.request import actor, reads_chart, session

blueprint = Blueprint("patients", __name__)


@blueprint.get("/patients")
@requires(Permission.READ_CHARTS)
def list_patients() -> str:
    """List the patients of the site, searched by name or number."""
    page, search = page_number(request.args.get("page")), request.args.get("search", "").strip()
    found = queries.list_patients(session(), site_id=actor().site_id, page=page, search=search)
    return render_template(
        "patients/list_patients.html",
        patients=found[: queries.PAGE],
        page=page,
        more=len(found) > queries.PAGE,
        search=search,
    )


@blueprint.get("/patients/<int:patient_id>")
@requires(Permission.READ_CHARTS)
def show_patient(patient_id: int) -> str:
    """Show a patient's chart."""
    patient = queries.get_patient(session(), patient_id, site_id=actor().site_id)
    reads_chart(patient.id)
    return render_template("patients/show_patient.html", patient=patient)


@blueprint.get("/prescribers")
@requires(Permission.READ_CHARTS)
def list_prescribers() -> str:
    """List the prescribers whom the site knows."""
    found = queries.list_prescribers(session(), site_id=actor().site_id)
    return render_template("patients/list_prescribers.html", prescribers=found)
