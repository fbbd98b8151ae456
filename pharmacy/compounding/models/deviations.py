"""Deviations with what they concern, their investigation and notes; and the complaints that reach us."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person, Signature
from pharmacy.attachments.models import Attachment
from pharmacy.compounding.models.bags import Bag
from pharmacy.compounding.models.worksheets import Worksheet
from pharmacy.database import Base, Id
from pharmacy.domain.complaints import ComplaintKind
from pharmacy.domain.deviations import DeviationKind, Disposition, Gravity
from pharmacy.domain.statuses import DeviationStatus
from pharmacy.inventory.models import Lot


class Complaint(Base):
    """What a patient, nurse or prescriber reported of a bag: a reaction, or something wrong with it."""

    __tablename__ = "complaint"

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    bag_id: Mapped[int] = mapped_column(ForeignKey("bag.id"), index=True)
    kind: Mapped[ComplaintKind]
    received_on: Mapped[date]
    complainant: Mapped[str]
    nature: Mapped[str]
    response: Mapped[str]
    taken_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    taken_at: Mapped[datetime]

    bag: Mapped[Bag] = relationship()
    taken_by: Mapped[Person] = relationship(lazy="joined")


class Deviation(Base):
    """Something that did not go as it must, from what happened to the signature that closes it.

    Without bags of its own, a deviation of a worksheet concerns all bags of the worksheet.
    """

    __tablename__ = "deviation"
    __table_args__ = (
        CheckConstraint("(investigated_at IS NULL) = (investigated_by_id IS NULL)", name="investigated"),
        CheckConstraint("(closing_id IS NULL) = (closed_at IS NULL)", name="closed"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    serial: Mapped[str] = mapped_column(unique=True)
    status: Mapped[DeviationStatus] = mapped_column(index=True)
    kind: Mapped[DeviationKind]
    gravity: Mapped[Gravity]
    happened_at: Mapped[datetime]
    what: Mapped[str]
    immediate_action: Mapped[str]
    worksheet_id: Mapped[int | None] = mapped_column(ForeignKey("worksheet.id"), index=True)
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"))
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    cause: Mapped[str | None]
    others_affected: Mapped[str | None]
    findings: Mapped[str | None]
    corrective_action: Mapped[str | None]
    preventive_action: Mapped[str | None]
    investigated_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    investigated_at: Mapped[datetime | None]
    closing_id: Mapped[int | None] = mapped_column(ForeignKey("signature.id"))
    closed_at: Mapped[datetime | None]

    worksheet: Mapped[Worksheet | None] = relationship()
    complaint: Mapped[Complaint | None] = relationship()
    opened_by: Mapped[Person] = relationship(foreign_keys=[opened_by_id], lazy="joined")
    investigated_by: Mapped[Person | None] = relationship(foreign_keys=[investigated_by_id], lazy="joined")
    closing: Mapped[Signature | None] = relationship(lazy="joined")
    bags: Mapped[list[DeviationBag]] = relationship(order_by="DeviationBag.id", back_populates="deviation")
    lots: Mapped[list[DeviationLot]] = relationship(order_by="DeviationLot.id")
    notes: Mapped[list[DeviationNote]] = relationship(order_by="DeviationNote.id")


class DeviationBag(Base):
    """A bag that a deviation concerns, and what was decided to become of it."""

    __tablename__ = "deviation_bag"
    __table_args__ = (
        UniqueConstraint("deviation_id", "bag_id"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided"),
        CheckConstraint("(decided_at IS NULL) = (disposition IS NULL)", name="disposition"),
        CheckConstraint("disposition IS NULL OR disposition <> 'destroyed' OR witness_id IS NOT NULL",
                        name="witnessed"),
    )  # fmt: skip

    id: Mapped[Id]
    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviation.id"), index=True)
    bag_id: Mapped[int] = mapped_column(ForeignKey("bag.id"), index=True)
    disposition: Mapped[Disposition | None]
    reason: Mapped[str | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    witness_id: Mapped[int | None] = mapped_column(ForeignKey("signature.id"))

    deviation: Mapped[Deviation] = relationship(back_populates="bags")
    bag: Mapped[Bag] = relationship(back_populates="deviations")
    decided_by: Mapped[Person | None] = relationship(lazy="joined")
    witness: Mapped[Signature | None] = relationship(lazy="joined")


class DeviationLot(Base):
    """A lot that a deviation concerns; whether it goes into quarantine is decided on its own."""

    __tablename__ = "deviation_lot"
    __table_args__ = (UniqueConstraint("deviation_id", "lot_id"),)

    id: Mapped[Id]
    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviation.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)

    lot: Mapped[Lot] = relationship(lazy="joined")


class DeviationNote(Base):
    """What was learned or done on a deviation, as it was written at the time."""

    __tablename__ = "deviation_note"

    id: Mapped[Id]
    deviation_id: Mapped[int] = mapped_column(ForeignKey("deviation.id"), index=True)
    text: Mapped[str]
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    attachment: Mapped[Attachment | None] = relationship(lazy="joined")
    person: Mapped[Person] = relationship(lazy="joined")
