"""The compounding record as it was signed, and what was added to it afterwards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Signature
from pharmacy.database import Base, Id


class SignedRecord(Base):
    """All that the record of a worksheet said when its release was signed, with its digest."""

    __tablename__ = "signed_record"
    __table_args__ = (CheckConstraint("length(digest) = 64", name="digest"),)

    id: Mapped[Id]
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"), unique=True)
    content: Mapped[str]
    digest: Mapped[str]
    signature_id: Mapped[int] = mapped_column(ForeignKey("signature.id"))
    at: Mapped[datetime]

    signature: Mapped[Signature] = relationship(lazy="joined")


class RecordAddendum(Base):
    """A correction of a signed record: what it said, what is right, why, and who signed that."""

    __tablename__ = "record_addendum"

    id: Mapped[Id]
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"), index=True)
    what: Mapped[str]
    old_value: Mapped[str]
    new_value: Mapped[str]
    reason: Mapped[str]
    signature_id: Mapped[int] = mapped_column(ForeignKey("signature.id"))
    at: Mapped[datetime]

    signature: Mapped[Signature] = relationship(lazy="joined")
