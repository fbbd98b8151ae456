"""Rooms, the primary engineering controls that stand in them, and their certifications."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person
from pharmacy.attachments.models import Attachment
from pharmacy.database import Base, Id
from pharmacy.domain.compounding_place import ControlKind, RoomKind
from pharmacy.domain.statuses import ControlStatus, RoomStatus


class CompoundingRoom(Base):
    """A room in which bags are made, with the range of its readings."""

    __tablename__ = "compounding_room"
    __table_args__ = (UniqueConstraint("site_id", "name"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    name: Mapped[str]
    kind: Mapped[RoomKind]
    status: Mapped[RoomStatus]
    temperature_low_c: Mapped[Decimal]
    temperature_high_c: Mapped[Decimal]
    humidity_high_percent: Mapped[Decimal]
    pressure_low_inches: Mapped[Decimal | None]

    controls: Mapped[list[EngineeringControl]] = relationship(
        back_populates="room", order_by="EngineeringControl.name"
    )


class EngineeringControl(Base):
    """A primary engineering control: a hood, cabinet, barrier system or isolator, in its room."""

    __tablename__ = "engineering_control"
    __table_args__ = (UniqueConstraint("site_id", "name"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    room_id: Mapped[int] = mapped_column(ForeignKey("compounding_room.id"), index=True)
    name: Mapped[str]
    kind: Mapped[ControlKind]
    maker: Mapped[str]
    serial_number: Mapped[str]
    status: Mapped[ControlStatus]

    room: Mapped[CompoundingRoom] = relationship(back_populates="controls", lazy="joined")


class Certification(Base):
    """One certification of a room or of a hood, or the correction of one, with its reason."""

    __tablename__ = "certification"
    __table_args__ = (
        CheckConstraint("(room_id IS NULL) <> (control_id IS NULL)", name="one_subject"),
        CheckConstraint("(corrects_id IS NULL) = (correction_reason IS NULL)", name="correction"),
        UniqueConstraint("corrects_id"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("compounding_room.id"), index=True)
    control_id: Mapped[int | None] = mapped_column(ForeignKey("engineering_control.id"), index=True)
    done_on: Mapped[date]
    passed: Mapped[bool]
    iso: Mapped[int | None]
    ante_iso: Mapped[int | None]
    certified_by: Mapped[str]
    report: Mapped[str]
    note: Mapped[str]
    attachment_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("certification.id"))
    correction_reason: Mapped[str | None]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined")
    attachment: Mapped[Attachment | None] = relationship(lazy="joined")
