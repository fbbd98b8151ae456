"""Worksheets and the lots proposed for them."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person, Signature
from pharmacy.compounding.models.station import Handover, Scan, StationNote, StepDone
from pharmacy.database import Base, Id
from pharmacy.domain.errors import Refusal
from pharmacy.domain.statuses import WorksheetStatus
from pharmacy.formulary.models import Formula
from pharmacy.inventory.models import Lot
from pharmacy.patients.models import Patient
from pharmacy.prescriptions.models import OrderVersion

if TYPE_CHECKING:
    from pharmacy.compounding.models.bags import Bag
    from pharmacy.compounding.models.records import RecordAddendum, SignedRecord


class Worksheet(Base):
    """One preparation of N bags by one version of a formula: of one order version, or for stock.

    Bags for stock have no patient and no rate until they are allocated; `stock_reason` says why they are
    made. The arithmetic is computed once, when the worksheet is opened, from the formula and its products,
    and kept. The beyond-use date is computed when preparation starts, for the hood chosen then, and frozen
    with its limits and what was known of the place. `turn` counts what was done at its station.
    """

    __tablename__ = "worksheet"

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    serial: Mapped[str] = mapped_column(unique=True)
    status: Mapped[WorksheetStatus] = mapped_column(index=True)
    order_version_id: Mapped[int | None] = mapped_column(ForeignKey("order_version.id"), index=True)
    formula_id: Mapped[int] = mapped_column(ForeignKey("formula.id"))
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"), index=True)
    stock_reason: Mapped[str | None]
    bag_count: Mapped[int]
    needed_at: Mapped[datetime]
    additive_ml: Mapped[Decimal]
    withdraw_ml: Mapped[Decimal]
    diluent_ml: Mapped[Decimal]
    total_ml: Mapped[Decimal]
    mg_per_ml: Mapped[Decimal]
    meq: Mapped[Decimal]
    mosm_per_l: Mapped[Decimal]
    deliverable_ml: Mapped[Decimal]
    rate_ml_per_h: Mapped[Decimal | None]
    vials: Mapped[int]
    total_additive_ml: Mapped[Decimal]
    waste_ml: Mapped[Decimal]
    working: Mapped[str]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    check_id: Mapped[int | None] = mapped_column(ForeignKey("signature.id"))
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime | None]
    engineering_control_id: Mapped[int | None] = mapped_column(
        ForeignKey("engineering_control.id"), index=True
    )
    beyond_use_at: Mapped[datetime | None]
    beyond_use_limited_by: Mapped[str | None]
    beyond_use_limits: Mapped[str | None]
    release_id: Mapped[int | None] = mapped_column(ForeignKey("signature.id"))
    closed_at: Mapped[datetime | None]
    cancelled_because: Mapped[str | None]
    turn: Mapped[int] = mapped_column(default=0, server_default="0")

    order_version: Mapped[OrderVersion | None] = relationship(lazy="joined")
    formula: Mapped[Formula] = relationship(lazy="joined")
    patient: Mapped[Patient | None] = relationship(lazy="joined")
    opened_by: Mapped[Person] = relationship(foreign_keys=[opened_by_id], lazy="joined")
    started_by: Mapped[Person | None] = relationship(foreign_keys=[started_by_id], lazy="joined")
    check: Mapped[Signature | None] = relationship(foreign_keys=[check_id], lazy="joined")
    release: Mapped[Signature | None] = relationship(foreign_keys=[release_id], lazy="joined")
    bags: Mapped[list[Bag]] = relationship(back_populates="worksheet", order_by="Bag.position")
    proposed_lots: Mapped[list[ProposedLot]] = relationship(order_by="ProposedLot.id")
    scans: Mapped[list[Scan]] = relationship(order_by="Scan.id")
    steps_done: Mapped[list[StepDone]] = relationship(order_by="StepDone.id")
    handovers: Mapped[list[Handover]] = relationship(order_by="Handover.id")
    station_notes: Mapped[list[StationNote]] = relationship(order_by="StationNote.id")
    signed_record: Mapped[SignedRecord | None] = relationship()
    addenda: Mapped[list[RecordAddendum]] = relationship(order_by="RecordAddendum.id")

    __table_args__ = (
        CheckConstraint("(started_at IS NULL) = (started_by_id IS NULL)", name="started"),
        CheckConstraint("(started_at IS NULL) = (beyond_use_at IS NULL)", name="dated_at_start"),
        CheckConstraint("started_at IS NULL OR check_id IS NOT NULL", name="checked_before_start"),
        CheckConstraint("(order_version_id IS NULL) = (patient_id IS NULL)", name="for_somebody"),
        CheckConstraint("(order_version_id IS NULL) = (rate_ml_per_h IS NULL)", name="rate_of_an_order"),
        CheckConstraint("(order_version_id IS NULL) = (stock_reason IS NOT NULL)", name="stock"),
    )

    @property
    def is_stock(self) -> bool:
        """Tell whether the bags are made for stock, to be allocated later."""
        return self.order_version_id is None

    @property
    def home_zone(self) -> str | None:
        """Return the time zone of the patient's home; None for bags that have no patient."""
        return self.patient.time_zone if self.patient else None

    @property
    def place(self) -> dict[str, Any] | None:
        """Return what was frozen of the place when preparation started; None before, and of older ones."""
        if self.beyond_use_limits is None:
            return None
        kept: dict[str, Any] = json.loads(self.beyond_use_limits)
        return kept.get("place")

    def get_order_version(self) -> OrderVersion:
        """Return the order version that the bags are made for; refuses a worksheet for stock."""
        if self.order_version is None:
            raise Refusal(f"Worksheet {self.serial} makes bags for stock, not for an order.")
        return self.order_version

    def get_patient(self) -> Patient:
        """Return the patient whom the bags are made for; refuses a worksheet for stock."""
        return self.get_order_version().order.patient

    def get_rate(self) -> Decimal:
        """Return the rate of the bags in mL/h; refuses a worksheet for stock."""
        if self.rate_ml_per_h is None:
            raise Refusal(f"Worksheet {self.serial} makes bags for stock; their rate follows from an order.")
        return self.rate_ml_per_h


class ProposedLot(Base):
    """A lot that first-expiry-first-out proposes for a worksheet."""

    __tablename__ = "proposed_lot"

    id: Mapped[Id]
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    containers: Mapped[int]

    lot: Mapped[Lot] = relationship(lazy="joined")
