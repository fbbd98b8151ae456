"""Bags, what went into them, and how their dates were made shorter."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person
from pharmacy.compounding.models.release import BagLabelCopy, Inspection
from pharmacy.compounding.models.rework import Rework
from pharmacy.compounding.models.station import BagWeighing, StepDone, VolumeCheck
from pharmacy.compounding.models.worksheets import Worksheet
from pharmacy.database import Base, Id
from pharmacy.domain.statuses import BagStatus
from pharmacy.inventory.models import Lot, OpenedContainer
from pharmacy.patients.models import Patient
from pharmacy.prescriptions.models import OrderVersion

if TYPE_CHECKING:
    from pharmacy.compounding.models.deviations import DeviationBag


class Bag(Base):
    """One bag under its own serial, from the plan to the patient's home."""

    __tablename__ = "bag"
    __table_args__ = (
        UniqueConstraint("worksheet_id", "position"),
        CheckConstraint("(made_at IS NULL) = (made_by_id IS NULL)", name="made"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    serial: Mapped[str] = mapped_column(unique=True)
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"))
    position: Mapped[int]
    order_version_id: Mapped[int] = mapped_column(ForeignKey("order_version.id"), index=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    status: Mapped[BagStatus] = mapped_column(index=True)
    planned_dose_at: Mapped[datetime | None]
    beyond_use_at: Mapped[datetime | None]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime | None]

    worksheet: Mapped[Worksheet] = relationship(back_populates="bags")
    order_version: Mapped[OrderVersion] = relationship()
    patient: Mapped[Patient] = relationship()
    made_by: Mapped[Person | None] = relationship(lazy="joined")
    components: Mapped[list[BagComponent]] = relationship(order_by="BagComponent.id")
    checks: Mapped[list[VolumeCheck]] = relationship(order_by="VolumeCheck.id")
    steps_done: Mapped[list[StepDone]] = relationship(order_by="StepDone.id")
    weighings: Mapped[list[BagWeighing]] = relationship(order_by="BagWeighing.id")
    labels: Mapped[list[BagLabelCopy]] = relationship(order_by="BagLabelCopy.id")
    inspections: Mapped[list[Inspection]] = relationship(order_by="Inspection.id")
    reworks: Mapped[list[Rework]] = relationship(order_by="Rework.id")
    deviations: Mapped[list[DeviationBag]] = relationship(order_by="DeviationBag.id", back_populates="bag")
    shortenings: Mapped[list[Shortening]] = relationship(order_by="Shortening.id")


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
