"""Put a bag that has not left aside: hold it back in quarantine, or record that it was destroyed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import move, record
from pharmacy.compounding.actions.papers import void_papers
from pharmacy.compounding.models import Bag
from pharmacy.compounding.queries import find_recalled_lot, name_bag
from pharmacy.domain.errors import Refusal
from pharmacy.domain.lifecycle import say
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.statuses import BAG_MOVES, BagStatus

# What is with the patient is counted back first; what is in quarantine is decided on first.
DESTROYED_HERE = (BagStatus.RELEASED, BagStatus.REJECTED, BagStatus.RETURNED)


def quarantine_bag(session: Session, bag: Bag, *, reason: str, by: Person, at: datetime) -> Bag:
    """Hold a released bag back, such as one that was warm or one too many; a pharmacist decides on it.

    Anybody who makes bags may: it only ever stops one. Refuses a bag that is packed until it is taken out.
    """
    ensure_may(by.role, Permission.COMPOUND)
    ensure_reason(reason)
    if bag.status is not BagStatus.RELEASED:
        raise Refusal(f"{name_bag(bag)} is {say(bag.status)}; only a released bag is put in quarantine here.")
    move(session, bag, BAG_MOVES, BagStatus.QUARANTINED, what="a bag", by=by, at=at, reason=reason.strip())
    record(session, bag, "put a bag in quarantine", by=by, at=at, reason=reason.strip(), serial=bag.serial)
    return bag


def destroy_bag(session: Session, bag: Bag, *, reason: str, by: Person, at: datetime) -> Bag:
    """Record that a bag was destroyed at the pharmacy: one that was released, rejected or returned.

    Refuses a bag of a recall, which a witness sees destroyed.
    """
    ensure_may(by.role, Permission.RELEASE_BAGS)
    ensure_reason(reason)
    if bag.status not in DESTROYED_HERE:
        raise Refusal(f"{name_bag(bag)} is {say(bag.status)}; it is not destroyed here.")
    if lot := find_recalled_lot(bag):
        raise Refusal(
            f"Lot {lot.number} of {lot.product.name}, which is in {name_bag(bag)}, is recalled."
            " Destroy it from the recall, before a witness."
        )
    move(session, bag, BAG_MOVES, BagStatus.DESTROYED, what="a bag", by=by, at=at, reason=reason.strip())
    void_papers(session, bag, because=f"the bag was destroyed: {reason.strip()}", by=by, at=at)
    record(session, bag, "destroyed a bag", by=by, at=at, reason=reason.strip(), serial=bag.serial)
    return bag
