"""What people showed that they can do, and the days on which they compounded."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person
from pharmacy.attachments.models import Attachment
from pharmacy.database import Base, Id
from pharmacy.domain.competency import Competency, Occasion, Outcome


class CompetencyEntry(Base):
    """One time at which a person showed a competency to another, or the correction of an entry."""

    __tablename__ = "competency_entry"
    __table_args__ = (
        CheckConstraint("evaluator_id <> person_id", name="other_evaluator"),
        CheckConstraint("recorded_by_id <> person_id", name="other_recorder"),
        CheckConstraint("(corrects_id IS NULL) = (correction_reason IS NULL)", name="correction"),
        UniqueConstraint("corrects_id"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[Competency]
    occasion: Mapped[Occasion]
    done_on: Mapped[date]
    outcome: Mapped[Outcome]
    evaluator_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("competency_entry.id"))
    correction_reason: Mapped[str | None]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    evaluator: Mapped[Person] = relationship(foreign_keys=[evaluator_id])
    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])
    documents: Mapped[list[CompetencyDocument]] = relationship(order_by="CompetencyDocument.id")


class CompetencyDocument(Base):
    """A document that belongs to an entry: a test sheet, a reading of plates."""

    __tablename__ = "competency_document"

    id: Mapped[Id]
    entry_id: Mapped[int] = mapped_column(ForeignKey("competency_entry.id"), index=True)
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"))

    attachment: Mapped[Attachment] = relationship(lazy="joined")


class BenchDay(Base):
    """A day on which a person compounded; who was away too long qualifies anew."""

    __tablename__ = "bench_day"
    __table_args__ = (UniqueConstraint("person_id", "day"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date]
