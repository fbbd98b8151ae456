"""Delivery batches, their stops, packed bags and proof of delivery."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person
from pharmacy.compounding.models import Bag
from pharmacy.database import Base, Id
from pharmacy.dispensing.models import PlannedDelivery
from pharmacy.domain.statuses import DeliveryStatus, StopStatus
from pharmacy.patients.models import Patient
from pharmacy.pumps.models import Pump


class DeliveryBatch(Base):
    """One driver's round of one day."""

    __tablename__ = "delivery_batch"

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    serial: Mapped[str] = mapped_column(unique=True)
    delivers_on: Mapped[date] = mapped_column(index=True)
    driver_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    status: Mapped[DeliveryStatus]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    left_at: Mapped[datetime | None]

    driver: Mapped[Person] = relationship(foreign_keys=[driver_id], lazy="joined")
    opened_by: Mapped[Person] = relationship(foreign_keys=[opened_by_id], lazy="joined")
    stops: Mapped[list[DeliveryStop]] = relationship(back_populates="batch", order_by="DeliveryStop.position")


class DeliveryStop(Base):
    """One door: name, address and phone as they were when the stop was made."""

    __tablename__ = "delivery_stop"
    __table_args__ = (
        UniqueConstraint("batch_id", "position"),
        CheckConstraint("(packed_at IS NULL) = (packed_by_id IS NULL)", name="packed"),
        CheckConstraint("(checked_at IS NULL) = (checked_by_id IS NULL)", name="checked"),
    )

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey("delivery_batch.id"))
    position: Mapped[int]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    planned_delivery_id: Mapped[int] = mapped_column(ForeignKey("planned_delivery.id"), index=True)
    pump_id: Mapped[int | None] = mapped_column(ForeignKey("pump.id"))
    status: Mapped[StopStatus]
    name: Mapped[str]
    address: Mapped[str]
    phone: Mapped[str]
    instructions: Mapped[str]
    packed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    packed_at: Mapped[datetime | None]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime | None]
    received_by: Mapped[str | None]
    received_relationship: Mapped[str | None]
    signature_kind: Mapped[str | None]
    signature_content: Mapped[str | None]
    finished_at: Mapped[datetime | None]
    not_delivered_because: Mapped[str | None]

    batch: Mapped[DeliveryBatch] = relationship(back_populates="stops")
    patient: Mapped[Patient] = relationship()
    planned_delivery: Mapped[PlannedDelivery] = relationship()
    pump: Mapped[Pump | None] = relationship()
    packed_by: Mapped[Person | None] = relationship(foreign_keys=[packed_by_id], lazy="joined")
    checked_by: Mapped[Person | None] = relationship(foreign_keys=[checked_by_id], lazy="joined")
    packed_bags: Mapped[list[PackedBag]] = relationship(back_populates="stop", order_by="PackedBag.id")


class PackedBag(Base):
    """A bag scanned into a stop's box, or taken out again."""

    __tablename__ = "packed_bag"

    id: Mapped[Id]
    stop_id: Mapped[int] = mapped_column(ForeignKey("delivery_stop.id"), index=True)
    bag_id: Mapped[int] = mapped_column(ForeignKey("bag.id"), index=True)
    dose_at: Mapped[datetime | None]
    packed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    packed_at: Mapped[datetime]
    taken_out_at: Mapped[datetime | None]
    taken_out_because: Mapped[str | None]

    bag: Mapped[Bag] = relationship(lazy="joined")
    stop: Mapped[DeliveryStop] = relationship(back_populates="packed_bags")
    packed_by: Mapped[Person] = relationship()
