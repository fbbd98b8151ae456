"""Copies of bag labels, and what a pharmacist saw on a bag."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person
from pharmacy.database import Base, Id
from pharmacy.domain.bag_release import InspectionOutcome


class BagLabelCopy(Base):
    """One copy of a bag's label, applied or destroyed, with the date and the order version that it says.

    The label of a bag in stock says no order version. `said` is its text, line by line. A copy is applied
    when its bar code was scanned on the bag; a copy that is not destroyed is in use.
    """

    __tablename__ = "bag_label_copy"
    __table_args__ = (
        UniqueConstraint("bag_id", "copy_number"),
        CheckConstraint("(applied_at IS NULL) = (applied_by_id IS NULL)", name="applied"),
        CheckConstraint("(destroyed_at IS NULL) = (destroyed_because IS NULL)", name="destroyed"),
    )

    id: Mapped[Id]
    bag_id: Mapped[int] = mapped_column(ForeignKey("bag.id"), index=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("printed_paper.id"))
    order_version_id: Mapped[int | None] = mapped_column(ForeignKey("order_version.id"))
    copy_number: Mapped[int]
    reason: Mapped[str | None]
    said: Mapped[str]
    beyond_use_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    destroyed_at: Mapped[datetime | None]
    destroyed_because: Mapped[str | None]

    applied_by: Mapped[Person | None] = relationship(lazy="joined")

    @property
    def applied(self) -> bool:
        """Tell whether the copy was scanned on its bag."""
        return self.applied_at is not None


class Inspection(Base):
    """What a pharmacist saw on one bag (domain.md 2.4)."""

    __tablename__ = "inspection"

    id: Mapped[Id]
    bag_id: Mapped[int] = mapped_column(ForeignKey("bag.id"), index=True)
    no_particles: Mapped[bool]
    colour_right: Mapped[bool]
    closure_intact: Mapped[bool]
    label_matches: Mapped[bool]
    outcome: Mapped[InspectionOutcome]
    reason: Mapped[str | None]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined")
