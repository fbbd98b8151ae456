"""What a change of an order did, kept as it was known at the moment it was signed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.database import Base, Id
from pharmacy.prescriptions.models import OrderVersion


class ChangeRecord(Base):
    """The numbers before and after a change: doses, bags at home and deliveries, as JSON; never changed."""

    __tablename__ = "change_record"
    __table_args__ = (UniqueConstraint("order_version_id"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    order_version_id: Mapped[int] = mapped_column(ForeignKey("order_version.id"))
    made_at: Mapped[datetime]
    numbers: Mapped[str]

    order_version: Mapped[OrderVersion] = relationship()
