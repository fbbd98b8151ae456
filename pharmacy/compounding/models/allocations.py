"""How bags that were made for stock were allocated to orders, and how that was undone."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person, Signature
from pharmacy.database import Base, Id
from pharmacy.patients.models import Patient
from pharmacy.prescriptions.models import OrderVersion

if TYPE_CHECKING:
    from pharmacy.compounding.models.bags import Bag

_STANDS = text("undone_at IS NULL")


class BagAllocation(Base):
    """One bag of stock, given to one order version at the rate of its pump; at most one stands for a bag.

    `check` is the signature of the pharmacist who compared the patient's label with the order.
    """

    __tablename__ = "bag_allocation"
    __table_args__ = (
        Index(
            "ix_bag_allocation_stands",
            "bag_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone"),
        CheckConstraint("(undone_at IS NULL) = (undone_because IS NULL)", name="undone_because"),
    )

    id: Mapped[Id]
    bag_id: Mapped[int] = mapped_column(ForeignKey("bag.id"), index=True)
    order_version_id: Mapped[int] = mapped_column(ForeignKey("order_version.id"), index=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"))
    rate_ml_per_h: Mapped[Decimal]
    planned_dose_at: Mapped[datetime | None]
    allocated_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    allocated_at: Mapped[datetime]
    check_id: Mapped[int | None] = mapped_column(ForeignKey("signature.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undone_because: Mapped[str | None]

    bag: Mapped[Bag] = relationship(back_populates="allocations")
    order_version: Mapped[OrderVersion] = relationship(lazy="selectin")
    patient: Mapped[Patient] = relationship(lazy="selectin")
    allocated_by: Mapped[Person] = relationship(foreign_keys=[allocated_by_id], lazy="selectin")
    check: Mapped[Signature | None] = relationship(lazy="selectin")
    undone_by: Mapped[Person | None] = relationship(foreign_keys=[undone_by_id], lazy="selectin")
