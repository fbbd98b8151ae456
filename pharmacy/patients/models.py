"""Patients, their charts and their prescribers."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.database import Base, Id


class AllergyStatus(StrEnum):
    """What is known of a patient's allergies; not asked is not the same as none."""

    NOT_ASKED = "not_asked"
    NONE_KNOWN = "none_known"
    LISTED = "listed"


class Prescriber(Base):
    """Somebody who signs prescriptions."""

    __tablename__ = "prescriber"

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    name: Mapped[str]
    speciality: Mapped[str]
    npi: Mapped[str]
    address: Mapped[str]
    phone: Mapped[str]


class Patient(Base):
    """A patient with the home where bags are used."""

    __tablename__ = "patient"
    __table_args__ = (UniqueConstraint("site_id", "record_number"), Index(None, "site_id", "family_name"))

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    record_number: Mapped[str]
    family_name: Mapped[str]
    given_name: Mapped[str]
    born: Mapped[date]
    sex: Mapped[str]
    phone: Mapped[str]
    address: Mapped[str]
    delivery_instructions: Mapped[str]
    time_zone: Mapped[str]
    allergy_status: Mapped[AllergyStatus]
    caregiver: Mapped[str]
    emergency_contact: Mapped[str]

    allergies: Mapped[list[Allergy]] = relationship(order_by="Allergy.id")
    conditions: Mapped[list[Condition]] = relationship(order_by="Condition.id")
    measurements: Mapped[list[Measurement]] = relationship(order_by="Measurement.taken_at.desc()")
    lab_results: Mapped[list[LabResult]] = relationship(order_by="LabResult.collected_at.desc()")
    medications: Mapped[list[Medication]] = relationship(order_by="Medication.id")
    consents: Mapped[list[Consent]] = relationship(order_by="Consent.given_on")

    @property
    def name(self) -> str:
        """Name the patient as lists do: family name first."""
        return f"{self.family_name}, {self.given_name}"


class Allergy(Base):
    """What a patient reacts to, and how."""

    __tablename__ = "allergy"

    id: Mapped[Id]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    substance: Mapped[str]
    reaction: Mapped[str]
    severity: Mapped[str]


class Condition(Base):
    """A diagnosis with its code."""

    __tablename__ = "condition"

    id: Mapped[Id]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    code: Mapped[str]
    description: Mapped[str]
    principal: Mapped[bool]


class Measurement(Base):
    """A body measurement with its date: weight in kg, height in cm."""

    __tablename__ = "measurement"

    id: Mapped[Id]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    kind: Mapped[str]
    value: Mapped[Decimal]
    unit: Mapped[str]
    taken_at: Mapped[datetime]


class LabResult(Base):
    """A laboratory result exactly as reported, with the reporting laboratory's own range."""

    __tablename__ = "lab_result"
    __table_args__ = (Index(None, "patient_id", "analyte", "collected_at"),)

    id: Mapped[Id]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    analyte: Mapped[str]
    loinc: Mapped[str]
    value: Mapped[Decimal]
    reported: Mapped[str]
    unit: Mapped[str]
    range_low: Mapped[str]
    range_high: Mapped[str]
    laboratory: Mapped[str]
    collected_at: Mapped[datetime]


class Medication(Base):
    """One line of the medication list, in words."""

    __tablename__ = "medication"

    id: Mapped[Id]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    drug: Mapped[str]
    directions: Mapped[str]
    started_on: Mapped[date | None]
    stopped_on: Mapped[date | None]


class Consent(Base):
    """A consent that the patient signed."""

    __tablename__ = "consent"

    id: Mapped[Id]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    kind: Mapped[str]
    given_on: Mapped[date]
