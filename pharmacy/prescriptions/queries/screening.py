"""What a pharmacist has before them at verification: the order, the chart, and what the rules find."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.findings import Finding
from pharmacy.domain.frequency import parse_frequency, shortest_gap_hours
from pharmacy.domain.quantities import parse_quantity, round_half_up
from pharmacy.domain.routes import Route
from pharmacy.domain.screening import (
    ChartFacts,
    Condition,
    LabResult,
    OrderFacts,
    Premix,
    Weight,
    screen_order,
)
from pharmacy.formulary.models import Product
from pharmacy.formulary.queries import adopted_screening_limits, compute_bag_of, list_premixes
from pharmacy.patients.models import AllergyStatus, Patient
from pharmacy.patients.queries import find_latest_measurement, find_latest_result
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
    site_id = version.order.site_id
    premixes = list_premixes(session, version.drug, site_id=site_id)
    return screen_order(
        order_facts(version, premixes),
        chart_facts(version.order.patient),
        limits=adopted_screening_limits(session, version.drug, site_id=site_id),
        at=at,
    )


def order_facts(version: OrderVersion, premixes: Sequence[Product]) -> OrderFacts:
    """Return an order as it would run: the volume and rate are those of the bag that the formula makes."""
    bag = compute_bag_of(version.formula)
    volume = bag.pump_volume_ml or bag.deliverable_ml
    frequency = parse_frequency(version.frequency)
    return OrderFacts(
        substances=(version.drug, version.formula.diluent.drug),
        dose_mg=version.dose_mg,
        volume_ml=round_half_up(volume, 6),
        rate_ml_per_h=round_half_up(volume / Fraction(version.infusion_hours), 6),
        gap_hours=shortest_gap_hours(frequency, infusion_hours=version.infusion_hours),
        mg_per_ml=round_half_up(bag.mg_per_ml, 6),
        mosm_per_l=round_half_up(bag.mosm_per_l, 6),
        route=Route(version.route),
        sites=version.sites,
        off_label_reason=version.off_label_reason.rstrip("."),
        literature=version.literature,
        premixes=tuple(Premix(one.name, (one.mg_per_ml or Decimal(0)) * one.volume_ml) for one in premixes),
        premix_reason=version.formula.premix_reason,
        renal_acknowledgement="",
    )


def chart_facts(patient: Patient) -> ChartFacts:
    """Return what a chart says, as the rules of screening take it: the newest results, what is taken now."""
    weight = find_latest_measurement(patient, "weight")
    asked = patient.allergy_status is not AllergyStatus.NOT_ASKED
    return ChartFacts(
        allergies=tuple(one.substance for one in patient.allergies) if asked else None,
        conditions=tuple(Condition(one.code, one.description) for one in patient.conditions),
        medications=tuple(one.drug for one in patient.medications if one.stopped_on is None),
        is_pregnant=None,
        weight=None if weight is None else Weight(weight.value, weight.taken_at),
        egfr=_result(patient, "eGFR"),
        magnesium=_result(patient, "magnesium"),
        potassium=_result(patient, "potassium"),
    )


def _result(patient: Patient, analyte: str) -> LabResult | None:
    found = find_latest_result(patient, analyte)
    if found is None:
        return None
    return LabResult(
        value=found.value,
        unit=found.unit,
        collected_at=found.collected_at,
        low=_bound(found.range_low),
        high=_bound(found.range_high),
    )


def _bound(text: str) -> Decimal | None:
    """Read one end of a laboratory's range; what is no plain number is no bound that can be compared."""
    try:
        return parse_quantity(text.strip(), field="range", zero_allowed=True)
    except InvalidInput:
        return None
