"""Adjust stock by hand with a reason code; what is destroyed, and what leaves no trace, needs a witness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import ensure_other_person, sign
from pharmacy.accounts.models import Person, Signature
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.accounts.queries import find_person
from pharmacy.audit.actions import record
from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.formatting import counted
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.stock_changes import ChangeReason, needs_witness, signed_change
from pharmacy.inventory.actions.moves import accept_location, ensure_held_back
from pharmacy.inventory.actions.stock import ensure_open, ensure_stands, move_stock
from pharmacy.inventory.models import Lot, MovementKind, StockLocation, StockMovement
from pharmacy.inventory.queries import find_large_difference


@dataclass(frozen=True)
class Witness:
    """Hold how a second person signs on the same page: their sign-in name and their password."""

    username: str
    password: str


def adjust_stock(
    session: Session,
    lot: Lot,
    location: StockLocation | None,
    *,
    reason_code: ChangeReason,
    containers: int,
    reason: str,
    witness: Witness | None,
    accepted: bool,
    by: Person,
    at: datetime,
) -> StockMovement:
    """Book unopened containers in or out with a reason; None as location is stock that nobody has placed.

    Refuses to take more than is booked there, to add where the lot may not stand, and what needs a witness
    without one; `accepted` says that a person has looked at a warning about the location.
    """
    ensure_may(by.role, Permission.RECEIVE_STOCK)
    ensure_reason(reason)
    change = signed_change(reason_code, containers)
    if change < 0:
        ensure_stands(session, lot, location, containers)
    else:
        _ensure_may_stand(session, lot, location, accepted=accepted)
    signature = _sign_as_witness(session, lot, witness, reason_code=reason_code, containers=containers,
                                 reason=reason, by=by, at=at)  # fmt: skip
    kind = MovementKind.DESTROYED if reason_code is ChangeReason.DESTROYED else MovementKind.ADJUSTED
    movement = move_stock(session, lot, kind, containers=change, volume_ml=change * lot.product.volume_ml,
                          location_id=location.id if location else None, reason=reason.strip(),
                          reason_code=reason_code, witness_id=signature.id if signature else None,
                          by=by, at=at)  # fmt: skip
    record(session, lot, "adjusted the stock of a lot", by=by, at=at, reason=reason, lot=lot.number,
           reason_code=reason_code.value, containers=change, location=location.name if location else None,
           witness=signature.printed_name if signature else None)  # fmt: skip
    return movement


def _ensure_may_stand(session: Session, lot: Lot, location: StockLocation | None, *, accepted: bool) -> None:
    """Ask for what is added all that is asked of what is moved there."""
    ensure_held_back(lot, location)
    if location:
        ensure_open(location)
        accept_location(session, lot.product, location, accepted=accepted)


def _sign_as_witness(
    session: Session,
    lot: Lot,
    witness: Witness | None,
    *,
    reason_code: ChangeReason,
    containers: int,
    reason: str,
    by: Person,
    at: datetime,
) -> Signature | None:
    limit = find_large_difference(session, site_id=lot.site_id)
    if witness is None:
        if needs_witness(reason_code, containers, high_alert=lot.product.high_alert, limit=limit):
            raise InvalidInput(
                f"A second person has to see this: {reason_code.value}. They enter their sign-in name and "
                "password below.",
                field="witness",
            )
        return None
    second = find_person(session, witness.username)
    if second is None or second.site_id != by.site_id or not second.active:
        raise InvalidInput("Nobody at this site signs in with this name.", field="witness")
    ensure_other_person(second, by, sentence="The witness is another person than the one who books this.")
    ensure_may(second.role, Permission.RECEIVE_STOCK)
    meaning = f"Witness: {counted(containers, 'container')} of lot {lot.number} {reason_code.value}"
    content = {
        "lot": lot.number,
        "containers": containers,
        "reason_code": reason_code.value,
        "reason": reason,
    }
    return sign(session, lot, meaning=meaning, content=content, password=witness.password, by=second, at=at)
