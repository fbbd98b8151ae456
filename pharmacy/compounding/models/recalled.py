"""Bags that the recall of a lot turned out not to concern."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person
from pharmacy.database import Base, Id


class BagClearance(Base):
    """A pharmacist's decision that the recall of a lot does not apply to a bag made from it, and why."""

    __tablename__ = "bag_clearance"
    __table_args__ = (UniqueConstraint("bag_id", "lot_id"),)

    id: Mapped[Id]
    bag_id: Mapped[int] = mapped_column(ForeignKey("bag.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    reason: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined")
