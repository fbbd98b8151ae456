"""Print what goes with a delivery: the manifest in the box, the driver's list, and the proof afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.delivery.actions.readiness import order_version_of
from pharmacy.delivery.models import DeliveryBatch, DeliveryStop
from pharmacy.domain.errors import Refusal
from pharmacy.domain.statuses import DeliveryStatus, StopStatus
from pharmacy.printing.actions import PaperMark, print_paper
from pharmacy.printing.models import PrintedPaper

MANIFEST, PROOF, PACKAGE_LIST = "delivery manifest", "proof of delivery", "package list"
Render = Callable[[PaperMark], bytes]


def print_manifest(
    session: Session, stop: DeliveryStop, *, draw: Render, reason: str | None, by: Person, at: datetime
) -> PrintedPaper:
    """Print a stop's manifest once its box is checked; after delivery it is the proof, with the signature."""
    ensure_may(by.role, Permission.PACK_DELIVERIES)
    delivered = stop.status is StopStatus.DELIVERED
    if not delivered and (stop.status is not StopStatus.PACKED or stop.checked_at is None):
        raise Refusal("A manifest is printed once the box is packed and a second person has checked it.")
    return print_paper(
        session,
        stop,
        kind=PROOF if delivered else MANIFEST,
        render=draw,
        patient_id=stop.patient_id,
        order_version_id=order_version_of(stop).id,
        reason=(reason or "").strip() or None,
        by=by,
        at=at,
    )


def print_package_list(
    session: Session, batch: DeliveryBatch, *, draw: Render, reason: str | None, by: Person, at: datetime
) -> PrintedPaper:
    """Print the driver's list of a batch: where to go and what to hand over, nothing clinical."""
    ensure_may(by.role, Permission.PACK_DELIVERIES)
    live = [one for one in batch.stops if one.status is not StopStatus.CANCELLED]
    if batch.status is DeliveryStatus.CANCELLED or not live:
        raise Refusal("This batch has no stop to list.")
    if any(one.checked_at is None for one in live):
        raise Refusal("The driver's list is printed once every box is packed and checked.")
    return print_paper(
        session,
        batch,
        kind=PACKAGE_LIST,
        render=draw,
        patient_id=None,
        order_version_id=None,
        reason=(reason or "").strip() or None,
        by=by,
        at=at,
    )
