"""Reads of the audit record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, lazyload

from pharmacy.accounts.models import Signature
from pharmacy.audit.chain import Head, UnreadableRow, find_break, find_changed_row, read_sealed_rows
from pharmacy.audit.models import AuditEntry, AuditHead, ChartRead, StatusChange
from pharmacy.domain.errors import NotFound

PAGE = 50
_AT_ONCE = 1000
Row = TypeVar("Row", bound=AuditEntry | Signature | StatusChange)


def iterate_entries(session: Session) -> Iterator[AuditEntry]:
    """Walk all entries in order, some at a time; raises UnreadableRow for a damaged one."""
    return _iterate(session, AuditEntry, AuditEntry.number)


def iterate_signatures(session: Session) -> Iterator[Signature]:
    """Walk all signatures in the order of their ids; raises UnreadableRow for a damaged one."""
    return _iterate(session, Signature, Signature.id)


def iterate_status_changes(session: Session) -> Iterator[StatusChange]:
    """Walk all status rows in the order of their ids; raises UnreadableRow for a damaged one."""
    return _iterate(session, StatusChange, StatusChange.id)


def _iterate(session: Session, model: type[Row], key: InstrumentedAttribute[int]) -> Iterator[Row]:
    condition: ColumnElement[bool] = true()
    while True:
        numbers = session.scalars(select(key).where(condition).order_by(key).limit(_AT_ONCE)).all()
        if not numbers:
            return
        yield from _read_block(session, model, key, numbers)
        condition = key > numbers[-1]


def _read_block(
    session: Session, model: type[Row], key: InstrumentedAttribute[int], numbers: Sequence[int]
) -> Sequence[Row]:
    try:
        return _read(session, model, key, numbers[0], numbers[-1])
    except ValueError:
        for number in numbers:
            try:
                _read(session, model, key, number, number)
            except ValueError:
                raise UnreadableRow(number) from None
        raise


def _read(
    session: Session, model: type[Row], key: InstrumentedAttribute[int], first: int, last: int
) -> Sequence[Row]:
    statement = select(model).where(key >= first, key <= last).order_by(key).options(lazyload("*"))
    return session.scalars(statement).all()


def find_any_break(session: Session, *, saved: Head | None = None) -> str | None:
    """Name the first broken record, or the first signature or status row that the chain knows otherwise."""
    key, head = session.info["audit_key"], get_head(session)
    broken = find_break(iterate_entries(session), key=key, head=head, saved=saved)
    if broken:
        return broken
    sealed = read_sealed_rows(iterate_entries(session))
    return find_changed_row(
        iterate_signatures(session), what="Signature", sealed=sealed[Signature.__tablename__]
    ) or find_changed_row(
        iterate_status_changes(session), what="Status change", sealed=sealed[StatusChange.__tablename__]
    )


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
