"""Lots, stock movements and opened containers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person
from pharmacy.database import Base, Id
from pharmacy.domain.statuses import LotStatus
from pharmacy.formulary.models import Product


class Lot(Base):
    """A maker's lot of a product at a site; `expiry` as printed, `expires_at` the instant it means."""

    __tablename__ = "lot"
    __table_args__ = (UniqueConstraint("site_id", "product_id", "number"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    number: Mapped[str] = mapped_column(index=True)
    expiry: Mapped[str]
    expires_at: Mapped[datetime]
    status: Mapped[LotStatus]
    supplier: Mapped[str]
    location: Mapped[str]
    received_at: Mapped[datetime]

    product: Mapped[Product] = relationship(lazy="joined")


class MovementKind(StrEnum):
    """Why stock moved."""

    RECEIVED = "received"
    OPENED = "opened"
    USED = "used"
    WASTED = "wasted"
    COUNTED = "counted"
    DESTROYED = "destroyed"


class StockMovement(Base):
    """One change of a lot's stock; the sums over a lot are the truth.

    `containers` counts unopened vials or bags, `volume_ml` what they hold by their label. A scan that opens
    a vial moves one container and no volume; drawing and wasting move the volume.
    """

    __tablename__ = "stock_movement"

    id: Mapped[Id]
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    kind: Mapped[MovementKind]
    containers: Mapped[int]
    volume_ml: Mapped[Decimal]
    worksheet_id: Mapped[int | None] = mapped_column(index=True)
    bag_id: Mapped[int | None] = mapped_column(index=True)
    opened_container_id: Mapped[int | None] = mapped_column(ForeignKey("opened_container.id"))
    reason: Mapped[str | None]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    lot: Mapped[Lot] = relationship()
    person: Mapped[Person] = relationship(lazy="joined")


class OpenedContainer(Base):
    """One vial or bag entered in the hood: its clock, and what is left in it."""

    __tablename__ = "opened_container"

    id: Mapped[Id]
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    worksheet_id: Mapped[int] = mapped_column(index=True)
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    use_until: Mapped[datetime]
    left_ml: Mapped[Decimal]
    discarded_at: Mapped[datetime | None]

    lot: Mapped[Lot] = relationship(lazy="joined")
