"""Open a recall by signature: its lots are recalled and all that is still here is held back at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import sign
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import begin_life, record
from pharmacy.compounding.actions import hold_recalled_bag
from pharmacy.compounding.models import Bag
from pharmacy.delivery.actions import take_out_of_box
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.recall import RecallUrgency
from pharmacy.domain.statuses import BagStatus, LotStatus, RecallStatus
from pharmacy.inventory.actions import recall_lot
from pharmacy.inventory.models import Lot
from pharmacy.trace.models import Recall, RecalledLot, RecallSource
from pharmacy.trace.queries import list_reached_bags, list_recalls_of_lots

OPENING_MEANING = "Opening of a recall: its lots are recalled and what is here is held back"
DRILL_MEANING = "Opening of a recall drill: nothing is moved and nobody is called"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallEntry:
    """Hold why lots are recalled, where that comes from, how urgent it is, and what is to be done."""

    is_drill: bool
    source: RecallSource
    urgency: RecallUrgency
    reference: str
    reason: str
    instructions: str


def open_recall(
    session: Session, lots: Sequence[Lot], entry: RecallEntry, *, password: str, by: Person, at: datetime
) -> Recall:
    """Open a recall of lots, or a drill, by signing what it says and which bags it reaches now.

    A drill moves nothing. Refuses a lot of another site and one whose recall is open already.
    """
    ensure_may(by.role, Permission.MANAGE_RECALLS)
    _ensure_entry(entry)
    _ensure_lots(session, lots, entry, by=by)
    recall = Recall(
        site_id=by.site_id,
        is_drill=entry.is_drill,
        status=RecallStatus.OPEN,
        source=entry.source,
        urgency=entry.urgency,
        reference=entry.reference.strip(),
        reason=entry.reason.strip(),
        instructions=entry.instructions.strip(),
        opened_by=by,
        opened_at=at,
        lots=[RecalledLot(lot=lot) for lot in lots],
    )
    session.add(recall)
    begin_life(session, recall, by=by, at=at)
    bags = list_reached_bags(session, [lot.id for lot in lots])
    recall.opening = sign(
        session, recall, meaning=DRILL_MEANING if entry.is_drill else OPENING_MEANING,
        content=_content(recall, bags), password=password, by=by, at=at,
    )  # fmt: skip
    held = [] if recall.is_drill else _hold_what_is_here(session, recall, bags, by=by, at=at)
    record(session, recall, f"opened {'a recall drill' if recall.is_drill else 'a recall'}", by=by, at=at,
           reason=recall.reason, lots=[[one.lot.product.name, one.lot.number] for one in recall.lots],
           source=recall.source.value, urgency=recall.urgency.value, bags=len(bags), held=held,
           digest=recall.opening.digest)  # fmt: skip
    return recall


def _ensure_entry(entry: RecallEntry) -> None:
    ensure_reason(entry.reason)
    if not entry.instructions.strip():
        raise InvalidInput("Enter what is to be done with the bags.", field="instructions")


def _ensure_lots(session: Session, lots: Sequence[Lot], entry: RecallEntry, *, by: Person) -> None:
    if not lots:
        raise InvalidInput("Name the lot that is recalled.", field="lot")
    if len({lot.id for lot in lots}) != len(lots) or any(lot.site_id != by.site_id for lot in lots):
        raise InvalidInput("Name each lot of this site once.", field="lot")
    if entry.is_drill:
        return
    for recall in list_recalls_of_lots(session, [lot.id for lot in lots]):
        if recall.status is RecallStatus.OPEN:
            raise Refusal(f"{recall.name} of {recall.lot_names} is open already; go on with that.")


def _content(recall: Recall, bags: Sequence[Bag]) -> dict[str, Any]:
    """Return all that the opening signs."""
    return {
        "drill": recall.is_drill,
        "source": recall.source.value,
        "urgency": recall.urgency.value,
        "reference": recall.reference,
        "reason": recall.reason,
        "instructions": recall.instructions,
        "lots": [[one.lot.product.name, one.lot.number, one.lot.expiry] for one in recall.lots],
        "bags": [[bag.serial, bag.status.value] for bag in bags],
        "opened": [recall.opened_at, recall.opened_by.name],
    }


def _hold_what_is_here(
    session: Session, recall: Recall, bags: Sequence[Bag], *, by: Person, at: datetime
) -> list[str]:
    """Recall the lots and hold back every bag that has not left; returns the serials of those held."""
    reason = f"{recall.name}: {recall.reason}"
    for one in recall.lots:
        if one.lot.status is not LotStatus.RECALLED:
            recall_lot(session, one.lot, reason=reason, by=by, at=at)
    held = []
    for bag in bags:
        if bag.status is BagStatus.PACKED:
            take_out_of_box(session, bag, reason=reason, by=by, at=at)
        if hold_recalled_bag(session, bag, reason=reason, by=by, at=at):
            held.append(bag.serial)
    return held
