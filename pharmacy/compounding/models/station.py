"""What is done at the station: scans, confirmed steps, volumes, weights, handovers and notes.

`turn` is the worksheet's count of what was done at its station; what came later has the higher one.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person
from pharmacy.attachments.models import Attachment
from pharmacy.database import Base, Id
from pharmacy.domain.preparation_steps import CONFIRMED_WORDS, Confirmed
from pharmacy.formulary.models import FormulaStep, Product
from pharmacy.inventory.models import Lot


class Scan(Base):
    """One scan at the station, as the scanner typed it, accepted or undone.

    `lot_by_hand` marks a code without a lot, for which a person chose and typed the lot's number, and
    `product_by_hand` one that may be several products, for which they chose the product.
    """

    __tablename__ = "scan"

    id: Mapped[Id]
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"), index=True)
    bag_id: Mapped[int | None] = mapped_column(ForeignKey("bag.id"), index=True)
    raw: Mapped[str]
    lot_by_hand: Mapped[bool]
    product_by_hand: Mapped[bool] = mapped_column(default=False, server_default=false())
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    opened_container_id: Mapped[int | None] = mapped_column(ForeignKey("opened_container.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_because: Mapped[str | None]
    turn: Mapped[int] = mapped_column(default=0, server_default="0")

    product: Mapped[Product] = relationship(lazy="joined")
    lot: Mapped[Lot] = relationship(lazy="joined")
    person: Mapped[Person] = relationship(lazy="joined")


class VolumeCheck(Base):
    """The drawn volume of the high-alert additive, entered by two people blind to each other.

    A syringe that was thrown away before it was checked or used is `discarded`, with the reason.
    """

    __tablename__ = "volume_check"
    __table_args__ = (
        CheckConstraint(
            "(second_ml IS NULL) = (second_by_id IS NULL) AND (second_at IS NULL) = (second_by_id IS NULL)",
            name="second",
        ),
        CheckConstraint("second_by_id IS NULL OR second_by_id <> first_by_id", name="two_people"),
    )

    id: Mapped[Id]
    bag_id: Mapped[int] = mapped_column(ForeignKey("bag.id"), index=True)
    first_ml: Mapped[Decimal]
    first_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    first_at: Mapped[datetime]
    second_ml: Mapped[Decimal | None]
    second_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    second_at: Mapped[datetime | None]
    agrees: Mapped[bool | None]
    turn: Mapped[int] = mapped_column(default=0, server_default="0")
    discarded_at: Mapped[datetime | None]
    discarded_because: Mapped[str | None]

    first_by: Mapped[Person] = relationship(foreign_keys=[first_by_id], lazy="joined")
    second_by: Mapped[Person | None] = relationship(foreign_keys=[second_by_id], lazy="joined")

    @property
    def waits(self) -> bool:
        """Tell whether the second person is yet to enter theirs; until then no page shows the first."""
        return self.second_at is None and self.discarded_at is None


class StepDone(Base):
    """One confirmation at the station, of an instruction of the formula or of a fixed step; only ever added.

    A row that undoes another or takes its photo again names it in `replaces_id`, with the reason. `bag_id`
    is empty for what is done once for all bags. `grams` is what the scale said before the addition.
    """

    __tablename__ = "step_done"
    __table_args__ = (
        UniqueConstraint("worksheet_id", "turn"),
        UniqueConstraint("replaces_id"),
        CheckConstraint("(replaces_id IS NULL) = (reason IS NULL)", name="replaced_with_reason"),
        CheckConstraint("NOT undone OR replaces_id IS NOT NULL", name="undone"),
        CheckConstraint("(step = 'formula_step') = (formula_step_id IS NOT NULL)", name="formula_step"),
        CheckConstraint("(step = 'weighed' AND NOT undone) = (grams IS NOT NULL)", name="weighed"),
    )

    id: Mapped[Id]
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"))
    bag_id: Mapped[int | None] = mapped_column(ForeignKey("bag.id"), index=True)
    turn: Mapped[int]
    step: Mapped[Confirmed]
    formula_step_id: Mapped[int | None] = mapped_column(ForeignKey("formula_step.id"))
    undone: Mapped[bool]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("step_done.id"))
    reason: Mapped[str | None]
    grams: Mapped[Decimal | None]
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    formula_step: Mapped[FormulaStep | None] = relationship(lazy="joined")
    attachment: Mapped[Attachment | None] = relationship(lazy="joined")
    person: Mapped[Person] = relationship(lazy="joined")

    @property
    def words(self) -> str:
        """Say what was confirmed: the formula's own words, or the step's."""
        return self.formula_step.instruction if self.formula_step else CONFIRMED_WORDS[self.step]


class BagWeighing(Base):
    """The weight of a bag before and after the addition, and the window that its change was judged by.

    Only ever added: a bag that was weighed again has a row more, with the reason.
    """

    __tablename__ = "bag_weighing"
    __table_args__ = (UniqueConstraint("bag_id", "turn"),)

    id: Mapped[Id]
    bag_id: Mapped[int] = mapped_column(ForeignKey("bag.id"))
    turn: Mapped[int]
    before_g: Mapped[Decimal]
    after_g: Mapped[Decimal]
    expected_g: Mapped[Decimal]
    least_g: Mapped[Decimal]
    most_g: Mapped[Decimal]
    passes: Mapped[bool]
    reason: Mapped[str | None]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined")


class Handover(Base):
    """A worksheet that was left, or taken over, at its station; only ever added.

    `state` says what was open and in work at that instant. Without `to_id` nobody holds the worksheet;
    `agreed` tells that the person who held it signed for it, else `reason` says why it went without them.
    """

    __tablename__ = "handover"
    __table_args__ = (
        UniqueConstraint("worksheet_id", "turn"),
        CheckConstraint("agreed OR reason IS NOT NULL", name="agreed_or_reason"),
        CheckConstraint("to_id IS NOT NULL OR from_id IS NOT NULL", name="somebody"),
    )

    id: Mapped[Id]
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"))
    turn: Mapped[int]
    from_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agreed: Mapped[bool]
    reason: Mapped[str | None]
    state: Mapped[str]
    at: Mapped[datetime]

    from_person: Mapped[Person | None] = relationship(foreign_keys=[from_id], lazy="joined")
    to_person: Mapped[Person | None] = relationship(foreign_keys=[to_id], lazy="joined")


class StationNote(Base):
    """What somebody noted at the station, about a bag or about all; only ever added."""

    __tablename__ = "station_note"

    id: Mapped[Id]
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"), index=True)
    bag_id: Mapped[int | None] = mapped_column(ForeignKey("bag.id"), index=True)
    text: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined")
