"""Reads of the audit record."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pharmacy.audit.chain import Head
from pharmacy.audit.models import AuditEntry, AuditHead, ChartRead, Refusal, StatusChange
from pharmacy.domain.errors import NotFound

PAGE = 50


def iterate_entries(session: Session) -> Iterator[AuditEntry]:
    """Walk all entries in order, without holding them all in memory."""
    number = 0
    while True:
        some = session.scalars(
            select(AuditEntry).where(AuditEntry.number > number).order_by(AuditEntry.number).limit(1000)
        ).all()
        if not some:
            return
        yield from some
        number = some[-1].number


def get_head(session: Session) -> Head:
    """Return the head of the chain."""
    head = session.get(AuditHead, 1)
    if head is None:
        raise NotFound("The audit record has no head; the database is not complete.")
    return Head(head.number, head.seal)


def list_entries(session: Session, *, site_id: int, page: int) -> list[AuditEntry]:
    """List a page of the newest entries of a site."""
    return list(
        session.scalars(
            select(AuditEntry)
            .where(AuditEntry.site_id == site_id)
            .order_by(AuditEntry.number.desc())
            .offset((page - 1) * PAGE)
            .limit(PAGE + 1)
        )
    )


def list_refusals(session: Session, *, site_id: int, page: int) -> list[Refusal]:
    """List a page of the newest refusals of a site."""
    return list(
        session.scalars(
            select(Refusal)
            .where(Refusal.site_id == site_id)
            .order_by(Refusal.id.desc())
            .offset((page - 1) * PAGE)
            .limit(PAGE + 1)
        )
    )


def list_history(session: Session, record_type: str, record_id: int) -> list[StatusChange]:
    """List the moves of one record, oldest first."""
    return list(
        session.scalars(
            select(StatusChange)
            .where(StatusChange.record_type == record_type, StatusChange.record_id == record_id)
            .order_by(StatusChange.id)
        )
    )


def count_reads(session: Session, patient_id: int) -> int:
    """Count the looks at a patient's chart."""
    return (
        session.scalar(select(func.count()).select_from(ChartRead).where(ChartRead.patient_id == patient_id))
        or 0
    )
