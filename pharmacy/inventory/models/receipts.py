"""What came in: a receipt for each delivery of a supplier, and an entry for each package."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person
from pharmacy.database import Base, Id
from pharmacy.inventory.models.locations import StockLocation
from pharmacy.inventory.models.lots import Lot


class Receipt(Base):
    """One delivery of a supplier, by its invoice or packing slip."""

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("site_id", "supplier", "document"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    supplier: Mapped[str]
    document: Mapped[str]
    received_on: Mapped[date]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]

    opened_by: Mapped[Person] = relationship(lazy="joined")
    entries: Mapped[list[ReceiptEntry]] = relationship(
        back_populates="receipt", order_by="ReceiptEntry.id", lazy="selectin"
    )


class ReceiptEntry(Base):
    """Containers of a lot as they came onto the shelf: by one scan, or by hand with the reason.

    `raw` is what the scanner sent, also where only the product was in the code. The serial of a package is
    received once.
    """

    __tablename__ = "receipt_entry"
    __table_args__ = (
        UniqueConstraint("product_id", "serial"),
        CheckConstraint("by_hand_because IS NOT NULL OR raw IS NOT NULL", name="scanned_or_by_hand"),
    )

    id: Mapped[Id]
    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipt.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("stock_location.id"))
    movement_id: Mapped[int] = mapped_column(ForeignKey("stock_movement.id"))
    containers: Mapped[int]
    raw: Mapped[str | None]
    serial: Mapped[str | None]
    by_hand_because: Mapped[str | None]
    accepted: Mapped[str | None]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    receipt: Mapped[Receipt] = relationship(back_populates="entries")
    lot: Mapped[Lot] = relationship(lazy="joined")
    location: Mapped[StockLocation] = relationship(lazy="joined")
    person: Mapped[Person] = relationship(lazy="joined")

    @property
    def is_by_hand(self) -> bool:
        """Tell whether a person typed the lot and the expiry."""
        return self.by_hand_because is not None
