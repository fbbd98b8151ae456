"""Hold lots back: quarantine, its lifting, and recall; and correct an expiry that was typed wrongly."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import ensure_other_person
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import move, record
from pharmacy.domain.errors import Refusal
from pharmacy.domain.expiry import parse_expiry
from pharmacy.domain.formatting import day
from pharmacy.domain.interception import Cause
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.statuses import LOT_MOVES, LotStatus
from pharmacy.inventory.actions.stock import ensure_alike
from pharmacy.inventory.models import Lot, ReceiptEntry
from pharmacy.inventory.queries import is_used, list_entries_of_lot
from pharmacy.scanning import read_scan


def quarantine_lot(session: Session, lot: Lot, *, reason: str, by: Person, at: datetime) -> Lot:
    """Hold a lot back: no worksheet may use it until a pharmacist lifts the quarantine."""
    ensure_may(by.role, Permission.QUARANTINE_LOTS)
    ensure_reason(reason)
    move(session, lot, LOT_MOVES, LotStatus.QUARANTINED, what="a lot", by=by, at=at, reason=reason)
    record(session, lot, "put a lot in quarantine", by=by, at=at, reason=reason, lot=lot.number)
    return lot


def lift_quarantine(session: Session, lot: Lot, *, reason: str, by: Person, at: datetime) -> Lot:
    """Let a lot be used again."""
    ensure_may(by.role, Permission.LIFT_QUARANTINE)
    ensure_reason(reason)
    move(session, lot, LOT_MOVES, LotStatus.AVAILABLE, what="a lot", by=by, at=at, reason=reason)
    record(session, lot, "lifted the quarantine of a lot", by=by, at=at, reason=reason, lot=lot.number)
    return lot


def recall_lot(session: Session, lot: Lot, *, reason: str, by: Person, at: datetime) -> Lot:
    """Recall a lot that is available or in quarantine: it is never used or received again."""
    ensure_may(by.role, Permission.LIFT_QUARANTINE)
    ensure_reason(reason)
    move(session, lot, LOT_MOVES, LotStatus.RECALLED, what="a lot", by=by, at=at, reason=reason)
    record(session, lot, "recalled a lot", by=by, at=at, reason=reason, lot=lot.number)
    return lot


def correct_expiry(
    session: Session, lot: Lot, *, expiry: str, expiry_again: str, reason: str, by: Person, at: datetime
) -> Lot:
    """Correct an expiry that was typed wrongly at receiving, before any container of the lot was opened.

    Afterwards it would leave bags with a date that rests on the wrong one; such a lot is quarantined instead.
    Refuses who received the lot, and another expiry than the one that its scanned codes say.
    """
    ensure_may(by.role, Permission.LIFT_QUARANTINE)
    ensure_reason(reason)
    ensure_alike(expiry, expiry_again, "expiry", "expiry_again")
    if is_used(session, lot.id):
        raise Refusal(f"Lot {lot.number} was opened already; put it in quarantine instead.")
    entries = list_entries_of_lot(session, lot.id)
    received_by = [one.person_id for one in entries]
    ensure_other_person(
        by, *received_by, sentence="You received this lot; another pharmacist corrects its expiry."
    )
    was, expiry, zone = lot.expiry, expiry.strip(), ZoneInfo(by.site.time_zone)
    expires_at = parse_expiry(expiry, zone, field="expiry")
    for entry in entries:
        _ensure_not_scanned_otherwise(entry, expires_at, zone)
    lot.expires_at, lot.expiry = expires_at, expiry
    record(session, lot, "corrected the expiry of a lot", by=by, at=at, reason=reason,
           lot=lot.number, was=was, became=expiry)  # fmt: skip
    return lot


def _ensure_not_scanned_otherwise(entry: ReceiptEntry, expires_at: datetime, zone: ZoneInfo) -> None:
    scanned = read_scan(entry.raw).expires if entry.raw else None
    if scanned and parse_expiry(scanned.isoformat(), zone) != expires_at:
        raise Refusal(
            f"The code on a package of lot {entry.lot.number} says that it expires {day(scanned)}.",
            field="expiry",
            cause=Cause.EXPIRY_MISMATCH,
        )
