"""Send a bag back to the bench for what can be mended from outside, and record that it was done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.attachments.actions import attach
from pharmacy.audit.actions import move, record
from pharmacy.compounding.models import Bag, Rework
from pharmacy.compounding.queries import TO_MEND, find_label_in_use, find_open_rework, name_bag
from pharmacy.domain.bag_release import ReworkKind
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.file_kinds import KeptFile
from pharmacy.domain.lifecycle import say
from pharmacy.domain.statuses import BAG_MOVES, BagStatus


def send_to_rework(
    session: Session, bag: Bag, *, kind: ReworkKind, to_do: str, by: Person, at: datetime
) -> Rework:
    """Send a bag to the bench; who inspects it has asked the rule whether it may be mended."""
    rework = Rework(kind=kind, to_do=to_do.strip(), asked_by=by, asked_at=at)
    bag.reworks.append(rework)
    move(session, bag, BAG_MOVES, BagStatus.REWORK, what="a bag", by=by, at=at, reason=rework.to_do)
    record(session, bag, "sent a bag to rework", by=by, at=at, reason=rework.to_do, serial=bag.serial,
           what=kind.value)  # fmt: skip
    return rework


def finish_rework(
    session: Session, bag: Bag, *, note: str, photo: KeptFile | None, by: Person, at: datetime
) -> Rework:
    """Record what was done at the bench, or why it could not be; the bag is then inspected again.

    One that was put in quarantine meanwhile stays there until that is settled.
    Refuses a new label that was not scanned on the bag, and a photo that is not there.
    """
    ensure_may(by.role, Permission.COMPOUND)
    rework = find_open_rework(bag)
    if bag.status not in TO_MEND or rework is None:
        raise Refusal(f"{name_bag(bag)} is {say(bag.status)}; it has no rework to be done.")
    if not note.strip():
        raise InvalidInput("Enter what was done, or why it could not be.", field="note")
    if rework.kind is ReworkKind.LABEL:
        _ensure_new_label(bag, rework)
    if rework.kind is ReworkKind.PHOTO and photo is None:
        raise InvalidInput("Take the photo of the finished bag, or choose it.", field="photo")
    if photo is not None:
        what = f"finished bag {bag.serial}, rework"
        rework.photo = attach(session, photo, what=what, patient_id=bag.patient_id, by=by, at=at)
    rework.done_by, rework.done_at, rework.done_note = by, at, note.strip()
    if bag.status is BagStatus.REWORK:
        move(session, bag, BAG_MOVES, BagStatus.MADE, what="a bag", by=by, at=at, reason=rework.done_note)
    record(session, bag, "did the rework of a bag", by=by, at=at, reason=rework.done_note,
           serial=bag.serial, what=rework.kind.value)  # fmt: skip
    return rework


def _ensure_new_label(bag: Bag, rework: Rework) -> None:
    copy = find_label_in_use(bag)
    if copy is None or copy.applied_at is None or copy.applied_at <= rework.asked_at:
        raise Refusal(
            f"{name_bag(bag)} bears no new label. Print its label again, put it on and scan it there; then"
            " record the rework."
        )
