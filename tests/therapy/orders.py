"""Bring the main patient's order to a state, through actions, by the people whose steps they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.queries import find_person
from pharmacy.domain.findings import Severity
from pharmacy.formulary.queries import list_approved_formulas
from pharmacy.patients.models import Patient
from pharmacy.patients.queries import list_patients, list_prescribers
from pharmacy.prescriptions.actions import OrderEntry, enter_order, verify_order
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.prescriptions.queries import screen_version
from pharmacy.sample.orders import LITERATURE, OFF_LABEL
from pharmacy.sample.patients import MAIN_PATIENT
from pharmacy.sample.people import PASSWORD
from tests.conftest import START

People = Callable[[str], Person]
# Day 1 of the therapy at the home's clock: the evening of the day on which the sample pharmacy is loaded.
TODAY = date(2026, 11, 9)
FIRST_DOSE = datetime.combine(TODAY, time(21))


def main_patient(session: Session) -> Patient:
    """Return the patient of the main job."""
    tina = find_person(session, "tina")
    assert tina is not None
    (patient,) = list_patients(session, site_id=tina.site_id, page=1, search=MAIN_PATIENT)
    return patient


def order_entry(session: Session, **changes: Any) -> OrderEntry:
    """Return the main patient's order as the technician types it: daily at 21:00, 2 g over 10 hours."""
    patient = main_patient(session)
    (formula,) = list_approved_formulas(session, site_id=patient.site_id)
    (prescriber,) = list_prescribers(session, site_id=patient.site_id)
    values: dict[str, Any] = {
        "patient_id": patient.id,
        "formula_id": formula.id,
        "dose_mg": Decimal(2000),
        "diluent_volume_ml": Decimal(100),
        "route": "subcutaneous",
        "infusion_hours": Decimal(10),
        "sites": 1,
        "device": "cadd-solis-vip",
        "frequency_as_written": "daily",
        "anchor": FIRST_DOSE,
        "effective": FIRST_DOSE,
        "bags_authorised": 90,
        "prescriber_id": prescriber.id,
        "diagnosis_code": "E83.42",
        "diagnosis": "Hypomagnesemia, renal magnesium wasting suspected",
        "off_label_reason": OFF_LABEL,
        "literature": LITERATURE,
        "written_on": TODAY,
        "expires_on": TODAY + timedelta(days=365),
        "received_how": "fax",
        "read_back": False,
    }
    unknown = set(changes) - {field.name for field in fields(OrderEntry)}
    assert not unknown, unknown
    return OrderEntry(**values | changes)


def entered_order(session: Session, people: People, *, at: datetime = START, **changes: Any) -> OrderVersion:
    """Return the main patient's order, entered by Tina and not verified yet."""
    return enter_order(session, order_entry(session, **changes), by=people("tina"), at=at)


def order_in_force(session: Session, people: People, *, at: datetime = START, **changes: Any) -> OrderVersion:
    """Return the main patient's order, entered by Tina and verified by Paula."""
    version = entered_order(session, people, at=at, **changes)
    return verified(session, people, version, at=at)


def verified(
    session: Session, people: People, version: OrderVersion, *, by: str = "paula", at: datetime = START
) -> OrderVersion:
    """Verify a version, with an answer to each finding that says stop."""
    hard = [one for one in screen_version(session, version, at=at) if one.severity is Severity.REFUSE]
    return verify_order(
        session,
        version,
        list_checked=True,
        acknowledged={one.message: "Discussed with the prescriber by telephone; continue." for one in hard},
        password=PASSWORD,
        by=people(by),
        at=at,
    )
