"""Every bag that lots reached, with where it is now, read in one statement of plain columns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, Select, Subquery, cast, func, null, select, union_all
from sqlalchemy.orm import Session, aliased

from pharmacy.accounts.models import Person
from pharmacy.compounding.models import Bag, BagComponent, Scan, Worksheet
from pharmacy.delivery.models import DeliveryBatch, DeliveryStop, PackedBag
from pharmacy.domain.lifecycle import say
from pharmacy.domain.statuses import BagStatus, DeliveryStatus, StopStatus
from pharmacy.patients.models import Patient
from pharmacy.prescriptions.models import OrderVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedBag:
    """One bag that a lot went into, or was scanned for, and where it is now.

    `volume_ml` is None for a lot that was scanned and not drawn; the patient is None for stock that is not
    allocated; the delivery is None for a bag that lies in no box.
    """

    lot_id: int
    volume_ml: Decimal | None
    bag_id: int
    serial: str
    status: BagStatus
    beyond_use_at: datetime | None
    planned_dose_at: datetime | None
    worksheet_id: int
    worksheet: str
    patient_id: int | None
    family_name: str | None
    given_name: str | None
    phone: str | None
    time_zone: str | None
    prescriber_id: int | None
    stop_id: int | None
    stop_position: int | None
    stop_status: StopStatus | None
    received_by: str | None
    finished_at: datetime | None
    batch: str | None
    batch_status: DeliveryStatus | None
    driver: str | None

    @property
    def patient(self) -> str:
        """Name the patient as lists do; stock that is not allocated has none."""
        return f"{self.family_name}, {self.given_name}" if self.patient_id else "stock, not allocated"

    @property
    def place(self) -> str:
        """Say where the bag is."""
        return _PLACES.get(self.status, "") or self._place_in_delivery()

    def _place_in_delivery(self) -> str:
        if self.status is BagStatus.PACKED:
            if self.batch_status is DeliveryStatus.ON_THE_WAY:
                return f"on the van with {self.driver}"
            return f"in the box of stop {self.stop_position}"
        return "at home" if self.status is BagStatus.DELIVERED else say(self.status)

    @property
    def delivery(self) -> str:
        """Say which delivery the bag is in, and how that stands."""
        if self.batch is None or self.stop_status is None:
            return "not packed"
        return f"{self.batch}, stop {self.stop_position}, {say(self.stop_status)}"


_PLACES = {
    BagStatus.PLANNED: "in work",
    BagStatus.MADE: "at the bench, not released",
    BagStatus.REWORK: "at the bench, in rework",
    BagStatus.QUARANTINED: "in quarantine",
    BagStatus.RELEASED: "on the shelf",
    BagStatus.REJECTED: "at the pharmacy, to be destroyed",
    BagStatus.RETURNED: "came back, to be destroyed",
    BagStatus.CANCELLED: "not made",
}


def reached_by(lot_ids: Collection[int]) -> Subquery:
    """Select every pair of a lot and a bag it reached, with the volume drawn, as a subquery.

    A lot reaches a bag when a volume of it went in, or when it was scanned for the bag and the scan stands.
    """
    volume = BagComponent.volume_ml
    parts = union_all(
        select(BagComponent.lot_id, BagComponent.bag_id, volume).where(BagComponent.lot_id.in_(lot_ids)),
        select(Scan.lot_id, Scan.bag_id, cast(null(), volume.type)).where(
            Scan.lot_id.in_(lot_ids), Scan.bag_id.is_not(None), Scan.undone_at.is_(None)
        ),
    ).subquery()
    lot_id, bag_id, volume_ml = parts.c
    return (
        select(lot_id.label("lot_id"), bag_id.label("bag_id"), func.sum(volume_ml).label("volume_ml"))
        .group_by(lot_id, bag_id)
        .subquery()
    )


def select_bags(reached: Subquery) -> Select[Any]:
    """Select the bags of a subquery of `reached_by` with all that a `TracedBag` holds."""
    driver = aliased(Person)
    return (
        select(
            reached.c.lot_id,
            reached.c.volume_ml,
            Bag.id.label("bag_id"),
            Bag.serial,
            Bag.status,
            Bag.beyond_use_at,
            Bag.planned_dose_at,
            Bag.worksheet_id,
            Worksheet.serial.label("worksheet"),
            Bag.patient_id,
            Patient.family_name,
            Patient.given_name,
            Patient.phone,
            Patient.time_zone,
            OrderVersion.prescriber_id,
            DeliveryStop.id.label("stop_id"),
            DeliveryStop.position.label("stop_position"),
            DeliveryStop.status.label("stop_status"),
            DeliveryStop.received_by,
            DeliveryStop.finished_at,
            DeliveryBatch.serial.label("batch"),
            DeliveryBatch.status.label("batch_status"),
            driver.name.label("driver"),
        )
        .select_from(reached)
        .join(Bag, Bag.id == reached.c.bag_id)
        .join(Worksheet, Worksheet.id == Bag.worksheet_id)
        .outerjoin(Patient, Patient.id == Bag.patient_id)
        .outerjoin(OrderVersion, OrderVersion.id == Bag.order_version_id)
        .outerjoin(PackedBag, (PackedBag.bag_id == Bag.id) & PackedBag.taken_out_at.is_(None))
        .outerjoin(DeliveryStop, DeliveryStop.id == PackedBag.stop_id)
        .outerjoin(DeliveryBatch, DeliveryBatch.id == DeliveryStop.batch_id)
        .outerjoin(driver, driver.id == DeliveryBatch.driver_id)
    )


def read_bags(session: Session, statement: Select[Any]) -> list[TracedBag]:
    """Read the bags that a statement of `select_bags` selects."""
    rows: Sequence[Row[Any]] = session.execute(statement).all()
    return [TracedBag(**row._mapping) for row in rows]
