"""Stock movements, which are only ever added, and the containers that were opened."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person, Signature
from pharmacy.database import Base, Id
from pharmacy.domain.stock_changes import ChangeReason
from pharmacy.inventory.models.locations import StockLocation
from pharmacy.inventory.models.lots import Lot


class MovementKind(StrEnum):
    """Why stock moved."""

    RECEIVED = "received"
    OPENED = "opened"
    USED = "used"
    WASTED = "wasted"
    MOVED = "moved"
    COUNTED = "counted"
    ADJUSTED = "adjusted"
    DESTROYED = "destroyed"


class StockMovement(Base):
    """One change of a lot's stock; the sums over a lot are the truth.

    `containers` counts unopened vials or bags, `volume_ml` what they hold by their label. A scan that opens
    a vial moves one container and no volume; drawing and wasting move the volume. Containers that go to
    another location leave two rows, each naming the other's location. Without a location they stand where
    nobody has said.
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
    location_id: Mapped[int | None] = mapped_column(ForeignKey("stock_location.id"), index=True)
    other_location_id: Mapped[int | None] = mapped_column(ForeignKey("stock_location.id"))
    reason_code: Mapped[ChangeReason | None]
    witness_id: Mapped[int | None] = mapped_column(ForeignKey("signature.id"))

    lot: Mapped[Lot] = relationship()
    person: Mapped[Person] = relationship(lazy="joined")
    location: Mapped[StockLocation | None] = relationship(foreign_keys=[location_id], lazy="joined")
    other_location: Mapped[StockLocation | None] = relationship(
        foreign_keys=[other_location_id], lazy="joined"
    )
    witness: Mapped[Signature | None] = relationship()


class OpenedContainer(Base):
    """One vial or bag entered in the hood: its clock, and what is left in it.

    `worksheet_id` opened it; `held_by_id` is the worksheet that works with it now, None while it is kept open
    for the next one, which `stays_open` allows.
    """

    __tablename__ = "opened_container"

    id: Mapped[Id]
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    worksheet_id: Mapped[int] = mapped_column(index=True)
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    use_until: Mapped[datetime]
    left_ml: Mapped[Decimal]
    discarded_at: Mapped[datetime | None]
    stays_open: Mapped[bool] = mapped_column(default=False, server_default=false())
    held_by_id: Mapped[int | None] = mapped_column(index=True)
    location_id: Mapped[int | None] = mapped_column(ForeignKey("stock_location.id"))

    lot: Mapped[Lot] = relationship(lazy="joined")
    opened_by: Mapped[Person] = relationship()
