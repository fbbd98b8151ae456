"""Reference data that a site has adopted by signature."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Signature
from pharmacy.database import Base, Id


class AdoptedEntry(Base):
    """A shipped entry of reference data as this site has signed it: limits, a pump profile."""

    __tablename__ = "adopted_entry"
    __table_args__ = (
        UniqueConstraint("site_id", "kind", "key", "version"),
        CheckConstraint("NOT in_force OR signature_id IS NOT NULL", name="signed_before_force"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    kind: Mapped[str]
    key: Mapped[str]
    version: Mapped[int]
    content: Mapped[str]
    digest: Mapped[str]
    source: Mapped[str]
    checked_by: Mapped[str]
    reviewed_on: Mapped[date]
    review_by: Mapped[date]
    in_force: Mapped[bool]
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("signature.id"))

    signature: Mapped[Signature | None] = relationship(lazy="joined")
