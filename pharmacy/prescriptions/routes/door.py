"""The one blueprint of the room, and what its pages load alike."""

from __future__ import annotations

from flask import Blueprint

from pharmacy.patients.models import Patient
from pharmacy.patients.queries import get_patient
from pharmacy.prescriptions import queries
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.web.request import actor, reads_chart, session

blueprint = Blueprint("prescriptions", __name__)


def load_version(version_id: int) -> OrderVersion:
    """Return a version of an order of the actor's site, and note that its patient's chart is read."""
    version = queries.get_version(session(), version_id, site_id=actor().site_id)
    reads_chart(version.order.patient_id)
    return version


def load_patient(patient_id: int) -> Patient:
    """Return a patient of the actor's site, and note that the chart is read."""
    patient = get_patient(session(), patient_id, site_id=actor().site_id)
    reads_chart(patient.id)
    return patient
