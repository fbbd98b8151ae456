"""Settle a quarantine: a bag is inspected again, and released or rejected by signature (domain.md 2.4)."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import sign
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import record
from pharmacy.compounding.actions.release import (
    add_inspection,
    close_once_signed,
    decide,
    ensure_not_own_work,
    ensure_order_holds,
)
from pharmacy.compounding.models import Bag
from pharmacy.compounding.queries import bag_content, list_holding, name_bag, read_standing
from pharmacy.domain.bag_release import InspectionOutcome, Seen, ensure_outcome, find_obstacles_to_leaving
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.lifecycle import say
from pharmacy.domain.statuses import BagStatus

SETTLE_MEANINGS = {
    InspectionOutcome.PASS: "Release of a bag from quarantine",
    InspectionOutcome.REJECT: "Rejection of a bag in quarantine",
}


def settle_quarantine(
    session: Session,
    bag: Bag,
    *,
    no_particles: bool,
    colour_right: bool,
    closure_intact: bool,
    label_matches: bool,
    outcome: InspectionOutcome,
    reason: str,
    password: str,
    by: Person,
    at: datetime,
) -> Bag:
    """Release or reject a bag in quarantine, by signature, after it was inspected again and with the reason.

    The last bag that is decided on closes the worksheet. Refuses while an open deviation holds the bag, and
    before the worksheet's release is signed.
    """
    ensure_may(by.role, Permission.RELEASE_BAGS)
    ensure_not_own_work(bag.worksheet, by)
    if bag.status is not BagStatus.QUARANTINED:
        raise Refusal(f"{name_bag(bag)} is {say(bag.status)}, not in quarantine.")
    _ensure_released_or_rejected(bag, outcome)
    if not reason.strip():
        raise InvalidInput("Enter what was found and why you decide so.", field="reason")
    seen = Seen(no_particles=no_particles, colour_right=colour_right, closure_intact=closure_intact,
                label_matches=label_matches)  # fmt: skip
    ensure_outcome(seen, outcome, reason=reason)
    if outcome is InspectionOutcome.PASS:
        _ensure_may_leave(session, bag, at=at)
    content = bag_content(bag) | asdict(seen) | {"outcome": outcome.value, "reason": reason.strip()}
    signature = sign(session, bag, meaning=SETTLE_MEANINGS[outcome], content=content,
                     password=password, by=by, at=at)  # fmt: skip
    add_inspection(session, bag, seen, outcome, reason=reason, by=by, at=at)
    decide(session, bag, outcome, by=by, at=at)
    record(session, bag, "settled a quarantine", by=by, at=at, reason=reason.strip(), serial=bag.serial,
           outcome=outcome.value, digest=signature.digest)  # fmt: skip
    close_once_signed(session, bag.worksheet, by=by, at=at)
    return bag


def _ensure_released_or_rejected(bag: Bag, outcome: InspectionOutcome) -> None:
    if bag.worksheet.release is None:
        raise Refusal(
            f"Sign the release of worksheet {bag.worksheet.serial} first; this bag stays aside in it."
        )
    if outcome not in SETTLE_MEANINGS:
        raise InvalidInput("Release the bag or reject it; it is in quarantine already.", field="outcome")


def _ensure_may_leave(session: Session, bag: Bag, *, at: datetime) -> None:
    """Refuse a bag that is being inspected now and cannot leave whatever is seen of it."""
    version = ensure_order_holds(session, bag.order_version, at=at)
    standing = replace(read_standing(bag, version, list_holding(session, bag.worksheet)), inspected_at=at)
    obstacles = list(find_obstacles_to_leaving(standing, at=at))
    if obstacles:
        raise Refusal(" ".join(obstacles))
