"""Reads of patients, their charts and their prescribers."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from pharmacy.domain.errors import NotFound
from pharmacy.patients.models import LabResult, Measurement, Patient, Prescriber

PAGE = 25
MOST_WORDS = 10


def get_patient(session: Session, patient_id: int, *, site_id: int) -> Patient:
    """Return a patient of a site."""
    patient = session.get(Patient, patient_id)
    if patient is None or patient.site_id != site_id:
        raise NotFound("No patient is recorded under this number.")
    return patient


def list_patients(session: Session, *, site_id: int, page: int, search: str) -> list[Patient]:
    """List a page of the patients of a site by name, and one more where another page follows.

    Each word of `search` is part of the family name, the given name or the record number.
    """
    wanted = select(Patient).where(Patient.site_id == site_id)
    for word in search_words(search):
        wanted = wanted.where(
            or_(
                Patient.family_name.icontains(word, autoescape=True),
                Patient.given_name.icontains(word, autoescape=True),
                Patient.record_number.icontains(word, autoescape=True),
            )
        )
    wanted = wanted.order_by(Patient.family_name, Patient.given_name, Patient.id)
    return list(
        session.scalars(
            wanted.options(selectinload(Patient.allergies)).offset((page - 1) * PAGE).limit(PAGE + 1)
        )
    )


def search_words(search: str) -> list[str]:
    """Split what was typed into a search box into words; a database can look only for what can be shown."""
    shown = "".join(one if one.isprintable() else " " for one in search.replace(",", " "))
    return shown.split()[:MOST_WORDS]


def get_prescriber(session: Session, prescriber_id: int, *, site_id: int) -> Prescriber:
    """Return a prescriber known to a site."""
    prescriber = session.get(Prescriber, prescriber_id)
    if prescriber is None or prescriber.site_id != site_id:
        raise NotFound("No prescriber is recorded under this number.")
    return prescriber


def list_prescribers(session: Session, *, site_id: int) -> list[Prescriber]:
    """List the prescribers of a site by name."""
    return list(
        session.scalars(
            select(Prescriber).where(Prescriber.site_id == site_id).order_by(Prescriber.name, Prescriber.id)
        )
    )


def find_latest_result(patient: Patient, analyte: str) -> LabResult | None:
    """Find a patient's newest result of an analyte."""
    return next((one for one in patient.lab_results if one.analyte == analyte), None)


def find_latest_measurement(patient: Patient, kind: str) -> Measurement | None:
    """Find a patient's newest measurement of a kind."""
    return next((one for one in patient.measurements if one.kind == kind), None)
