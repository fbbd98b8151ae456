"""Printed papers, kept as they left the printer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person
from pharmacy.database import Base, Id


class PrintedPaper(Base):
    """One copy of one document, with the bytes that were printed and their digest."""

    __tablename__ = "printed_paper"
    __table_args__ = (
        Index(None, "record_type", "record_id"),
        CheckConstraint("(replaced_at IS NULL) = (replaced_because IS NULL)", name="replaced"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    serial: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    record_type: Mapped[str]
    record_id: Mapped[int]
    patient_id: Mapped[int | None] = mapped_column(index=True)
    order_version_id: Mapped[int | None] = mapped_column(index=True)
    copy_number: Mapped[int]
    reason: Mapped[str | None]
    digest: Mapped[str]
    content: Mapped[bytes]
    printed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    printed_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    replaced_because: Mapped[str | None]

    printed_by: Mapped[Person] = relationship(lazy="joined")
