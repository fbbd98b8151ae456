"""Orders, their versions, and the tasks that a change of an order creates."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person, Signature
from pharmacy.database import Base, Id, LocalTime
from pharmacy.domain.statuses import OrderStatus
from pharmacy.formulary.models import Formula
from pharmacy.patients.models import Patient, Prescriber


class Order(Base):
    """A prescription under its number, through all its versions."""

    __tablename__ = "order"
    __table_args__ = (UniqueConstraint("site_id", "rx_number"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    rx_number: Mapped[str]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)

    patient: Mapped[Patient] = relationship(lazy="joined")
    versions: Mapped[list[OrderVersion]] = relationship(
        back_populates="order", order_by="OrderVersion.version"
    )


class OrderVersion(Base):
    """One version of an order in coded fields; signed once, never edited afterwards.

    `anchor` and `effective` are clock times at home; the frequency is its canonical text. `verified_content`
    is what the verification signs, whole: the signature's digest is its SHA-256.
    """

    __tablename__ = "order_version"
    __table_args__ = (
        UniqueConstraint("order_id", "version"),
        CheckConstraint(
            "(status IN ('entered', 'sent_back', 'withdrawn')) OR verification_id IS NOT NULL",
            name="verified_before_force",
        ),
        CheckConstraint("(verification_id IS NULL) = (verified_content IS NULL)", name="verified_whole"),
        CheckConstraint("(verification_id IS NULL) = (list_checked_at IS NULL)", name="list_checked"),
    )

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), index=True)
    version: Mapped[int]
    status: Mapped[OrderStatus] = mapped_column(index=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("order_version.id"))
    formula_id: Mapped[int] = mapped_column(ForeignKey("formula.id"))
    drug: Mapped[str]
    dose_mg: Mapped[Decimal]
    diluent: Mapped[str]
    diluent_volume_ml: Mapped[Decimal]
    route: Mapped[str]
    infusion_hours: Mapped[Decimal]
    sites: Mapped[int]
    device: Mapped[str]
    frequency: Mapped[str]
    frequency_as_written: Mapped[str]
    anchor: Mapped[LocalTime]
    effective: Mapped[LocalTime]
    bags_authorised: Mapped[int]
    prescriber_id: Mapped[int] = mapped_column(ForeignKey("prescriber.id"))
    diagnosis_code: Mapped[str]
    diagnosis: Mapped[str]
    off_label_reason: Mapped[str]
    literature: Mapped[str]
    written_on: Mapped[date]
    expires_on: Mapped[date]
    received_how: Mapped[str]
    read_back: Mapped[bool]
    change_reason: Mapped[str | None]
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    list_checked_at: Mapped[datetime | None]
    verified_content: Mapped[str | None]
    verification_id: Mapped[int | None] = mapped_column(ForeignKey("signature.id"))

    order: Mapped[Order] = relationship(back_populates="versions", lazy="joined")
    replaces: Mapped[OrderVersion | None] = relationship(remote_side="OrderVersion.id")
    formula: Mapped[Formula] = relationship(lazy="joined")
    prescriber: Mapped[Prescriber] = relationship(lazy="joined")
    entered_by: Mapped[Person] = relationship(lazy="joined")
    verification: Mapped[Signature | None] = relationship(lazy="joined")


class ChangeTask(Base):
    """One thing that a change of an order made invalid, the action it needs, and its tick."""

    __tablename__ = "change_task"
    __table_args__ = (CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name="done"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    order_version_id: Mapped[int] = mapped_column(ForeignKey("order_version.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[int | None]
    sentence: Mapped[str]
    action: Mapped[str]
    blocks: Mapped[bool]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str | None]

    order_version: Mapped[OrderVersion] = relationship()
    done_by: Mapped[Person | None] = relationship(lazy="joined")
