"""Products as they are bought, with the codes that a scan of them carries."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.database import Base, Id
from pharmacy.domain.product_containers import ProductContainer


class ProductKind(StrEnum):
    """What a product is to a bag: an additive, its diluent, or a ready-made bag that stands in for both."""

    ADDITIVE = "additive"
    DILUENT = "diluent"
    PREMIX = "premix"


class Product(Base):
    """A vial or a bag as it is bought; amounts of one container."""

    __tablename__ = "product"

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    kind: Mapped[ProductKind]
    drug: Mapped[str]
    strength: Mapped[str]
    container: Mapped[str]
    container_kind: Mapped[ProductContainer]
    salt_form: Mapped[str] = mapped_column(default="", server_default="")
    volume_ml: Mapped[Decimal]
    overfill_ml: Mapped[Decimal | None]
    overfill_source: Mapped[str | None]
    mg_per_ml: Mapped[Decimal | None]
    meq_per_ml: Mapped[Decimal | None]
    mosm_per_ml: Mapped[Decimal]
    density_g_per_ml: Mapped[Decimal | None]
    tare_g: Mapped[Decimal | None]
    weights_source: Mapped[str | None]
    # How long it may be used after the first entry, where its label says.
    label_hours: Mapped[int | None]
    high_alert: Mapped[bool]
    storage: Mapped[str]
    source_note: Mapped[str]
    retired_at: Mapped[datetime | None]

    codes: Mapped[list[ProductCode]] = relationship(back_populates="product", order_by="ProductCode.id")

    @property
    def name(self) -> str:
        """Name the product in full: drug, strength and container."""
        return f"{self.drug} {self.strength}, {self.container}"

    @property
    def codes_in_use(self) -> list[ProductCode]:
        """List the codes that were not retired."""
        return [code for code in self.codes if code.retired_at is None]


class ProductCode(Base):
    """A code that a scan of the product may carry: an NDC in 11 digits or a GTIN in 14."""

    __tablename__ = "product_code"
    __table_args__ = (UniqueConstraint("system", "value", "product_id"),)

    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    system: Mapped[str]
    value: Mapped[str] = mapped_column(index=True)
    shown: Mapped[str]
    retired_at: Mapped[datetime | None]

    product: Mapped[Product] = relationship(back_populates="codes")
