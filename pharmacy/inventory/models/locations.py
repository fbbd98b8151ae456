"""Locations where stock stands, and what a site has settled about its stock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.database import Base, Id
from pharmacy.domain.stock_locations import LocationKind, StorageNeed
from pharmacy.formulary.models import Product


class StockLocation(Base):
    """A shelf, refrigerator or cabinet of a site; nothing new is put at a closed one."""

    __tablename__ = "stock_location"
    __table_args__ = (UniqueConstraint("site_id", "name"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    name: Mapped[str]
    kind: Mapped[LocationKind]
    closed_at: Mapped[datetime | None]

    @property
    def code(self) -> str:
        """Return what the barcode on the location says."""
        return f"LOC-{self.id}"


class StockPolicy(Base):
    """What a site has settled for all its stock: what is short-dated, and which difference is large."""

    __tablename__ = "stock_policy"
    __table_args__ = (UniqueConstraint("site_id"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    short_dated_days: Mapped[int]
    large_difference: Mapped[int]


class StockRule(Base):
    """What a site has settled for a product: how it is kept, and below which number it is ordered."""

    __tablename__ = "stock_rule"
    __table_args__ = (UniqueConstraint("site_id", "product_id"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    storage: Mapped[StorageNeed]
    reorder_level: Mapped[int | None]

    product: Mapped[Product] = relationship(lazy="joined")
