"""Reads of printed papers."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from pharmacy.domain.errors import NotFound, Refusal
from pharmacy.printing.models import PrintedPaper


def find_paper(session: Session, serial: str, *, site_id: int) -> PrintedPaper | None:
    """Find a paper of a site by its serial."""
    return session.scalar(
        select(PrintedPaper).where(PrintedPaper.serial == serial, PrintedPaper.site_id == site_id)
    )


def get_paper(session: Session, serial: str, *, site_id: int) -> PrintedPaper:
    """Return a paper of a site by its serial."""
    paper = find_paper(session, serial, site_id=site_id)
    if paper is None:
        raise NotFound(f"No paper was printed under {serial}.")
    return paper


def is_as_printed(paper: PrintedPaper) -> bool:
    """Tell whether the bytes that are kept are those that were printed, by their digest."""
    return sha256(paper.content).hexdigest() == paper.digest


def ensure_as_printed(paper: PrintedPaper) -> None:
    """Refuse to show a paper whose kept bytes are not those that were printed."""
    if not is_as_printed(paper):
        raise Refusal(
            f"Paper {paper.serial} is damaged: what is kept is not what was printed, whose digest begins with"
            f" {paper.digest[:16]}. Restore it from a backup; do not use it."
        )


def count_copies(session: Session, kind: str, record_type: str, record_id: int) -> int:
    """Count how often a document of a record was printed."""
    return (
        session.scalar(
            select(func.count())
            .select_from(PrintedPaper)
            .where(
                PrintedPaper.kind == kind,
                PrintedPaper.record_type == record_type,
                PrintedPaper.record_id == record_id,
            )
        )
        or 0
    )


def list_papers(session: Session, record_type: str, record_id: int) -> list[PrintedPaper]:
    """List what was printed of a record, oldest first, without the bytes."""
    return list(
        session.scalars(
            select(PrintedPaper)
            .where(PrintedPaper.record_type == record_type, PrintedPaper.record_id == record_id)
            .order_by(PrintedPaper.id)
            .options(defer(PrintedPaper.content))
        )
    )


def list_papers_in_force(session: Session, order_version_id: int) -> list[PrintedPaper]:
    """List the papers of an order version that nothing has replaced, without the bytes."""
    return list(
        session.scalars(
            select(PrintedPaper)
            .where(PrintedPaper.order_version_id == order_version_id, PrintedPaper.replaced_at.is_(None))
            .order_by(PrintedPaper.id)
            .options(defer(PrintedPaper.content))
        )
    )
