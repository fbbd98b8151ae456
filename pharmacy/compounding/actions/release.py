"""Inspect bags, and decide on all of them by signature (domain.md 2.4, 4.2)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import ensure_other_person, sign
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import move, record
from pharmacy.audit.chain import digest
from pharmacy.compounding.actions.addenda import keep_signed_record
from pharmacy.compounding.actions.papers import void_papers
from pharmacy.compounding.actions.rework import send_to_rework
from pharmacy.compounding.models import Bag, Inspection, Worksheet
from pharmacy.compounding.queries import (
    get_labelled_version,
    list_compounders,
    name_bag,
    read_standings,
    reconcile_worksheet,
    release_content,
)
from pharmacy.domain.bag_release import (
    InspectionOutcome,
    ReworkKind,
    Seen,
    count_bags,
    ensure_outcome,
    find_obstacles,
)
from pharmacy.domain.errors import Refusal
from pharmacy.domain.lifecycle import say
from pharmacy.domain.statuses import BAG_MOVES, WORKSHEET_MOVES, BagStatus, WorksheetStatus
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.prescriptions.queries import ensure_no_blocking_task

RELEASE_MEANING = "Final verification and release: bags, labels and records compared with the order"
_BECOMES = {
    InspectionOutcome.PASS: BagStatus.RELEASED,
    InspectionOutcome.REJECT: BagStatus.REJECTED,
    InspectionOutcome.QUARANTINE: BagStatus.QUARANTINED,
}
OWN_WORK = "You compounded on this worksheet; a pharmacist who did not inspects and releases its bags."


def inspect_bag(
    session: Session,
    bag: Bag,
    *,
    no_particles: bool,
    colour_right: bool,
    closure_intact: bool,
    label_matches: bool,
    outcome: InspectionOutcome,
    reason: str,
    rework: ReworkKind | None = None,
    by: Person,
    at: datetime,
) -> Inspection:
    """Record what a pharmacist saw on a bag and whether it passes; the last inspection counts.

    A bag for rework goes back to the bench at once, with what is to be mended; its reason says what to do.
    Refuses who compounded on the worksheet, a pass with something not confirmed, all else without a reason,
    and the rework of a doubtful content.
    """
    ensure_may(by.role, Permission.RELEASE_BAGS)
    ensure_not_own_work(bag.worksheet, by)
    if bag.worksheet.status is not WorksheetStatus.AWAITING_RELEASE:
        raise Refusal(f"Bags are inspected when preparation is finished; it is {say(bag.worksheet.status)}.")
    if bag.status is not BagStatus.MADE:
        raise Refusal(f"{name_bag(bag)} is {say(bag.status)}; only a bag that is made is inspected here.")
    seen = Seen(no_particles=no_particles, colour_right=colour_right, closure_intact=closure_intact,
                label_matches=label_matches)  # fmt: skip
    ensure_outcome(seen, outcome, reason=reason, rework=rework)
    inspection = add_inspection(session, bag, seen, outcome, reason=reason, by=by, at=at)
    if outcome is InspectionOutcome.REWORK and rework is not None:
        send_to_rework(session, bag, kind=rework, to_do=reason, by=by, at=at)
    return inspection


def add_inspection(
    session: Session,
    bag: Bag,
    seen: Seen,
    outcome: InspectionOutcome,
    *,
    reason: str,
    by: Person,
    at: datetime,
) -> Inspection:
    """Keep what was seen on a bag; the caller has asked the rule and the person's right."""
    inspection = Inspection(
        no_particles=seen.no_particles,
        colour_right=seen.colour_right,
        closure_intact=seen.closure_intact,
        label_matches=seen.label_matches,
        outcome=outcome,
        reason=reason.strip() or None,
        person=by,
        at=at,
    )
    bag.inspections.append(inspection)
    record(session, inspection, "inspected a bag", by=by, at=at, reason=inspection.reason,
           serial=bag.serial, outcome=outcome.value, no_particles=seen.no_particles,
           colour_right=seen.colour_right, closure_intact=seen.closure_intact,
           label_matches=seen.label_matches)  # fmt: skip
    return inspection


def release_worksheet(
    session: Session, worksheet: Worksheet, *, password: str, by: Person, at: datetime
) -> Worksheet:
    """Decide on all bags by one signature: those that passed are released, the others rejected or set aside.

    Refuses who compounded, a count that does not close, a label that no longer holds, a bag past its
    beyond-use date, and an order that no longer holds while a bag is to be released. A bag in quarantine
    keeps the worksheet open until it is decided on.
    """
    ensure_may(by.role, Permission.RELEASE_BAGS)
    if worksheet.status is not WorksheetStatus.AWAITING_RELEASE:
        raise Refusal(f"Bags are released when preparation is finished; it is {say(worksheet.status)}.")
    ensure_not_own_work(worksheet, by)
    waiting = [bag for bag in worksheet.bags if bag.status is BagStatus.MADE]
    if worksheet.release is not None:
        raise Refusal("All bags of this worksheet are decided on, but for those in quarantine.")
    outcomes = {bag.id: bag.inspections[-1].outcome for bag in waiting if bag.inspections}
    if InspectionOutcome.PASS in outcomes.values():
        ensure_order_holds(session, worksheet.order_version, at=at)
    ensure_nothing_in_the_way(session, worksheet, at=at)
    worksheet.release = sign(session, worksheet, meaning=RELEASE_MEANING, content=release_content(worksheet),
                             password=password, by=by, at=at)  # fmt: skip
    kept = keep_signed_record(session, worksheet, at=at)
    for bag in waiting:
        decide(session, bag, outcomes[bag.id], by=by, at=at)
    tally = count_bags(read_standings(session, worksheet, at=at))
    record(session, worksheet, "released a worksheet", by=by, at=at, serial=worksheet.serial,
           count=tally.say(decided=True), digest=worksheet.release.digest,
           record=kept.digest)  # fmt: skip
    close_when_counted(session, worksheet, by=by, at=at)
    return worksheet


def ensure_nothing_in_the_way(session: Session, worksheet: Worksheet, *, at: datetime) -> None:
    """Refuse with everything that is missing before the bags can be decided on."""
    standings = read_standings(session, worksheet, at=at)
    obstacles = find_obstacles(standings, at=at) or reconcile_worksheet(worksheet).list_open_ends()
    if obstacles:
        said = count_bags(standings).say(decided=False)
        raise Refusal(" ".join(["It does not close.", *obstacles, said]))


def ensure_page_holds(worksheet: Worksheet, *, seen: str) -> None:
    """Refuse to sign from a page that no longer shows what is on record; `seen` is its digest."""
    if digest_of_page(worksheet) != seen:
        raise Refusal("Something was recorded on this worksheet while you read. Read it again, then sign.")


def digest_of_page(worksheet: Worksheet) -> str:
    """Return the digest of what the release page shows."""
    return digest(release_content(worksheet))


def ensure_order_holds(
    session: Session, made_for: OrderVersion | None, *, at: datetime
) -> OrderVersion | None:
    """Refuse a release under an order that does not hold, or while its change asks for something first.

    Bags for stock are compared with their formula; no order is asked.
    """
    if made_for is None:
        return None
    instead = "Its bags cannot be released: record each as rejected or as quarantined."
    try:
        version = get_labelled_version(session, made_for, at=at)
        if version.id != made_for.id:
            ensure_no_blocking_task(session, version.order_id)
    except Refusal as refusal:
        raise Refusal(f"{refusal.sentence} {instead}") from None
    return version


def decide(session: Session, bag: Bag, outcome: InspectionOutcome, *, by: Person, at: datetime) -> None:
    """Move a bag to what was decided on it, with the reason of its last inspection."""
    reason = bag.inspections[-1].reason
    move(session, bag, BAG_MOVES, _BECOMES[outcome], what="a bag", by=by, at=at, reason=reason)
    record(session, bag, f"decided: {say(bag.status)}", by=by, at=at, reason=reason, serial=bag.serial)
    if outcome is InspectionOutcome.REJECT:
        void_papers(session, bag, because=f"the bag was rejected: {reason}", by=by, at=at)


def reject_unseen(session: Session, bag: Bag, *, reason: str, by: Person, at: datetime) -> None:
    """Reject a bag as it stands: nothing of it is confirmed, so that the count of its worksheet can close."""
    nothing = Seen(no_particles=False, colour_right=False, closure_intact=False, label_matches=False)
    add_inspection(session, bag, nothing, InspectionOutcome.REJECT, reason=reason, by=by, at=at)
    move(session, bag, BAG_MOVES, BagStatus.REJECTED, what="a bag", by=by, at=at, reason=reason)


def close_once_signed(session: Session, worksheet: Worksheet, *, by: Person, at: datetime) -> None:
    """Close a worksheet whose release is signed, when the last bag that was set aside is decided on."""
    if worksheet.status is WorksheetStatus.AWAITING_RELEASE and worksheet.release is not None:
        close_when_counted(session, worksheet, by=by, at=at)


def close_when_counted(session: Session, worksheet: Worksheet, *, by: Person, at: datetime) -> None:
    """Close a worksheet once every bag that was made is released or rejected."""
    tally = count_bags(read_standings(session, worksheet, at=at))
    if not tally.closes:
        return
    worksheet.closed_at = at
    move(session, worksheet, WORKSHEET_MOVES, WorksheetStatus.CLOSED, what="a worksheet", by=by, at=at)
    record(session, worksheet, "closed a worksheet", by=by, at=at, serial=worksheet.serial,
           count=tally.say(decided=True))  # fmt: skip


def ensure_not_own_work(worksheet: Worksheet, by: Person) -> None:
    """Refuse who compounded on a worksheet."""
    ensure_other_person(by, *list_compounders(worksheet), sentence=OWN_WORK)
