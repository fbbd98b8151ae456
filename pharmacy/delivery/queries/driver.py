"""Reads for the driver: their own stops on the way, and nothing clinical with them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from pharmacy.accounts.models import Person
from pharmacy.compounding.queries import list_recalled
from pharmacy.delivery.models import DeliveryBatch, DeliveryStop, PackedBag
from pharmacy.domain.errors import NotFound
from pharmacy.domain.statuses import DeliveryStatus, StopStatus

_SHOWN = (StopStatus.PACKED, StopStatus.DELIVERED, StopStatus.NOT_DELIVERED)


@dataclass(frozen=True)
class Door:
    """What a driver may see of a stop: whom, where, which packages, whether it is stopped, how it ended."""

    id: int
    position: int
    batch: str
    name: str
    address: str
    phone: str
    instructions: str
    packages: int
    has_pump_case: bool
    status: StopStatus
    received_by: str | None
    not_delivered_because: str | None
    is_stopped: bool = False

    @property
    def is_open(self) -> bool:
        """Tell whether the stop is still to be made."""
        return self.status is StopStatus.PACKED


def _of_driver(driver: Person) -> Select[DeliveryStop]:
    return (
        select(DeliveryStop)
        .join(DeliveryStop.batch)
        .where(
            DeliveryBatch.driver_id == driver.id,
            DeliveryBatch.site_id == driver.site_id,
            DeliveryBatch.status == DeliveryStatus.ON_THE_WAY,
            DeliveryStop.status.in_(_SHOWN),
        )
        .options(selectinload(DeliveryStop.batch))
        .order_by(DeliveryBatch.delivers_on, DeliveryBatch.id, DeliveryStop.position)
    )


def list_doors(session: Session, *, driver: Person) -> list[Door]:
    """List the stops of a driver's rounds that are on the way, in the order of the rounds."""
    stops = list(session.scalars(_of_driver(driver)))
    stopped = list_stopped(session, [stop.id for stop in stops])
    return [describe_door(stop, is_stopped=stop.id in stopped) for stop in stops]


def list_stopped(session: Session, stop_ids: Collection[int]) -> set[int]:
    """List which of some stops hold a bag of a recalled lot, so that nothing of them is handed over."""
    packed = session.execute(
        select(PackedBag.bag_id, PackedBag.stop_id).where(
            PackedBag.stop_id.in_(stop_ids), PackedBag.taken_out_at.is_(None)
        )
    )
    boxes = {bag_id: stop_id for bag_id, stop_id in packed}
    return {boxes[bag_id] for bag_id in list_recalled(session, boxes)}


def get_own_stop(session: Session, stop_id: int, *, driver: Person) -> DeliveryStop:
    """Return a stop of a driver's own round on the way; what is another's is not there for them."""
    stop = session.scalar(_of_driver(driver).where(DeliveryStop.id == stop_id))
    if stop is None:
        raise NotFound("You have no such stop on the way.")
    return stop


def describe_door(stop: DeliveryStop, *, is_stopped: bool = False) -> Door:
    """Take from a stop what its driver may see (minimum necessary: 45 CFR 164.502(b))."""
    return Door(
        id=stop.id,
        position=stop.position,
        batch=stop.batch.serial,
        name=stop.name,
        address=stop.address,
        phone=stop.phone,
        instructions=stop.instructions,
        packages=stop.packages or 0,
        has_pump_case=stop.pump_id is not None,
        status=stop.status,
        received_by=stop.received_by,
        not_delivered_because=stop.not_delivered_because,
        is_stopped=is_stopped,
    )
