"""Stability references of a formula, and the reviews that keep them good."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person, Signature
from pharmacy.attachments.models import Attachment
from pharmacy.database import Base, Id
from pharmacy.domain.beyond_use_limits import Storage, hours_words
from pharmacy.domain.container_materials import ContainerMaterial
from pharmacy.domain.stability import StabilityFacts

if TYPE_CHECKING:
    from pharmacy.formulary.models.formulas import Formula


class StabilityReference(Base):
    """How long a formula is stable in one storage, where that is written, and until when it is good.

    It is stable for `days` and `hours` together; `container` and the concentrations are empty where the
    source does not limit them.
    """

    __tablename__ = "stability_reference"

    id: Mapped[Id]
    formula_id: Mapped[int] = mapped_column(ForeignKey("formula.id"))
    storage: Mapped[str]
    days: Mapped[int]
    hours: Mapped[int] = mapped_column(default=0, server_default="0")
    reference: Mapped[str]
    container: Mapped[str] = mapped_column(default="", server_default="")
    least_mg_per_ml: Mapped[Decimal | None]
    most_mg_per_ml: Mapped[Decimal | None]
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    review_by: Mapped[date]

    formula: Mapped[Formula] = relationship(back_populates="stability")
    attachment: Mapped[Attachment | None] = relationship()
    entered_by: Mapped[Person] = relationship(lazy="joined")
    reviews: Mapped[list[StabilityReview]] = relationship(order_by="StabilityReview.id", lazy="selectin")

    @property
    def total_hours(self) -> int:
        """Return how long it is stable in hours; a day is 24 of them."""
        return self.days * 24 + self.hours

    @property
    def stable_for(self) -> str:
        """Say how long it is stable, as `14 days` or `36 hours`."""
        return hours_words(Fraction(self.total_hours))

    @property
    def good_until(self) -> date:
        """Return the last day before its next review is overdue."""
        return self.reviews[-1].review_by if self.reviews else self.review_by

    @property
    def facts(self) -> StabilityFacts:
        """Return what the rules ask about a reference."""
        return StabilityFacts(
            reference=self.reference,
            storage=Storage(self.storage),
            container=ContainerMaterial(self.container) if self.container else None,
            least_mg_per_ml=self.least_mg_per_ml,
            most_mg_per_ml=self.most_mg_per_ml,
            good_until=self.good_until,
        )


class StabilityReview(Base):
    """A pharmacist's signed word that a reference still holds, and until when."""

    __tablename__ = "stability_review"

    id: Mapped[Id]
    reference_id: Mapped[int] = mapped_column(ForeignKey("stability_reference.id"), index=True)
    review_by: Mapped[date]
    reason: Mapped[str]
    signature_id: Mapped[int] = mapped_column(ForeignKey("signature.id"))

    signature: Mapped[Signature] = relationship(lazy="joined")
