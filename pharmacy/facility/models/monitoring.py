"""What is read, cleaned and sampled in a room."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person
from pharmacy.attachments.models import Attachment
from pharmacy.database import Base, Id
from pharmacy.domain.facility_intervals import SampleKind
from pharmacy.facility.models.rooms import EngineeringControl


class RoomReading(Base):
    """What one person read in a room, and what of it was out of range by the limits of that day."""

    __tablename__ = "room_reading"
    __table_args__ = (Index("ix_room_reading_room_id_at", "room_id", "at"),)

    id: Mapped[Id]
    room_id: Mapped[int] = mapped_column(ForeignKey("compounding_room.id"))
    temperature_c: Mapped[Decimal]
    humidity_percent: Mapped[Decimal]
    pressure_inches: Mapped[Decimal | None]
    pressure_holds: Mapped[bool]
    out_of_range: Mapped[str]
    note: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined")


class CleaningEntry(Base):
    """One cleaning or disinfection of a room or of a hood in it."""

    __tablename__ = "cleaning_entry"
    __table_args__ = (Index("ix_cleaning_entry_room_id_at", "room_id", "at"),)

    id: Mapped[Id]
    room_id: Mapped[int] = mapped_column(ForeignKey("compounding_room.id"))
    control_id: Mapped[int | None] = mapped_column(ForeignKey("engineering_control.id"))
    what: Mapped[str]
    agent: Mapped[str]
    note: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    control: Mapped[EngineeringControl | None] = relationship(lazy="joined")
    person: Mapped[Person] = relationship(lazy="joined")


class SampleEntry(Base):
    """One sampling of the air or the surfaces of a room for living organisms."""

    __tablename__ = "sample_entry"

    id: Mapped[Id]
    room_id: Mapped[int] = mapped_column(ForeignKey("compounding_room.id"), index=True)
    kind: Mapped[SampleKind]
    taken_on: Mapped[date]
    result: Mapped[str]
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined")
    attachment: Mapped[Attachment | None] = relationship(lazy="joined")
