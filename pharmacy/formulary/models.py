"""Products with their codes, master formulation records with their steps, and adopted reference data."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Signature
from pharmacy.database import Base, Id
from pharmacy.domain.preparation_stages import Stage
from pharmacy.domain.statuses import FormulaStatus


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
    volume_ml: Mapped[Decimal]
    overfill_ml: Mapped[Decimal | None]
    overfill_source: Mapped[str | None]
    mg_per_ml: Mapped[Decimal | None]
    meq_per_ml: Mapped[Decimal | None]
    mosm_per_ml: Mapped[Decimal]
    density_g_per_ml: Mapped[Decimal | None]
    single_dose: Mapped[bool]
    high_alert: Mapped[bool]
    storage: Mapped[str]
    source_note: Mapped[str]

    codes: Mapped[list[ProductCode]] = relationship(back_populates="product", order_by="ProductCode.id")

    @property
    def name(self) -> str:
        """Name the product in full: drug, strength and container."""
        return f"{self.drug} {self.strength}, {self.container}"


class ProductCode(Base):
    """A code that a scan of the product may carry: an NDC in 11 digits or a GTIN in 14."""

    __tablename__ = "product_code"
    __table_args__ = (UniqueConstraint("system", "value", "product_id"),)

    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    system: Mapped[str]
    value: Mapped[str] = mapped_column(index=True)
    shown: Mapped[str]

    product: Mapped[Product] = relationship(back_populates="codes")


class Formula(Base):
    """One version of a master formulation record (domain.md 2.1); never edited once it is approved."""

    __tablename__ = "formula"
    __table_args__ = (UniqueConstraint("site_id", "code", "version"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    code: Mapped[str]
    version: Mapped[int]
    status: Mapped[FormulaStatus]
    name: Mapped[str]
    dosage_form: Mapped[str]
    route: Mapped[str]
    dose_mg: Mapped[Decimal]
    additive_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    diluent_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    method: Mapped[str]
    fill_ml: Mapped[Decimal | None]
    pool_vials: Mapped[bool]
    delivery_basis: Mapped[str]
    prime_ml: Mapped[Decimal]
    residual_ml: Mapped[Decimal]
    prime_by_pump: Mapped[bool]
    category: Mapped[str]
    sterilisation: Mapped[str]
    sterility_tested: Mapped[bool]
    nonsterile_components: Mapped[bool]
    storage: Mapped[str]
    storage_words: Mapped[str]
    weight_tolerance_percent: Mapped[Decimal | None]
    house_limit_days: Mapped[int | None]
    container_closure: Mapped[str]
    equipment: Mapped[str]
    description: Mapped[str]
    quality_checks: Mapped[str]
    precautions: Mapped[str]
    premix_reason: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    effective_on: Mapped[date]
    review_by: Mapped[date]
    approval_id: Mapped[int | None] = mapped_column(ForeignKey("signature.id"))
    delivered_acceptance_id: Mapped[int | None] = mapped_column(ForeignKey("signature.id"))

    additive: Mapped[Product] = relationship(foreign_keys=[additive_id], lazy="joined")
    diluent: Mapped[Product] = relationship(foreign_keys=[diluent_id], lazy="joined")
    approval: Mapped[Signature | None] = relationship(foreign_keys=[approval_id], lazy="joined")
    delivered_acceptance: Mapped[Signature | None] = relationship(
        foreign_keys=[delivered_acceptance_id], lazy="joined"
    )
    steps: Mapped[list[FormulaStep]] = relationship(order_by="FormulaStep.position")
    stability: Mapped[list[StabilityReference]] = relationship(order_by="StabilityReference.id")


class FormulaStep(Base):
    """One instruction of a master formulation record: when it is done, and whether a photo is taken of it."""

    __tablename__ = "formula_step"
    __table_args__ = (UniqueConstraint("formula_id", "position"),)

    id: Mapped[Id]
    formula_id: Mapped[int] = mapped_column(ForeignKey("formula.id"))
    position: Mapped[int]
    instruction: Mapped[str]
    stage: Mapped[Stage] = mapped_column(default=Stage.SETUP, server_default=Stage.SETUP.value)
    photo: Mapped[bool] = mapped_column(default=False, server_default=false())


class StabilityReference(Base):
    """How long a formula is known to be stable in one storage, and where that is written."""

    __tablename__ = "stability_reference"

    id: Mapped[Id]
    formula_id: Mapped[int] = mapped_column(ForeignKey("formula.id"))
    storage: Mapped[str]
    days: Mapped[int]
    reference: Mapped[str]


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
