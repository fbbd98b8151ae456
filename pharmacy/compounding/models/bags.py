"""Bags, what went into them, and how their dates were made shorter."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person
from pharmacy.compounding.models.allocations import BagAllocation
from pharmacy.compounding.models.recalled import BagClearance
from pharmacy.compounding.models.release import BagLabelCopy, Inspection
from pharmacy.compounding.models.rework import Rework
from pharmacy.compounding.models.station import BagWeighing, VolumeCheck
from pharmacy.compounding.models.worksheets import Worksheet
from pharmacy.database import Base, Id
from pharmacy.domain.errors import Refusal
from pharmacy.domain.statuses import BagStatus
from pharmacy.inventory.models import Lot, OpenedContainer
from pharmacy.patients.models import Patient
from pharmacy.prescriptions.models import OrderVersion

if TYPE_CHECKING:
    from pharmacy.compounding.models.deviations import DeviationBag


class Bag(Base):
    """One bag under its own serial, from the plan to the patient's home.

    A bag that was made for stock has no order version and no patient until it is allocated; what it was
    allocated to stands in `allocations`, and what holds now in its own columns.
    """

    __tablename__ = "bag"
    __table_args__ = (
        UniqueConstraint("worksheet_id", "position"),
        CheckConstraint("(made_at IS NULL) = (made_by_id IS NULL)", name="made"),
        CheckConstraint("(order_version_id IS NULL) = (patient_id IS NULL)", name="for_somebody"),
        CheckConstraint(
            "patient_id IS NOT NULL OR status NOT IN ('packed', 'delivered', 'returned', 'used')",
            name="leaves_for_somebody",
        ),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    serial: Mapped[str] = mapped_column(unique=True)
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"))
    position: Mapped[int]
    order_version_id: Mapped[int | None] = mapped_column(ForeignKey("order_version.id"), index=True)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"), index=True)
    status: Mapped[BagStatus] = mapped_column(index=True)
    planned_dose_at: Mapped[datetime | None]
    beyond_use_at: Mapped[datetime | None]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime | None]

    worksheet: Mapped[Worksheet] = relationship(back_populates="bags")
    order_version: Mapped[OrderVersion | None] = relationship()
    patient: Mapped[Patient | None] = relationship()
    made_by: Mapped[Person | None] = relationship(lazy="joined")
    components: Mapped[list[BagComponent]] = relationship(order_by="BagComponent.id")
    checks: Mapped[list[VolumeCheck]] = relationship(order_by="VolumeCheck.id")
    weighings: Mapped[list[BagWeighing]] = relationship(order_by="BagWeighing.id")
    labels: Mapped[list[BagLabelCopy]] = relationship(order_by="BagLabelCopy.id")
    inspections: Mapped[list[Inspection]] = relationship(order_by="Inspection.id")
    reworks: Mapped[list[Rework]] = relationship(order_by="Rework.id")
    deviations: Mapped[list[DeviationBag]] = relationship(order_by="DeviationBag.id", back_populates="bag")
    shortenings: Mapped[list[Shortening]] = relationship(order_by="Shortening.id")
    allocations: Mapped[list[BagAllocation]] = relationship(back_populates="bag", order_by="BagAllocation.id")
    clearances: Mapped[list[BagClearance]] = relationship(order_by="BagClearance.id")

    @property
    def allocation(self) -> BagAllocation | None:
        """Return how the bag was allocated from stock, if it is; there is at most one that stands."""
        return next((one for one in self.allocations if one.undone_at is None), None)

    @property
    def is_free_stock(self) -> bool:
        """Tell whether the bag was made for stock and is allocated to nobody."""
        return self.order_version_id is None

    @property
    def home_zone(self) -> str | None:
        """Return the time zone of the patient's home; None for a bag that has no patient."""
        return self.patient.time_zone if self.patient else None

    @property
    def rate_ml_per_h(self) -> Decimal | None:
        """Return the rate on the bag's label: its worksheet's, or that of its allocation."""
        allocation = self.allocation
        return allocation.rate_ml_per_h if allocation else self.worksheet.rate_ml_per_h

    def get_rate(self) -> Decimal:
        """Return the rate on the bag's label in mL/h; refuses a bag that is in stock."""
        rate = self.rate_ml_per_h
        if rate is None:
            raise Refusal(f"Bag {self.serial} is in stock: its rate follows from the order that it is for.")
        return rate

    def get_order_version(self) -> OrderVersion:
        """Return the order version that the bag is for; refuses one that is in stock."""
        if self.order_version is None:
            raise Refusal(f"Bag {self.serial} is in stock: allocate it to an order first.")
        return self.order_version

    def get_patient(self) -> Patient:
        """Return whom the bag is for; refuses one that is in stock."""
        if self.patient is None:
            raise Refusal(f"Bag {self.serial} is in stock: allocate it to an order first.")
        return self.patient


class BagComponent(Base):
    """What went into a bag: the lot, the container it came from, and the volume."""

    __tablename__ = "bag_component"

    id: Mapped[Id]
    bag_id: Mapped[int] = mapped_column(ForeignKey("bag.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    opened_container_id: Mapped[int] = mapped_column(ForeignKey("opened_container.id"))
    volume_ml: Mapped[Decimal]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    lot: Mapped[Lot] = relationship(lazy="joined")
    opened_container: Mapped[OpenedContainer] = relationship()
    person: Mapped[Person] = relationship(lazy="joined")


class Shortening(Base):
    """A beyond-use date that somebody made shorter, and why."""

    __tablename__ = "shortening"

    id: Mapped[Id]
    bag_id: Mapped[int] = mapped_column(ForeignKey("bag.id"), index=True)
    was: Mapped[datetime]
    became: Mapped[datetime]
    reason: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined")
