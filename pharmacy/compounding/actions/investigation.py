"""Investigate a deviation, decide what becomes of its bags, and close it by signature (domain.md 2.4)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import sign, sign_as_witness
from pharmacy.accounts.models import Person, Signature
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import move, record
from pharmacy.compounding.actions.papers import void_papers
from pharmacy.compounding.actions.release import close_once_signed, ensure_not_own_work, reject_unseen
from pharmacy.compounding.models import Deviation, DeviationBag
from pharmacy.compounding.queries import deviation_content, list_affected, may_close_this
from pharmacy.domain.deviations import Disposition, find_open_ends
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.lifecycle import ensure_move, say
from pharmacy.domain.statuses import BAG_MOVES, DEVIATION_MOVES, BagStatus, DeviationStatus

CLOSING_MEANING = "Closing of a deviation: investigation, disposition and actions are complete"
WITNESS_MEANING = "Witness of the destruction of a bag"
_ASKED = {
    "cause": "what caused it, or that it is not known",
    "others_affected": "which other bags or lots were looked at, and whether they are affected",
    "findings": "what was found",
    "corrective_action": "what corrects it",
    "preventive_action": "what prevents it from now on",
}


def investigate(
    session: Session,
    deviation: Deviation,
    *,
    cause: str,
    others_affected: str,
    findings: str,
    corrective_action: str,
    preventive_action: str,
    by: Person,
    at: datetime,
) -> Deviation:
    """Record the investigation of a deviation whole; what is learned later is a note."""
    ensure_may(by.role, Permission.SETTLE_DEVIATIONS)
    ensure_move(DEVIATION_MOVES, deviation.status, DeviationStatus.INVESTIGATED, what="a deviation")
    told = {"cause": cause, "others_affected": others_affected, "findings": findings,
            "corrective_action": corrective_action, "preventive_action": preventive_action}  # fmt: skip
    for name, text in told.items():
        if not text.strip():
            raise InvalidInput(f"Enter {_ASKED[name]}.", field=name)
    for name, text in told.items():
        setattr(deviation, name, text.strip())
    deviation.investigated_by, deviation.investigated_at = by, at
    move(session, deviation, DEVIATION_MOVES, DeviationStatus.INVESTIGATED, what="a deviation", by=by, at=at)
    record(session, deviation, "investigated a deviation", by=by, at=at, serial=deviation.serial,
           **{name: text.strip() for name, text in told.items()})  # fmt: skip
    return deviation


def allow_release(
    session: Session, affected: DeviationBag, *, reason: str, by: Person, at: datetime
) -> DeviationBag:
    """Decide that a bag in quarantine may be released once the deviation is closed, with the reason.

    It stays in quarantine until a pharmacist inspects it again and signs its release.
    """
    ensure_may(by.role, Permission.SETTLE_DEVIATIONS)
    _ensure_undecided(affected, reason)
    if affected.deviation.investigated_at is None:
        raise Refusal("Record the investigation first; a bag is released on what it found.")
    ensure_not_own_work(affected.bag.worksheet, by)
    return _decide(session, affected, Disposition.RELEASE, reason=reason, witness=None, by=by, at=at)


def destroy_affected(
    session: Session,
    affected: DeviationBag,
    *,
    reason: str,
    witness: Person,
    witness_password: str,
    by: Person,
    at: datetime,
) -> DeviationBag:
    """Record that a bag in quarantine was destroyed, with the reason and the signature of who saw it."""
    ensure_may(by.role, Permission.SETTLE_DEVIATIONS)
    _ensure_undecided(affected, reason)
    ensure_may(witness.role, Permission.COMPOUND)
    if witness.id == by.id:
        raise Refusal("You cannot witness your own act; somebody else does.", field="witness")
    bag = affected.bag
    content = {"deviation": affected.deviation.serial, "bag": bag.serial, "reason": reason.strip()}
    seen = sign_as_witness(session, affected, meaning=WITNESS_MEANING, content=content,
                           password=witness_password, witness=witness, at=at)  # fmt: skip
    _decide(session, affected, Disposition.DESTROYED, reason=reason, witness=seen, by=by, at=at)
    reject_unseen(session, bag, reason=reason.strip(), by=by, at=at)
    move(session, bag, BAG_MOVES, BagStatus.DESTROYED, what="a bag", by=by, at=at, reason=reason.strip())
    void_papers(session, bag, because=f"the bag was destroyed: {reason.strip()}", by=by, at=at)
    record(session, bag, "destroyed a bag", by=by, at=at, reason=reason.strip(), serial=bag.serial,
           witness=witness.name, deviation=affected.deviation.serial)  # fmt: skip
    close_once_signed(session, bag.worksheet, by=by, at=at)
    return affected


def _ensure_undecided(affected: DeviationBag, reason: str) -> None:
    bag, deviation = affected.bag, affected.deviation
    if deviation.status is DeviationStatus.CLOSED:
        raise Refusal(f"Deviation {deviation.serial} is closed.")
    if affected.disposition is not None:
        raise Refusal(f"Bag {bag.serial} is decided on already.")
    if bag.status is not BagStatus.QUARANTINED:
        raise Refusal(f"Bag {bag.serial} is {say(bag.status)}; what is in quarantine is decided on here.")
    if not reason.strip():
        raise InvalidInput("Enter why you decide so.", field="reason")


def _decide(
    session: Session,
    affected: DeviationBag,
    disposition: Disposition,
    *,
    reason: str,
    witness: Signature | None,
    by: Person,
    at: datetime,
) -> DeviationBag:
    affected.disposition, affected.reason = disposition, reason.strip()
    affected.decided_by, affected.decided_at, affected.witness = by, at, witness
    record(session, affected, f"decided on a bag of a deviation: {disposition.value}", by=by, at=at,
           reason=affected.reason, serial=affected.bag.serial,
           deviation=affected.deviation.serial)  # fmt: skip
    return affected


def close_deviation(
    session: Session, deviation: Deviation, *, password: str, by: Person, at: datetime
) -> Deviation:
    """Close a deviation by signature, when nothing of it is left to decide; not by who opened it."""
    ensure_may(by.role, Permission.SETTLE_DEVIATIONS)
    if not may_close_this(session, deviation, by=by):
        raise Refusal("You opened this deviation; another pharmacist closes it.")
    investigated = deviation.investigated_at is not None
    if open_ends := find_open_ends(list_affected(deviation), investigated=investigated):
        raise Refusal(" ".join(open_ends))
    ensure_move(DEVIATION_MOVES, deviation.status, DeviationStatus.CLOSED, what="a deviation")
    signature = sign(session, deviation, meaning=CLOSING_MEANING, content=deviation_content(deviation),
                     password=password, by=by, at=at)  # fmt: skip
    move(session, deviation, DEVIATION_MOVES, DeviationStatus.CLOSED, what="a deviation", by=by, at=at)
    deviation.closing, deviation.closed_at = signature, at
    record(session, deviation, "closed a deviation", by=by, at=at, serial=deviation.serial,
           digest=signature.digest)  # fmt: skip
    return deviation
