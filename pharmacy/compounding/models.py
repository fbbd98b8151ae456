"""Worksheets, bags, scans, volume checks, label copies and inspections."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.models import Person, Signature
from pharmacy.database import Base, Id
from pharmacy.domain.bag_release import InspectionOutcome
from pharmacy.domain.statuses import BagStatus, WorksheetStatus
from pharmacy.formulary.models import Formula, Product
from pharmacy.inventory.models import Lot, OpenedContainer
from pharmacy.patients.models import Patient
from pharmacy.prescriptions.models import OrderVersion


class Worksheet(Base):
    """One preparation of N bags of one order version by one version of a formula.

    The arithmetic is computed once, when the worksheet is opened, from the formula and its products, and
    kept. The beyond-use date is computed when preparation starts, and frozen with its limits.
    """

    __tablename__ = "worksheet"

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    serial: Mapped[str] = mapped_column(unique=True)
    status: Mapped[WorksheetStatus] = mapped_column(index=True)
    order_version_id: Mapped[int] = mapped_column(ForeignKey("order_version.id"), index=True)
    formula_id: Mapped[int] = mapped_column(ForeignKey("formula.id"))
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
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
    rate_ml_per_h: Mapped[Decimal]
    vials: Mapped[int]
    total_additive_ml: Mapped[Decimal]
    waste_ml: Mapped[Decimal]
    working: Mapped[str]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    check_id: Mapped[int | None] = mapped_column(ForeignKey("signature.id"))
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime | None]
    beyond_use_at: Mapped[datetime | None]
    beyond_use_limited_by: Mapped[str | None]
    beyond_use_limits: Mapped[str | None]
    release_id: Mapped[int | None] = mapped_column(ForeignKey("signature.id"))
    closed_at: Mapped[datetime | None]
    cancelled_because: Mapped[str | None]

    order_version: Mapped[OrderVersion] = relationship(lazy="joined")
    formula: Mapped[Formula] = relationship(lazy="joined")
    patient: Mapped[Patient] = relationship(lazy="joined")
    opened_by: Mapped[Person] = relationship(foreign_keys=[opened_by_id], lazy="joined")
    started_by: Mapped[Person | None] = relationship(foreign_keys=[started_by_id], lazy="joined")
    check: Mapped[Signature | None] = relationship(foreign_keys=[check_id], lazy="joined")
    release: Mapped[Signature | None] = relationship(foreign_keys=[release_id], lazy="joined")
    bags: Mapped[list[Bag]] = relationship(back_populates="worksheet", order_by="Bag.position")
    proposed_lots: Mapped[list[ProposedLot]] = relationship(order_by="ProposedLot.id")
    scans: Mapped[list[Scan]] = relationship(order_by="Scan.id")

    __table_args__ = (
        CheckConstraint("(started_at IS NULL) = (started_by_id IS NULL)", name="started"),
        CheckConstraint("(started_at IS NULL) = (beyond_use_at IS NULL)", name="dated_at_start"),
        CheckConstraint("started_at IS NULL OR check_id IS NOT NULL", name="checked_before_start"),
    )


class ProposedLot(Base):
    """A lot that first-expiry-first-out proposes for a worksheet."""

    __tablename__ = "proposed_lot"

    id: Mapped[Id]
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    containers: Mapped[int]

    lot: Mapped[Lot] = relationship(lazy="joined")


class Bag(Base):
    """One bag under its own serial, from the plan to the patient's home."""

    __tablename__ = "bag"
    __table_args__ = (
        UniqueConstraint("worksheet_id", "position"),
        CheckConstraint("(made_at IS NULL) = (made_by_id IS NULL)", name="made"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    serial: Mapped[str] = mapped_column(unique=True)
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheet.id"))
    position: Mapped[int]
    order_version_id: Mapped[int] = mapped_column(ForeignKey("order_version.id"), index=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    status: Mapped[BagStatus] = mapped_column(index=True)
    planned_dose_at: Mapped[datetime | None]
    beyond_use_at: Mapped[datetime | None]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime | None]

    worksheet: Mapped[Worksheet] = relationship(back_populates="bags")
    order_version: Mapped[OrderVersion] = relationship()
    patient: Mapped[Patient] = relationship()
    made_by: Mapped[Person | None] = relationship(lazy="joined")
    components: Mapped[list[BagComponent]] = relationship(order_by="BagComponent.id")
    checks: Mapped[list[VolumeCheck]] = relationship(order_by="VolumeCheck.id")
    labels: Mapped[list[BagLabelCopy]] = relationship(order_by="BagLabelCopy.id")
    inspections: Mapped[list[Inspection]] = relationship(order_by="Inspection.id")
    shortenings: Mapped[list[Shortening]] = relationship(order_by="Shortening.id")


class BagComponent(Base):
    """What went into a bag: the lot, the container it came from, and the volume."""

    __tablename__ = "bag_component"

    id: Mapped[Id]
    bag_id: Mapped[int] = mapped_column(ForeignKey("bag.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    opened_container_id: Mapped[int] = mapped_column(ForeignKey("opened_container.id"))
    volume_ml: Mapped[Decimal]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    lot: Mapped[Lot] = relationship(lazy="joined")
    opened_container: Mapped[OpenedContainer] = relationship()
    person: Mapped[Person] = relationship(lazy="joined")


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


class BagLabelCopy(Base):
    """One copy of a bag's label, applied or destroyed, with the date and the order version that it says.

    `said` is its text, line by line. A copy is applied when its bar code was scanned on the bag; a copy that
    is not destroyed is in use.
    """

    __tablename__ = "bag_label_copy"
    __table_args__ = (
        UniqueConstraint("bag_id", "copy_number"),
        CheckConstraint("(applied_at IS NULL) = (applied_by_id IS NULL)", name="applied"),
        CheckConstraint("(destroyed_at IS NULL) = (destroyed_because IS NULL)", name="destroyed"),
    )

    id: Mapped[Id]
    bag_id: Mapped[int] = mapped_column(ForeignKey("bag.id"), index=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("printed_paper.id"))
    order_version_id: Mapped[int] = mapped_column(ForeignKey("order_version.id"))
    copy_number: Mapped[int]
    reason: Mapped[str | None]
    said: Mapped[str]
    beyond_use_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    destroyed_at: Mapped[datetime | None]
    destroyed_because: Mapped[str | None]

    applied_by: Mapped[Person | None] = relationship(lazy="joined")

    @property
    def applied(self) -> bool:
        """Tell whether the copy was scanned on its bag."""
        return self.applied_at is not None


class Inspection(Base):
    """What a pharmacist saw on one bag (domain.md 2.4)."""

    __tablename__ = "inspection"

    id: Mapped[Id]
    bag_id: Mapped[int] = mapped_column(ForeignKey("bag.id"), index=True)
    no_particles: Mapped[bool]
    colour_right: Mapped[bool]
    closure_intact: Mapped[bool]
    label_matches: Mapped[bool]
    outcome: Mapped[InspectionOutcome]
    reason: Mapped[str | None]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined")


class Shortening(Base):
    """A beyond-use date that somebody made shorter, and why."""

    __tablename__ = "shortening"

    id: Mapped[Id]
    bag_id: Mapped[int] = mapped_column(ForeignKey("bag.id"), index=True)
    was: Mapped[datetime]
    became: Mapped[datetime]
    reason: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined")
