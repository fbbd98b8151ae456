"""What is done at the station: scans, and the volumes that two people enter."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person
from pharmacy.database import Base, Id
from pharmacy.formulary.models import Product
from pharmacy.inventory.models import Lot


class Scan(Base):
    """One scan at the station, as the scanner typed it, accepted or undone.

    `lot_by_hand` marks a code without a lot, for which a person chose and typed the lot's number.
    """

    __tablename__ = "scan"

    id: Mapped[Id]
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"), index=True)
    bag_id: Mapped[int | None] = mapped_column(ForeignKey("bag.id"), index=True)
    raw: Mapped[str]
    lot_by_hand: Mapped[bool]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    opened_container_id: Mapped[int | None] = mapped_column(ForeignKey("opened_container.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_because: Mapped[str | None]

    product: Mapped[Product] = relationship(lazy="joined")
    lot: Mapped[Lot] = relationship(lazy="joined")
    person: Mapped[Person] = relationship(lazy="joined")


class VolumeCheck(Base):
    """The drawn volume of the high-alert additive, entered by two people blind to each other."""

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

    first_by: Mapped[Person] = relationship(foreign_keys=[first_by_id], lazy="joined")
    second_by: Mapped[Person | None] = relationship(foreign_keys=[second_by_id], lazy="joined")
