"""Lots as their makers number them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.database import Base, Id
from pharmacy.domain.statuses import LotStatus
from pharmacy.formulary.models import Product


class Lot(Base):
    """A maker's lot of a product at a site; `expiry` as printed, `expires_at` the instant it means.

    `supplier` and `location` are those of its first receiving; where it stands now is a sum of movements.
    """

    __tablename__ = "lot"
    __table_args__ = (UniqueConstraint("site_id", "product_id", "number"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    number: Mapped[str] = mapped_column(index=True)
    expiry: Mapped[str]
    expires_at: Mapped[datetime]
    status: Mapped[LotStatus]
    supplier: Mapped[str]
    location: Mapped[str]
    received_at: Mapped[datetime]

    product: Mapped[Product] = relationship(lazy="joined")
