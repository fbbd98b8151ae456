"""Delivery batches, their stops, packed bags and proof of delivery."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
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

    driver: Mapped[Person] = relationship(foreign_keys=[driver_id], lazy="selectin")
    opened_by: Mapped[Person] = relationship(foreign_keys=[opened_by_id], lazy="selectin")
    stops: Mapped[list[DeliveryStop]] = relationship(back_populates="batch", order_by="DeliveryStop.position")


class DeliveryStop(Base):
    """One door: name, address and phone as they were when the stop was made.

    `packages`, `cold_pack` and `temperature_monitor` describe the box; `bags_because` is a pharmacist's
    reason for another number of bags than was signed.
    """

    __tablename__ = "delivery_stop"
    __table_args__ = (
        UniqueConstraint("batch_id", "position"),
        CheckConstraint("(packed_at IS NULL) = (packed_by_id IS NULL)", name="packed"),
        CheckConstraint("(checked_at IS NULL) = (checked_by_id IS NULL)", name="checked"),
        CheckConstraint("checked_by_id IS NULL OR checked_by_id <> packed_by_id", name="two_people"),
        CheckConstraint(
            "status <> 'delivered' OR (received_by IS NOT NULL AND signature_content IS NOT NULL)",
            name="proof",
        ),
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
    packages: Mapped[int | None]
    cold_pack: Mapped[str | None]
    temperature_monitor: Mapped[str | None]
    bags_because: Mapped[str | None]
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
    packed_by: Mapped[Person | None] = relationship(foreign_keys=[packed_by_id], lazy="selectin")
    checked_by: Mapped[Person | None] = relationship(foreign_keys=[checked_by_id], lazy="selectin")
    packed_bags: Mapped[list[PackedBag]] = relationship(back_populates="stop", order_by="PackedBag.id")


class PackedBag(Base):
    """A bag scanned into a stop's box, or taken out again; a bag lies in one box at most."""

    __tablename__ = "packed_bag"
    __table_args__ = (
        Index(
            "uq_packed_bag_in_one_box",
            "bag_id",
            unique=True,
            sqlite_where=text("taken_out_at IS NULL"),
            postgresql_where=text("taken_out_at IS NULL"),
        ),
        CheckConstraint("(taken_out_at IS NULL) = (taken_out_because IS NULL)", name="taken_out"),
    )

    id: Mapped[Id]
    stop_id: Mapped[int] = mapped_column(ForeignKey("delivery_stop.id"), index=True)
    bag_id: Mapped[int] = mapped_column(ForeignKey("bag.id"), index=True)
    dose_at: Mapped[datetime | None]
    packed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    packed_at: Mapped[datetime]
    taken_out_at: Mapped[datetime | None]
    taken_out_because: Mapped[str | None]

    bag: Mapped[Bag] = relationship(lazy="selectin")
    stop: Mapped[DeliveryStop] = relationship(back_populates="packed_bags")
    packed_by: Mapped[Person] = relationship()


class SecondLook(Base):
    """A bag looked at again before it was packed, on a later day than it was inspected (domain.md 2.4)."""

    __tablename__ = "second_look"

    id: Mapped[Id]
    bag_id: Mapped[int] = mapped_column(ForeignKey("bag.id"), index=True)
    stop_id: Mapped[int] = mapped_column(ForeignKey("delivery_stop.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined")
