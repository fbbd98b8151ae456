"""The chained audit record, its head, status histories, refusals and reads of charts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person
from pharmacy.database import Base, Id
from pharmacy.domain.interception import Cause


class AuditEntry(Base):
    """One thing that was done, chained to the one before by an HMAC."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "record_type", "record_id"),
        CheckConstraint("number > 0", name="number"),
    )

    number: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    at: Mapped[datetime]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[str]
    action: Mapped[str]
    record_type: Mapped[str]
    record_id: Mapped[int]
    reason: Mapped[str | None]
    details: Mapped[str]
    # The signatures and status rows that this entry covers: table, id and digest of each.
    sealed_rows: Mapped[str]
    previous: Mapped[str]
    seal: Mapped[str]


class AuditHead(Base):
    """The number and seal of the last entry; its one row is also the write lock on PostgreSQL."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[Id]
    number: Mapped[int]
    seal: Mapped[str]


class StatusChange(Base):
    """One move in the life of a record; never changed afterwards."""

    __tablename__ = "status_change"
    __table_args__ = (Index(None, "record_type", "record_id"),)

    id: Mapped[Id]
    record_type: Mapped[str]
    record_id: Mapped[int]
    from_status: Mapped[str | None]
    to_status: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    reason: Mapped[str | None]

    person: Mapped[Person] = relationship(lazy="joined")


class Refusal(Base):
    """One thing that was tried and refused: a wrong scan, a failed sign-in, a door that stayed shut.

    Of a scan it keeps what came in, what that was read as, and what was expected.
    """

    __tablename__ = "refusal"
    __table_args__ = (Index(None, "cause", "at"),)

    id: Mapped[Id]
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    at: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    tried: Mapped[str]
    sentence: Mapped[str]
    cause: Mapped[Cause | None]
    expected: Mapped[str | None]
    raw: Mapped[str | None]
    read_product: Mapped[str | None]
    read_lot: Mapped[str | None]
    read_serial: Mapped[str | None]
    # Numbers and no foreign keys: the rooms above this one keep what they point at.
    worksheet_id: Mapped[int | None]
    bag_id: Mapped[int | None]

    person: Mapped[Person | None] = relationship(lazy="joined")


class ChartRead(Base):
    """One look at a patient's chart."""

    __tablename__ = "chart_read"

    id: Mapped[Id]
    patient_id: Mapped[int] = mapped_column(index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    page: Mapped[str]

    person: Mapped[Person] = relationship(lazy="joined")
