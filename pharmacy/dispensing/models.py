"""Home counts and dispense plans."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person, Signature
from pharmacy.compounding.models import Bag, BagAllocation, Worksheet
from pharmacy.database import Base, Id
from pharmacy.domain.statuses import PlanStatus
from pharmacy.patients.models import Patient
from pharmacy.prescriptions.models import OrderVersion


class HomeCount(Base):
    """What somebody at home said is there: who told whom, when, and whether the next shipment is wanted."""

    __tablename__ = "home_count"

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), index=True)
    told_by: Mapped[str]
    told_by_relationship: Mapped[str]
    taken_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    counted_at: Mapped[datetime]
    consent_to_ship: Mapped[bool]
    missed_doses: Mapped[str]
    expected_bags: Mapped[int]
    expected_working: Mapped[str]
    note: Mapped[str]

    patient: Mapped[Patient] = relationship()
    taken_by: Mapped[Person] = relationship(lazy="joined")
    lines: Mapped[list[HomeCountLine]] = relationship(order_by="HomeCountLine.beyond_use_at")


class HomeCountLine(Base):
    """Bags counted at home: one bag by its serial, or a number of bags with one beyond-use date."""

    __tablename__ = "home_count_line"
    __table_args__ = (CheckConstraint("bags >= 1", name="some_bags"),)

    id: Mapped[Id]
    home_count_id: Mapped[int] = mapped_column(ForeignKey("home_count.id"), index=True)
    bag_id: Mapped[int | None] = mapped_column(ForeignKey("bag.id"))
    bags: Mapped[int]
    beyond_use_at: Mapped[datetime]

    bag: Mapped[Bag | None] = relationship()


class DispensePlan(Base):
    """What is to be made for which delivery, from one home count, with inputs, answer and working.

    `authorised_left` is how many bags could still be made under the order when the plan was made.
    """

    __tablename__ = "dispense_plan"
    __table_args__ = (CheckConstraint("status <> 'signed' OR signature_id IS NOT NULL", name="signed"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    order_version_id: Mapped[int] = mapped_column(ForeignKey("order_version.id"), index=True)
    home_count_id: Mapped[int] = mapped_column(ForeignKey("home_count.id"))
    status: Mapped[PlanStatus] = mapped_column(index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    spare_bags: Mapped[int]
    authorised_left: Mapped[int]
    dose_count: Mapped[int]
    used_on_hand: Mapped[int]
    spare_on_hand: Mapped[int]
    expires_unused: Mapped[int]
    next_needed_at: Mapped[datetime | None]
    inputs: Mapped[str]
    answer: Mapped[str]
    working: Mapped[str]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("signature.id"))

    patient: Mapped[Patient] = relationship()
    order_version: Mapped[OrderVersion] = relationship(lazy="joined")
    home_count: Mapped[HomeCount] = relationship(lazy="joined")
    made_by: Mapped[Person] = relationship(lazy="joined")
    signature: Mapped[Signature | None] = relationship(lazy="joined")
    deliveries: Mapped[list[PlannedDelivery]] = relationship(
        back_populates="plan", order_by="PlannedDelivery.arrives_at"
    )


class PlannedDelivery(Base):
    """One delivery of a plan: what the rule proposes to make, what was chosen and why, and its worksheet.

    `covers` lists the doses of the bags to make, `ready` the bags made or in work that come along, as JSON.
    """

    __tablename__ = "planned_delivery"
    __table_args__ = (UniqueConstraint("plan_id", "arrives_at"),)

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(ForeignKey("dispense_plan.id"))
    arrives_at: Mapped[datetime]
    prepare_from: Mapped[datetime]
    beyond_use_at: Mapped[datetime]
    bags_proposed: Mapped[int]
    spares: Mapped[int]
    bags_chosen: Mapped[int]
    chosen_because: Mapped[str | None]
    covers: Mapped[str]
    ready: Mapped[str]
    worksheet_id: Mapped[int | None] = mapped_column(ForeignKey("worksheet.id"))

    plan: Mapped[DispensePlan] = relationship(back_populates="deliveries")
    worksheet: Mapped[Worksheet | None] = relationship()
    from_stock: Mapped[list[BagFromStock]] = relationship(order_by="BagFromStock.id")

    @property
    def allocated(self) -> list[Bag]:
        """List the bags of stock that are allocated to this delivery now."""
        return [one.allocation.bag for one in self.from_stock if one.allocation.undone_at is None]

    @property
    def bags_to_make(self) -> int:
        """Return how many of the bags chosen stock does not cover."""
        return self.bags_chosen - len(self.allocated)


class BagFromStock(Base):
    """A bag of stock that was allocated for a delivery instead of being made for it."""

    __tablename__ = "bag_from_stock"

    id: Mapped[Id]
    planned_delivery_id: Mapped[int] = mapped_column(ForeignKey("planned_delivery.id"), index=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("bag_allocation.id"), unique=True)

    allocation: Mapped[BagAllocation] = relationship(lazy="selectin")
