"""Every way to add to the audit record; nothing here changes or removes what stands."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person, Signature
from pharmacy.audit.chain import canonical, digest_row, seal
from pharmacy.audit.models import AuditEntry, AuditHead, ChartRead, Refusal, StatusChange
from pharmacy.domain.errors import NotFound
from pharmacy.domain.interception import Cause, Reading
from pharmacy.domain.lifecycle import Moves, ensure_move

# Where a session keeps the rows that its next entry seals.
_UNSEALED = "unsealed_rows"


def seal_with_next_entry(session: Session, row: Signature | StatusChange) -> None:
    """Let the next entry of this transaction hold the digest of a signature or a status row."""
    session.info.setdefault(_UNSEALED, []).append(row)


@event.listens_for(Session, "before_commit")
def _leave_nothing_unsealed(session: Session) -> None:
    rows = session.info.get(_UNSEALED)
    if rows:
        by = session.get_one(Person, rows[-1].person_id)
        record(session, rows[-1], "sealed what was left", by=by, at=_instant_of(rows[-1]))


@event.listens_for(Session, "after_soft_rollback")
def _forget_what_was_undone(session: Session, _transaction: Any) -> None:
    if _UNSEALED in session.info:
        session.info[_UNSEALED] = [row for row in session.info[_UNSEALED] if row in session]


def _instant_of(row: Signature | StatusChange) -> datetime:
    return row.signed_at if isinstance(row, Signature) else row.at


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

    `action` is a verb in the past tense, as "verified the order"; `details` hold old and new values. The
    entry also seals the signatures and status rows that were written since the one before.
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
        sealed_rows=canonical(
            [[row.__tablename__, row.id, digest_row(row)] for row in session.info.pop(_UNSEALED, [])]
        ),
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
    _keep_status(session, subject, subject.status.value, to, by=by, at=at, reason=reason)
    subject.status = to


def begin_life(session: Session, subject: Any, *, by: Person, at: datetime) -> None:
    """Keep the first status of a new record as a row."""
    _keep_status(session, subject, None, subject.status, by=by, at=at, reason=None)


def _keep_status(
    session: Session,
    subject: Any,
    was: str | None,
    to: StrEnum,
    *,
    by: Person,
    at: datetime,
    reason: str | None,
) -> None:
    session.flush()
    row = StatusChange(
        record_type=subject.__tablename__,
        record_id=subject.id,
        from_status=was,
        to_status=to.value,
        person_id=by.id,
        at=at,
        reason=reason,
    )
    session.add(row)
    seal_with_next_entry(session, row)


def record_refusal(
    session: Session,
    *,
    kind: str,
    tried: str,
    sentence: str,
    by: Person | None,
    at: datetime,
    cause: Cause | None = None,
    expected: str | None = None,
    reading: Reading | None = None,
    worksheet_id: int | None = None,
    bag_id: int | None = None,
) -> None:
    """Keep what was tried and refused, outside the chain and in a transaction of its own.

    `cause` is what it is counted under, `reading` what was scanned, worksheet and bag what it was for.
    """
    session.add(
        Refusal(
            site_id=by.site_id if by else None,
            at=at,
            person_id=by.id if by else None,
            kind=kind,
            tried=tried,
            sentence=sentence,
            cause=cause,
            expected=expected or None,
            raw=reading.raw if reading else None,
            read_product=reading.product if reading else None,
            read_lot=reading.lot if reading else None,
            read_serial=reading.serial if reading else None,
            worksheet_id=worksheet_id,
            bag_id=bag_id,
        )
    )


def record_read(session: Session, *, patient_id: int, page: str, person_id: int, at: datetime) -> None:
    """Keep that somebody looked at a patient's chart."""
    session.add(ChartRead(patient_id=patient_id, person_id=person_id, at=at, page=page))
