"""What a bag is sent back to the bench for, and that it was done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person
from pharmacy.attachments.models import Attachment
from pharmacy.database import Base, Id
from pharmacy.domain.bag_release import ReworkKind


class Rework(Base):
    """One thing to be mended on a bag without opening it: asked by a pharmacist, done at the bench."""

    __tablename__ = "rework"
    __table_args__ = (CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name="done"),)

    id: Mapped[Id]
    bag_id: Mapped[int] = mapped_column(ForeignKey("bag.id"), index=True)
    kind: Mapped[ReworkKind]
    to_do: Mapped[str]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[datetime | None]
    done_note: Mapped[str | None]
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))

    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id], lazy="joined")
    done_by: Mapped[Person | None] = relationship(foreign_keys=[done_by_id], lazy="joined")
    photo: Mapped[Attachment | None] = relationship(lazy="joined")
