"""At the door: proof of delivery, or why there is none; bags that come back never go into stock."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.accounts.queries import list_people
from pharmacy.audit.actions import move, record
from pharmacy.audit.chain import digest
from pharmacy.delivery.models import DeliveryBatch, DeliveryStop
from pharmacy.delivery.queries import list_packed, list_stopped
from pharmacy.domain.drawn_signature import read_strokes
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.lifecycle import say
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.statuses import (
    BAG_MOVES,
    DELIVERY_MOVES,
    STOP_MOVES,
    BagStatus,
    DeliveryStatus,
    PumpStatus,
    StopStatus,
)
from pharmacy.pumps.actions import hand_over_pump

# A driver is told nothing of what is in the box.
STOPPED = (
    "The pharmacy has stopped this box. Hand nothing over, record that it cannot be delivered,"
    " and bring it back."
)
_FINISHED = (StopStatus.DELIVERED, StopStatus.NOT_DELIVERED, StopStatus.CANCELLED)


class SignatureKind(StrEnum):
    """How somebody signed at the door."""

    DRAWN = "drawn"
    TYPED = "typed"


def record_proof(
    session: Session,
    stop: DeliveryStop,
    *,
    received_by: str,
    relationship: str,
    signature_kind: str,
    signature_content: str,
    by: Person,
    at: datetime,
) -> DeliveryStop:
    """Record who took a delivery, with their signature: strokes as they were drawn, or the name typed.

    The bags are delivered at this instant, and a pump in the box is with the patient. Refuses anybody but the
    batch's driver, and a name of the pharmacy's own people: staff never sign for a patient.
    """
    ensure_may(by.role, Permission.DRIVE_DELIVERIES)
    _ensure_own_stop(stop, by=by)
    if list_stopped(session, [stop.id]):
        raise Refusal(STOPPED)
    name, relationship = received_by.strip(), relationship.strip()
    if not name:
        raise InvalidInput("Enter the name of the person who took it.", field="received_by")
    if not relationship:
        raise InvalidInput("Enter who that is to the patient.", field="relationship")
    _ensure_not_staff(session, name, field="received_by", by=by)
    content = _read_signature(session, signature_kind, signature_content, by=by)
    stop.received_by, stop.received_relationship = name, relationship
    stop.signature_kind, stop.signature_content = signature_kind, content
    move(session, stop, STOP_MOVES, StopStatus.DELIVERED, what="a stop", by=by, at=at)
    stop.finished_at = at
    for packed in list_packed(stop):
        move(session, packed.bag, BAG_MOVES, BagStatus.DELIVERED, what="a bag", by=by, at=at)
    if stop.pump is not None and stop.pump.status is PumpStatus.AVAILABLE:
        hand_over_pump(session, stop.pump, stop.patient, by=by, at=at)
    record(session, stop, "delivered", by=by, at=at, batch=stop.batch.serial, received_by=name,
           relationship=relationship, signature=signature_kind, digest=digest(content),
           bags=[one.bag.serial for one in list_packed(stop)])  # fmt: skip
    _close_if_done(session, stop.batch, by=by, at=at)
    return stop


def record_not_delivered(
    session: Session, stop: DeliveryStop, *, reason: str, by: Person, at: datetime
) -> DeliveryStop:
    """Record why a stop was not delivered; its bags come back and are destroyed, never given out again."""
    ensure_may(by.role, Permission.DRIVE_DELIVERIES)
    _ensure_own_stop(stop, by=by)
    reason = ensure_reason(reason)
    move(session, stop, STOP_MOVES, StopStatus.NOT_DELIVERED, what="a stop", by=by, at=at, reason=reason)
    stop.not_delivered_because, stop.finished_at = reason, at
    for packed in list_packed(stop):
        move(session, packed.bag, BAG_MOVES, BagStatus.RETURNED, what="a bag", by=by, at=at, reason=reason)
    record(session, stop, "not delivered", by=by, at=at, reason=reason, batch=stop.batch.serial,
           bags=[one.bag.serial for one in list_packed(stop)])  # fmt: skip
    _close_if_done(session, stop.batch, by=by, at=at)
    return stop


def _ensure_own_stop(stop: DeliveryStop, *, by: Person) -> None:
    if stop.batch.driver_id != by.id:
        raise Forbidden(f"This stop is of the round of {stop.batch.driver.name}.")
    if stop.batch.status is not DeliveryStatus.ON_THE_WAY or stop.status is not StopStatus.PACKED:
        raise Refusal(f"This stop is {say(stop.status)}; there is nothing to deliver.")


def _ensure_not_staff(session: Session, name: str, *, field: str, by: Person) -> None:
    own = {_plain(one.name) for one in list_people(session, site_id=by.site_id)}
    if _plain(name) in own:
        raise InvalidInput(
            f"{name} works at the pharmacy. Staff never sign for a patient; enter who took the delivery.",
            field=field,
        )


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace(",", " ").split())


def _read_signature(session: Session, kind: str, content: str, *, by: Person) -> str:
    if kind == SignatureKind.DRAWN:
        read_strokes(content)
        return content
    if kind != SignatureKind.TYPED:
        raise InvalidInput("Choose whether the signature is drawn or typed.", field="signature_kind")
    typed = content.strip()
    if not typed:
        raise InvalidInput("Ask the person to type their name.", field="signature")
    _ensure_not_staff(session, typed, field="signature", by=by)
    return typed


def _close_if_done(session: Session, batch: DeliveryBatch, *, by: Person, at: datetime) -> None:
    if all(one.status in _FINISHED for one in batch.stops):
        move(session, batch, DELIVERY_MOVES, DeliveryStatus.CLOSED, what="a delivery batch", by=by, at=at)
        record(session, batch, "closed a batch", by=by, at=at, serial=batch.serial)
