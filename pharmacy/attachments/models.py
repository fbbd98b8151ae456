"""Attached files, kept as they were given."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person
from pharmacy.database import Base, Id


class Attachment(Base):
    """One file with its digest; the bytes are loaded only where they are shown."""

    __tablename__ = "attachment"
    __table_args__ = (CheckConstraint("length(digest) = 64", name="digest"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    patient_id: Mapped[int | None]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    digest: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]

    added_by: Mapped[Person] = relationship(lazy="joined")

    @property
    def is_picture(self) -> bool:
        """Tell whether a page can show it as a picture."""
        return self.media_type.startswith("image/")
