"""What a recall does to bags that are here: held back, destroyed before a witness, or cleared."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import move, record
from pharmacy.compounding.actions.papers import void_papers
from pharmacy.compounding.actions.release import close_once_signed, reject_unseen
from pharmacy.compounding.models import Bag, BagClearance
from pharmacy.compounding.queries import name_bag
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.lifecycle import say
from pharmacy.domain.statuses import BAG_MOVES, BagStatus, LotStatus

_TO_HOLD = (BagStatus.MADE, BagStatus.REWORK, BagStatus.RELEASED)
_TO_DESTROY = (BagStatus.QUARANTINED, BagStatus.RELEASED, BagStatus.REJECTED, BagStatus.RETURNED)


def hold_recalled_bag(session: Session, bag: Bag, *, reason: str, by: Person, at: datetime) -> bool:
    """Put a bag that is made or released in quarantine; tells whether it was. Others stay where they are."""
    ensure_may(by.role, Permission.RELEASE_BAGS)
    if bag.status not in _TO_HOLD:
        return False
    move(session, bag, BAG_MOVES, BagStatus.QUARANTINED, what="a bag", by=by, at=at, reason=reason)
    record(session, bag, "held a recalled bag back", by=by, at=at, reason=reason, serial=bag.serial)
    return True


def destroy_recalled_bag(
    session: Session, bag: Bag, *, reason: str, witness: Person, by: Person, at: datetime
) -> Bag:
    """Record that a recalled bag was destroyed here, before a witness who works at this site."""
    ensure_may(by.role, Permission.RELEASE_BAGS)
    ensure_witness(witness, by=by)
    if bag.status not in _TO_DESTROY:
        raise Refusal(f"{name_bag(bag)} is {say(bag.status)}; it is not destroyed here.")
    if bag.status is BagStatus.QUARANTINED:
        reject_unseen(session, bag, reason=reason, by=by, at=at)
    move(session, bag, BAG_MOVES, BagStatus.DESTROYED, what="a bag", by=by, at=at, reason=reason)
    void_papers(session, bag, because=f"the bag was destroyed: {reason}", by=by, at=at)
    record(session, bag, "destroyed a recalled bag", by=by, at=at, reason=reason, serial=bag.serial,
           witness=witness.name)  # fmt: skip
    close_once_signed(session, bag.worksheet, by=by, at=at)
    return bag


def ensure_witness(witness: Person, *, by: Person) -> None:
    """Refuse a witness who is the same person, works elsewhere, or does not make bags."""
    if witness.id == by.id:
        raise InvalidInput("Somebody else is the witness.", field="witness")
    if witness.site_id != by.site_id or not witness.active or not witness.may(Permission.COMPOUND):
        raise InvalidInput(f"{witness.name} cannot be the witness here.", field="witness")


def clear_recalled_bag(
    session: Session, bag: Bag, lot_ids: Collection[int], *, reason: str, by: Person, at: datetime
) -> Bag:
    """Record that the recall of these lots does not apply to a bag; what else holds it back still does."""
    ensure_may(by.role, Permission.RELEASE_BAGS)
    cleared = {one.lot_id for one in bag.clearances}
    recalled = [part for part in bag.components if part.lot.status is LotStatus.RECALLED]
    lots = {part.lot_id: part.lot for part in recalled if part.lot_id in lot_ids}
    for lot_id, lot in lots.items():
        if lot_id not in cleared:
            clearance = BagClearance(lot_id=lot_id, reason=reason, person=by, at=at)
            bag.clearances.append(clearance)
            record(session, clearance, "cleared a bag of a recall", by=by, at=at, reason=reason,
                   serial=bag.serial, lot=lot.number)  # fmt: skip
    return bag
