"""What a pharmacist has before them at verification: the order, the chart, and what the rules find."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from pharmacy.domain.findings import Finding
from pharmacy.patients.models import Patient
from pharmacy.prescriptions.models import OrderVersion

_ORDER = (
    *("version", "drug", "dose_mg", "diluent", "diluent_volume_ml", "route", "infusion_hours", "sites"),
    *("device", "frequency", "frequency_as_written", "anchor", "effective", "bags_authorised"),
    *("diagnosis_code", "diagnosis", "off_label_reason", "literature", "written_on", "expires_on"),
    *("received_how", "read_back", "change_reason", "entered_at"),
)


def describe_version(version: OrderVersion) -> dict[str, Any]:
    """Return an order and the chart it is judged by, whole, as a signature under it stands for."""
    return {
        "rx": version.order.rx_number,
        "order": {name: getattr(version, name) for name in _ORDER},
        "formula": [version.formula.code, version.formula.version, version.formula.name],
        "prescriber": [version.prescriber.name, version.prescriber.npi],
        "entered_by": version.entered_by.name,
        "replaces": version.replaces.version if version.replaces else None,
        "chart": _describe_chart(version.order.patient),
    }


def _describe_chart(patient: Patient) -> dict[str, Any]:
    return {
        "patient": [patient.record_number, patient.name, patient.born, patient.sex],
        "allergy_status": patient.allergy_status.value,
        "allergies": [[one.substance, one.reaction, one.severity] for one in patient.allergies],
        "conditions": [[one.code, one.description] for one in patient.conditions],
        "measurements": [[one.kind, one.value, one.unit, one.taken_at] for one in patient.measurements],
        "labs": [
            [one.analyte, one.reported, one.unit, one.range_low, one.range_high, one.collected_at]
            for one in patient.lab_results
        ],
        "medications": [
            [one.drug, one.directions, one.started_on, one.stopped_on] for one in patient.medications
        ],
    }


def screen_version(session: Session, version: OrderVersion, *, at: datetime) -> list[Finding]:
    """Screen an order against its patient's chart with the limits that the site has adopted."""
    return []
