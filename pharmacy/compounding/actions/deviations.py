"""Open a deviation, add to it, and decide what becomes of its bags (domain.md 2.4 and 2.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.attachments.actions import attach
from pharmacy.audit.actions import begin_life, move, record
from pharmacy.compounding.models import (
    Bag,
    Complaint,
    Deviation,
    DeviationBag,
    DeviationLot,
    DeviationNote,
    Worksheet,
)
from pharmacy.compounding.queries import find_concerning
from pharmacy.domain.deviations import DeviationKind, Gravity
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.file_kinds import KeptFile
from pharmacy.domain.statuses import BAG_MOVES, BagStatus, DeviationStatus
from pharmacy.inventory.models import Lot
from pharmacy.printing.actions import next_serial

# A bag in one of these goes into quarantine; one that is packed or at home is fetched by its own way.
_HELD = (BagStatus.MADE, BagStatus.REWORK, BagStatus.RELEASED)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Hold what a person tells of a deviation."""

    kind: DeviationKind
    gravity: Gravity
    happened_at: datetime
    what: str
    immediate_action: str


def open_deviation(
    session: Session,
    event: Event,
    *,
    worksheet: Worksheet | None,
    bags: Sequence[Bag],
    lots: Sequence[Lot],
    complaint: Complaint | None = None,
    by: Person,
    at: datetime,
) -> Deviation:
    """Open a deviation and put the bags that it concerns into quarantine; its lots are only named.

    Without bags, it holds back every bag of its worksheet.
    """
    ensure_may(by.role, Permission.REPORT_DEVIATIONS)
    _ensure_told(event, at=at)
    _ensure_of_worksheet(worksheet, bags, field="bags")
    deviation = Deviation(
        site_id=by.site_id,
        serial=next_serial(session, Deviation, "V"),
        status=DeviationStatus.OPEN,
        kind=event.kind,
        gravity=event.gravity,
        happened_at=event.happened_at,
        what=event.what.strip(),
        immediate_action=event.immediate_action.strip(),
        worksheet=worksheet,
        complaint=complaint,
        opened_by=by,
        opened_at=at,
    )
    session.add(deviation)
    begin_life(session, deviation, by=by, at=at)
    for bag in bags:
        _concern_bag(session, deviation, bag, by=by, at=at)
    deviation.lots.extend(DeviationLot(lot=lot) for lot in lots)
    record(session, deviation, "opened a deviation", by=by, at=at, reason=deviation.what,
           serial=deviation.serial, kind=event.kind.value, gravity=event.gravity.value,
           worksheet=worksheet.serial if worksheet else None, bags=[bag.serial for bag in bags],
           lots=[lot.number for lot in lots])  # fmt: skip
    return deviation


def _ensure_told(event: Event, *, at: datetime) -> None:
    if not event.what.strip():
        raise InvalidInput("Enter what happened.", field="what")
    if not event.immediate_action.strip():
        raise InvalidInput("Enter what was done at once, or that nothing was.", field="immediate_action")
    if event.happened_at > at:
        raise InvalidInput("This instant has not come yet. Enter when it happened.", field="happened_at")


def _ensure_of_worksheet(worksheet: Worksheet | None, bags: Sequence[Bag], *, field: str) -> None:
    if worksheet is not None and any(bag.worksheet_id != worksheet.id for bag in bags):
        raise InvalidInput(f"Choose bags of worksheet {worksheet.serial} only.", field=field)


def _concern_bag(session: Session, deviation: Deviation, bag: Bag, *, by: Person, at: datetime) -> None:
    deviation.bags.append(DeviationBag(bag=bag))
    if bag.status in _HELD:
        _hold_bag(session, deviation, bag, by=by, at=at)


def _hold_bag(session: Session, deviation: Deviation, bag: Bag, *, by: Person, at: datetime) -> None:
    reason = f"deviation {deviation.serial}: {deviation.what}"
    move(session, bag, BAG_MOVES, BagStatus.QUARANTINED, what="a bag", by=by, at=at, reason=reason)
    record(session, bag, "put a bag in quarantine", by=by, at=at, reason=reason, serial=bag.serial)


def hold_made_bag(session: Session, bag: Bag, *, by: Person, at: datetime) -> None:
    """Put a bag that was just made in quarantine, if an open deviation concerned it before it was."""
    deviation = find_concerning(session, bag)
    if deviation is not None:
        _hold_bag(session, deviation, bag, by=by, at=at)


def extend_deviation(
    session: Session, deviation: Deviation, *, bag: Bag | None, lot: Lot | None, by: Person, at: datetime
) -> Deviation:
    """Add another bag or lot that an open deviation turned out to concern.

    One that holds back its worksheet whole goes on to concern every bag of it by name, not only the added.
    """
    ensure_may(by.role, Permission.REPORT_DEVIATIONS)
    _ensure_open(deviation)
    if bag is not None:
        _ensure_of_worksheet(deviation.worksheet, [bag], field="code")
        if bag.id in {one.bag_id for one in deviation.bags}:
            raise Refusal(f"Bag {bag.serial} is part of this deviation already.", field="code")
        whole = deviation.worksheet.bags if deviation.worksheet and not deviation.bags else [bag]
        for one in whole:
            _concern_bag(session, deviation, one, by=by, at=at)
            record(session, deviation, "added a bag to a deviation", by=by, at=at, serial=one.serial)
    if lot is not None:
        if lot.id in {one.lot_id for one in deviation.lots}:
            raise Refusal(f"Lot {lot.number} is part of this deviation already.", field="code")
        deviation.lots.append(DeviationLot(lot=lot))
        record(session, deviation, "added a lot to a deviation", by=by, at=at, lot=lot.number)
    return deviation


def note_deviation(
    session: Session, deviation: Deviation, *, text: str, file: KeptFile | None, by: Person, at: datetime
) -> DeviationNote:
    """Add a note to a deviation, also after it was closed; none is ever changed."""
    ensure_may(by.role, Permission.REPORT_DEVIATIONS)
    if not text.strip():
        raise InvalidInput("Enter the note.", field="text")
    note = DeviationNote(text=text.strip(), person=by, at=at)
    if file is not None:
        note.attachment = attach(session, file, what=f"deviation {deviation.serial}", by=by, at=at)
    deviation.notes.append(note)
    record(session, note, "noted on a deviation", by=by, at=at, deviation=deviation.serial, text=note.text)
    return note


def _ensure_open(deviation: Deviation) -> None:
    if deviation.status is DeviationStatus.CLOSED:
        raise Refusal(f"Deviation {deviation.serial} is closed; open a new one.")
