"""What every page shows on which a version of an order is verified: the order, the chart, the findings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pharmacy.domain.errors import Refusal
from pharmacy.domain.findings import Finding, Severity
from pharmacy.prescriptions import actions, queries
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.web.request import actor, now, session

# Which section of the page a finding stands beside; all others stand beside the order.
_SECTIONS = {
    "allergy": "allergies",
    "condition": "conditions",
    "kidney": "labs",
    "magnesium level": "labs",
    "potassium level": "labs",
    "weight": "measurements",
    "interaction": "medications",
}


def review(version: OrderVersion) -> dict[str, Any]:
    """Gather what a pharmacist reads before signing a version, for `partials/verification.html`."""
    findings = queries.screen_version(session(), version, at=now())
    patient = version.order.patient
    return {
        "version": version,
        "patient": patient,
        "device": queries.name_device(session(), version.device, site_id=version.order.site_id),
        "rate": queries.running_rate(version.formula, version.infusion_hours),
        "understood": queries.understand_schedule(version, zone=patient.time_zone, at=now()),
        "measures": queries.measure_version(session(), version),
        "findings": _beside(findings),
        "hard": [one for one in findings if one.severity is Severity.REFUSE],
        "barred": _find_bar(version),
    }


def _beside(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    placed: dict[str, list[Finding]] = {}
    for one in findings:
        placed.setdefault(_SECTIONS.get(one.rule, "order"), []).append(one)
    return placed


def _find_bar(version: OrderVersion) -> str | None:
    try:
        actions.ensure_may_verify_this(session(), version, by=actor())
    except Refusal as refusal:
        return refusal.sentence
    return None
