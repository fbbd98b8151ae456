"""Counts of what really stands on the shelf, one by one or by the sheet of a location."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person
from pharmacy.database import Base, Id
from pharmacy.domain.statuses import CountStatus
from pharmacy.domain.stock_changes import ChangeReason
from pharmacy.inventory.models.locations import StockLocation
from pharmacy.inventory.models.lots import Lot


class CountSheet(Base):
    """The count of a whole location, opened with all that is booked there."""

    __tablename__ = "count_sheet"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="closed_by_somebody"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("stock_location.id"))
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]

    location: Mapped[StockLocation] = relationship(lazy="joined")
    opened_by: Mapped[Person] = relationship(foreign_keys=[opened_by_id], lazy="joined")
    lines: Mapped[list[CountSheetLine]] = relationship(order_by="CountSheetLine.id", lazy="selectin")
    counts: Mapped[list[StockCount]] = relationship(order_by="StockCount.id", lazy="selectin")


class CountSheetLine(Base):
    """A lot to be counted on a sheet; `added` where it was found though nothing was booked there."""

    __tablename__ = "count_sheet_line"
    __table_args__ = (UniqueConstraint("sheet_id", "lot_id"),)

    id: Mapped[Id]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("count_sheet.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    added: Mapped[bool]

    lot: Mapped[Lot] = relationship(lazy="joined")


class StockCount(Base):
    """How many unopened containers of a lot one person found at a location, and what came of a difference.

    `booked` is the sum of the movements at that instant; the person typed `counted` before they saw it.
    `counted_again` is what a second person found, who saw neither.
    """

    __tablename__ = "stock_count"
    __table_args__ = (
        CheckConstraint("counted >= 0", name="not_below_zero"),
        CheckConstraint("(explained_at IS NULL) = (explained_by_id IS NULL)", name="explained_by_somebody"),
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="settled_by_somebody"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("count_sheet.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("stock_location.id"))
    status: Mapped[CountStatus]
    counted: Mapped[int]
    booked: Mapped[int]
    counted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    counted_at: Mapped[datetime]
    counted_again: Mapped[int | None]
    reason_code: Mapped[ChangeReason | None]
    reason: Mapped[str | None]
    explained_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    explained_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]
    movement_id: Mapped[int | None] = mapped_column(ForeignKey("stock_movement.id"))

    lot: Mapped[Lot] = relationship(lazy="joined")
    location: Mapped[StockLocation] = relationship(lazy="joined")
    counted_by: Mapped[Person] = relationship(foreign_keys=[counted_by_id], lazy="joined")
    explained_by: Mapped[Person | None] = relationship(foreign_keys=[explained_by_id])
    settled_by: Mapped[Person | None] = relationship(foreign_keys=[settled_by_id])

    @property
    def difference(self) -> int:
        """Return how many containers more (above 0) or fewer (below 0) there are than booked."""
        return self.counted - self.booked
