"""Master formulation records: their versions, steps, and who worked on a draft."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person, Signature
from pharmacy.database import Base, Id
from pharmacy.domain.container_materials import ContainerMaterial
from pharmacy.domain.preparation_stages import Stage
from pharmacy.domain.statuses import FormulaStatus
from pharmacy.formulary.models.products import Product
from pharmacy.formulary.models.stability import StabilityReference


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
    container_ml: Mapped[Decimal | None]
    # The materials that the container may be of, joined by commas.
    materials: Mapped[str] = mapped_column(default="", server_default="")
    equipment: Mapped[str]
    supplies: Mapped[str] = mapped_column(default="", server_default="")
    description: Mapped[str]
    ph_and_tonicity: Mapped[str] = mapped_column(default="", server_default="")
    quality_checks: Mapped[str]
    precautions: Mapped[str]
    auxiliary_labels: Mapped[str] = mapped_column(default="", server_default="")
    premix_reason: Mapped[str]
    # What this version changes of the one before, and why.
    changes: Mapped[str] = mapped_column(default="", server_default="")
    # How often the draft was saved; a save that knows an older one is refused.
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
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
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    steps: Mapped[list[FormulaStep]] = relationship(
        order_by="FormulaStep.position", cascade="all, delete-orphan"
    )
    stability: Mapped[list[StabilityReference]] = relationship(
        order_by="StabilityReference.id", cascade="all, delete-orphan", back_populates="formula"
    )
    edits: Mapped[list[FormulaEdit]] = relationship(order_by="FormulaEdit.id")

    @property
    def allowed_materials(self) -> list[ContainerMaterial]:
        """List the materials that its container may be of."""
        return [ContainerMaterial(one) for one in self.materials.split(", ") if one]


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


class FormulaEdit(Base):
    """One saving of a draft: who had a hand in it cannot approve it."""

    __tablename__ = "formula_edit"
    __table_args__ = (UniqueConstraint("formula_id", "revision"),)

    id: Mapped[Id]
    formula_id: Mapped[int] = mapped_column(ForeignKey("formula.id"))
    revision: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    what: Mapped[str]

    person: Mapped[Person] = relationship(lazy="joined")
