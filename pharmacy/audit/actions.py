"""Every way to add to the audit record; nothing here changes or removes what stands."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.audit.chain import canonical, seal
from pharmacy.audit.models import AuditEntry, AuditHead, ChartRead, Refusal, StatusChange
from pharmacy.domain.errors import NotFound
from pharmacy.domain.lifecycle import Moves, ensure_move


def record(
    session: Session,
    subject: Any,
    action: str,
    *,
    by: Person,
    at: datetime,
    reason: str | None = None,
    **details: Any,
) -> AuditEntry:
    """Add an entry about a record to the chain, in the caller's transaction.

    `action` is a verb in the past tense, as "verified the order"; `details` hold old and new values.
    """
    session.flush()
    head = session.get(AuditHead, 1, with_for_update=True)
    if head is None:
        raise NotFound("The audit record has no head; the database is not complete.")
    entry = AuditEntry(
        number=head.number + 1,
        site_id=by.site_id,
        at=at.replace(microsecond=0),
        person_id=by.id,
        person_name=by.name,
        action=action,
        record_type=subject.__tablename__,
        record_id=subject.id,
        reason=reason,
        details=canonical(details),
        previous=head.seal,
    )
    entry.seal = seal(entry, session.info["audit_key"])
    head.number, head.seal = entry.number, entry.seal
    session.add(entry)
    session.flush()
    return entry


def move(
    session: Session,
    subject: Any,
    moves: Moves,
    to: StrEnum,
    *,
    what: str,
    by: Person,
    at: datetime,
    reason: str | None = None,
) -> None:
    """Move a record to another status and keep the move as a row; refuses what the table does not list."""
    ensure_move(moves, subject.status, to, what=what)
    session.flush()
    session.add(
        StatusChange(
            record_type=subject.__tablename__,
            record_id=subject.id,
            from_status=subject.status.value,
            to_status=to.value,
            person_id=by.id,
            at=at,
            reason=reason,
        )
    )
    subject.status = to


def begin_life(session: Session, subject: Any, *, by: Person, at: datetime) -> None:
    """Keep the first status of a new record as a row."""
    session.flush()
    session.add(
        StatusChange(
            record_type=subject.__tablename__,
            record_id=subject.id,
            from_status=None,
            to_status=subject.status.value,
            person_id=by.id,
            at=at,
        )
    )


def record_refusal(
    session: Session,
    *,
    kind: str,
    tried: str,
    sentence: str,
    by: Person | None,
    at: datetime,
) -> None:
    """Keep what was tried and refused, outside the chain and in a transaction of its own."""
    session.add(
        Refusal(
            site_id=by.site_id if by else None,
            at=at,
            person_id=by.id if by else None,
            kind=kind,
            tried=tried,
            sentence=sentence,
        )
    )


def record_read(session: Session, *, patient_id: int, page: str, by: Person, at: datetime) -> None:
    """Keep that somebody looked at a patient's chart."""
    session.add(ChartRead(patient_id=patient_id, person_id=by.id, at=at, page=page))
