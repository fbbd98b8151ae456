"""The register of pumps, and program sheets with their versions."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person, Signature
from pharmacy.compounding.models import Worksheet
from pharmacy.database import Base, Id
from pharmacy.domain.statuses import PumpStatus, SheetStatus
from pharmacy.patients.models import Patient
from pharmacy.prescriptions.models import OrderVersion


class Pump(Base):
    """One pump that the site owns, with the set it runs with and how its alarms and lock are set up."""

    __tablename__ = "pump"
    __table_args__ = (UniqueConstraint("site_id", "asset_number"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    asset_number: Mapped[str]
    serial_number: Mapped[str]
    maker: Mapped[str]
    model: Mapped[str]
    profile: Mapped[str]
    software_version: Mapped[str]
    administration_set: Mapped[str]
    air_detector: Mapped[str]
    occlusion_sensor: Mapped[str]
    low_reservoir: Mapped[str]
    lock_level: Mapped[str]
    status: Mapped[PumpStatus]
    maintenance_due: Mapped[date]
    cleaned_on: Mapped[date | None]
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"))

    patient: Mapped[Patient | None] = relationship()


class ProgramSheet(Base):
    """One version of a pump programming sheet, for one order version and the bags actually made.

    `program` holds the settings, findings, working and every fact that the sheet states, `calendar` the
    infusions with their bags; both are JSON, and with the columns they are what the verification signs.
    """

    __tablename__ = "program_sheet"
    __table_args__ = (
        UniqueConstraint("order_id", "version"),
        CheckConstraint("status <> 'verified' OR verification_id IS NOT NULL", name="verified"),
        CheckConstraint("(replaced_at IS NULL) = (replaced_because IS NULL)", name="replaced"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"))
    order_version_id: Mapped[int] = mapped_column(ForeignKey("order_version.id"), index=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"))
    pump_id: Mapped[int] = mapped_column(ForeignKey("pump.id"))
    version: Mapped[int]
    status: Mapped[SheetStatus]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("program_sheet.id"))
    mode: Mapped[str]
    volume_ml: Mapped[Decimal]
    rate_ml_per_h: Mapped[Decimal]
    verdict: Mapped[str]
    program: Mapped[str]
    calendar: Mapped[str]
    flag_reason: Mapped[str | None]
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    prepared_at: Mapped[datetime]
    verification_id: Mapped[int | None] = mapped_column(ForeignKey("signature.id"))
    replaced_at: Mapped[datetime | None]
    replaced_because: Mapped[str | None]

    order_version: Mapped[OrderVersion] = relationship(lazy="selectin")
    patient: Mapped[Patient] = relationship(lazy="selectin")
    worksheet: Mapped[Worksheet] = relationship()
    pump: Mapped[Pump] = relationship(lazy="selectin")
    replaces: Mapped[ProgramSheet | None] = relationship(remote_side="ProgramSheet.id")
    prepared_by: Mapped[Person] = relationship(lazy="selectin")
    verification: Mapped[Signature | None] = relationship(lazy="selectin")
