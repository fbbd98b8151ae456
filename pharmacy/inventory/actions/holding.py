"""Hold lots back: quarantine, its lifting, and recall."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import move, record
from pharmacy.domain.statuses import LOT_MOVES, LotStatus
from pharmacy.inventory.actions.stock import ensure_reason
from pharmacy.inventory.models import Lot


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
