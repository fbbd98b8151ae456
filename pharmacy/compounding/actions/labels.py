"""Print the labels of bags, count each copy, and record by a scan that a label is on its bag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import record
from pharmacy.compounding.models import Bag, BagLabelCopy, Worksheet
from pharmacy.compounding.queries import (
    find_label_in_use,
    get_labelled_version,
    has_patients_label,
    name_bag,
)
from pharmacy.domain.errors import Refusal, ScanRefused
from pharmacy.domain.interception import Cause, Reading
from pharmacy.domain.lifecycle import say
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.statuses import BagStatus, WorksheetStatus
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.printing.actions import PaperMark, print_paper, replace_paper
from pharmacy.printing.models import PrintedPaper
from pharmacy.printing.queries import count_copies
from pharmacy.scanning import read_bag_serial, reading_of

LABELS, LABEL = "bag labels", "bag label"
_STARTED = (WorksheetStatus.IN_PREPARATION, WorksheetStatus.AWAITING_RELEASE)
_TO_LABEL = (BagStatus.PLANNED, BagStatus.MADE, BagStatus.REWORK)
# A bag that has left is labelled by nobody here any more.
_AT_THE_PHARMACY = (*_TO_LABEL, BagStatus.QUARANTINED, BagStatus.RELEASED, BagStatus.PACKED)
_RELEASED = (BagStatus.RELEASED, BagStatus.PACKED)


@dataclass(frozen=True)
class LabelToPrint:
    """Hold a bag whose label is printed, which copy of it this is, and the date that it says."""

    bag: Bag
    copy_number: int
    beyond_use_at: datetime


class LabelPress(Protocol):
    """Draw labels, and say in lines what one says; `documents.LabelSheet` does both."""

    def draw(self, mark: PaperMark, to_print: Sequence[LabelToPrint]) -> bytes:
        """Draw one label for each bag, in the order given."""

    def say(self, one: LabelToPrint) -> str:
        """Write what a label says, line by line."""


def print_bag_labels(
    session: Session, worksheet: Worksheet, *, press: LabelPress, reason: str | None, by: Person, at: datetime
) -> PrintedPaper:
    """Print the labels of all bags of a worksheet at once; `press` draws them.

    Refuses before preparation has started, while no order holds for the bags, and a second print without a
    reason. Copies that were in use are destroyed with it.
    """
    ensure_may(by.role, Permission.PRINT_LABELS)
    if worksheet.status not in _STARTED:
        raise Refusal(
            f"A worksheet that is {say(worksheet.status)} gets no labels: they are printed once a pharmacist "
            "has checked the worksheet and preparation has started, until it is closed."
        )
    version_id = _find_labelled_version(session, worksheet.order_version, at=at)
    bags = [bag for bag in worksheet.bags if _is_to_be_labelled(bag)]
    if not bags:
        raise Refusal("No bag of this worksheet is to be labelled.")
    to_print = [_next_copy(bag) for bag in bags]
    paper = print_paper(
        session,
        worksheet,
        kind=LABELS,
        render=lambda mark: press.draw(mark, to_print),
        patient_id=worksheet.patient_id,
        order_version_id=version_id,
        reason=(reason or "").strip() or None,
        by=by,
        at=at,
    )
    _keep_copies(session, to_print, paper, press, version_id, by=by, at=at)
    return paper


def _find_labelled_version(session: Session, made_for: OrderVersion | None, *, at: datetime) -> int | None:
    """Find the order version whose directions a label bears; a label of stock bears none."""
    return get_labelled_version(session, made_for, at=at).id if made_for else None


def print_allocated_labels(
    session: Session, subject: Any, bags: Sequence[Bag], *, press: LabelPress, by: Person, at: datetime
) -> PrintedPaper:
    """Print the patient's labels of bags that were allocated from stock, all at once, for what they are for.

    Each covers the stock label, which counts as destroyed. Refuses bags of different orders, and a bag that
    has its patient's label already: another copy is printed singly, with a reason.
    """
    ensure_may(by.role, Permission.PRINT_LABELS)
    bags = [bag for bag in bags if bag.allocation and not has_patients_label(bag)]
    if not bags:
        raise Refusal("Every allocated bag has its patient's label. Print one again from its worksheet.")
    (version_id,) = {_find_labelled_version(session, bag.order_version, at=at) for bag in bags}
    to_print = [_next_copy(bag) for bag in bags]
    before = count_copies(session, LABELS, subject.__tablename__, subject.id)
    paper = print_paper(
        session,
        subject,
        kind=LABELS,
        render=lambda mark: press.draw(mark, to_print),
        patient_id=bags[0].patient_id,
        order_version_id=version_id,
        reason=f"labels of {', '.join(bag.serial for bag in bags)}" if before else None,
        by=by,
        at=at,
    )
    covered = f"covered by the label of {bags[0].get_patient().name}"
    _keep_copies(session, to_print, paper, press, version_id, because=covered, by=by, at=at)
    return paper


def reprint_bag_label(
    session: Session, bag: Bag, *, press: LabelPress, reason: str, by: Person, at: datetime
) -> PrintedPaper:
    """Print the label of one bag again, with the directions of the order that holds now.

    The copy in use counts as destroyed from then on; the new one must be scanned on the bag. Refuses without
    a reason, and for a bag that was never labelled or is no longer at the pharmacy.
    """
    ensure_may(by.role, Permission.PRINT_LABELS)
    ensure_reason(reason)
    if bag.status not in _AT_THE_PHARMACY:
        raise Refusal(f"{name_bag(bag)} is {say(bag.status)}; its label is not printed again.")
    if not bag.labels:
        raise Refusal("Print the labels of the whole worksheet first.")
    version_id = _find_labelled_version(session, bag.order_version, at=at)
    to_print = [_next_copy(bag)]
    paper = print_paper(
        session,
        bag,
        kind=LABEL,
        render=lambda mark: press.draw(mark, to_print),
        patient_id=bag.patient_id,
        order_version_id=version_id,
        reason=reason.strip(),
        by=by,
        at=at,
    )
    _keep_copies(session, to_print, paper, press, version_id, by=by, at=at)
    return paper


def _is_to_be_labelled(bag: Bag) -> bool:
    """Tell whether a bag gets its label with the others; one set aside before the release does too."""
    aside = bag.status is BagStatus.QUARANTINED and bag.worksheet.release is None
    return aside or bag.status in _TO_LABEL


def _next_copy(bag: Bag) -> LabelToPrint:
    if bag.beyond_use_at is None:
        raise Refusal(f"{name_bag(bag)} has no beyond-use date; start preparation first.")
    return LabelToPrint(bag, len(bag.labels) + 1, bag.beyond_use_at)


def _keep_copies(
    session: Session,
    to_print: Sequence[LabelToPrint],
    paper: PrintedPaper,
    press: LabelPress,
    version_id: int | None,
    *,
    because: str = "",
    by: Person,
    at: datetime,
) -> None:
    for one in to_print:
        bag, before = one.bag, find_label_in_use(one.bag)
        if before is not None:
            why = because or f"printed again: {paper.reason}"
            destroy_copy(session, bag, before, because=why, by=by, at=at)
        bag.labels.append(
            BagLabelCopy(
                paper_id=paper.id,
                order_version_id=version_id,
                copy_number=one.copy_number,
                reason=paper.reason,
                said=press.say(one),
                beyond_use_at=one.beyond_use_at,
            )
        )
    session.flush()


def apply_label(
    session: Session, worksheet: Worksheet, raw: str, *, by: Person, at: datetime
) -> BagLabelCopy:
    """Record that a label is on its bag, by the scan of the label there.

    Refuses a code that is no label of this worksheet, a bag that is not made, and a label that was scanned
    already. A new label on a released bag is the pharmacist's, who compares it with the order; that of a bag
    which was allocated from stock is compared in its check.
    """
    ensure_may(by.role, Permission.COMPOUND)
    with reading_of(raw) as seen:
        bag = _get_scanned_bag(worksheet, seen)
        copy = _get_label_to_apply(bag, by=by)
    copy.applied_at, copy.applied_by = at, by
    record(session, copy, "put a label on its bag", by=by, at=at, serial=bag.serial, copy=copy.copy_number)
    return copy


def _get_label_to_apply(bag: Bag, *, by: Person) -> BagLabelCopy:
    name = name_bag(bag)
    if bag.status is BagStatus.PLANNED:
        why = f"{name} is not made yet."
        action = "Label each bag as soon as it is made, one at a time."
        raise ScanRefused(why, action=action, cause=Cause.OUT_OF_TURN)
    if bag.status not in _AT_THE_PHARMACY:
        raise ScanRefused(f"{name} is {say(bag.status)}; no label goes on it.", cause=Cause.OUT_OF_TURN)
    if bag.status in _RELEASED and not (bag.allocation and bag.allocation.check_id is None):
        ensure_may(by.role, Permission.RELEASE_BAGS)
    copy = find_label_in_use(bag)
    if copy is None:
        raise ScanRefused(f"No label of {name} is in use; print one first.", cause=Cause.OUT_OF_TURN)
    if copy.applied:
        raise ScanRefused(f"The label of {name} was scanned on the bag already.", cause=Cause.SCANNED_TWICE)
    return copy


def _get_scanned_bag(worksheet: Worksheet, seen: Reading) -> Bag:
    serial = read_bag_serial(seen)
    for bag in worksheet.bags:
        if bag.serial == serial:
            return bag
    why = f"{serial} is not a bag of worksheet {worksheet.serial}."
    raise ScanRefused(why, action="Stop: find out whose it is.", cause=Cause.WRONG_WORKSHEET)


def destroy_label(session: Session, bag: Bag, *, reason: str, by: Person, at: datetime) -> BagLabelCopy:
    """Record that a label which is on no bag was destroyed, such as that of a bag that was given up."""
    ensure_may(by.role, Permission.PRINT_LABELS)
    ensure_reason(reason)
    copy = find_label_in_use(bag)
    if copy is None:
        raise Refusal(f"No label of {name_bag(bag)} is in use.")
    if copy.applied:
        raise Refusal(f"The label of {name_bag(bag)} is on the bag; print another one instead.")
    destroy_copy(session, bag, copy, because=reason.strip(), by=by, at=at)
    return copy


def destroy_copy(
    session: Session, bag: Bag, copy: BagLabelCopy, *, because: str, by: Person, at: datetime
) -> None:
    """Count a copy of a label as destroyed; the caller has asked who may."""
    copy.destroyed_at, copy.destroyed_because = at, because
    paper = session.get_one(PrintedPaper, copy.paper_id)
    if paper.kind == LABEL and paper.replaced_at is None:
        replace_paper(session, paper, because=f"the label was destroyed: {because}", by=by, at=at)
    record(session, copy, "destroyed a label", by=by, at=at, reason=because,
           serial=bag.serial, copy=copy.copy_number)  # fmt: skip
