"""How long worksheets took, stage by stage, and how many were decided on by the time they were needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from pharmacy.accounts.models import Signature
from pharmacy.audit.models import StatusChange
from pharmacy.compounding.models import Worksheet
from pharmacy.domain.bar_chart import lay_out_bars
from pharmacy.domain.spread import spread_of, whole_minutes
from pharmacy.domain.statuses import WorksheetStatus
from pharmacy.reports.queries.report import Cell, Report, Table, figures, words
from pharmacy.reports.queries.span import Span


@dataclass(frozen=True)
class _Life:
    """Hold the instants of one closed worksheet, in the order in which they follow each other."""

    opened: datetime
    checked: datetime
    started: datetime
    finished: datetime
    closed: datetime
    needed: datetime


_STAGES = (
    ("Opened, waiting for the check", "opened", "checked"),
    ("Checked, waiting for the bench", "checked", "started"),
    ("In preparation", "started", "finished"),
    ("Waiting for inspection and release", "finished", "closed"),
    ("Whole way, opened to decided", "opened", "closed"),
)
_EMPTY = "No worksheet was closed in these days."


def report_turnaround(session: Session, span: Span, *, site_id: int) -> Report:
    """Report the worksheets that were closed within the span."""
    lives = list(_closed(session, span, site_id=site_id))
    return Report(
        "How long the worksheets that were closed in these days took, until their bags were decided on.",
        [_by_stage(lives), _on_time(lives)],
    )


def _by_stage(lives: list[_Life]) -> Table:
    rows = [row for row in (_row(lives, *stage) for stage in _STAGES) if row]
    medians = [(str(row[0]), int(row[2])) for row in rows]
    return Table(
        "Minutes by stage",
        [
            words("Stage"),
            figures("Worksheets"),
            figures("Median, minutes"),
            figures("Nine in ten within, minutes"),
            figures("Longest, minutes"),
        ],
        rows,
        _EMPTY,
        lay_out_bars("Median minutes by stage", "minutes", medians) if rows else None,
    )


def _row(lives: Iterable[_Life], stage: str, begins: str, ends: str) -> list[Cell]:
    spread = spread_of(max(timedelta(0), getattr(one, ends) - getattr(one, begins)) for one in lives)
    if spread is None:
        return []
    minutes = [whole_minutes(one) for one in (spread.median, spread.nine_in_ten, spread.longest)]
    return [stage, spread.count, *minutes]


def _on_time(lives: list[_Life]) -> Table:
    in_time = sum(one.closed <= one.needed for one in lives)
    rows: list[list[Cell]] = [["In time", in_time], ["Late", len(lives) - in_time]] if lives else []
    return Table(
        "Decided on by the time they were needed",
        [words("When"), figures("Worksheets")],
        rows,
        _EMPTY,
    )


def _closed(session: Session, span: Span, *, site_id: int) -> Iterator[_Life]:
    """Read the worksheets closed in the span; the last time that preparation was finished counts."""
    finished = (
        select(StatusChange.record_id, func.max(StatusChange.at).label("at"))
        .where(
            StatusChange.record_type == Worksheet.__tablename__,
            StatusChange.to_status == WorksheetStatus.AWAITING_RELEASE.value,
        )
        .group_by(StatusChange.record_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Worksheet.opened_at,
            Signature.signed_at,
            Worksheet.started_at,
            finished.c.at,
            Worksheet.closed_at,
            Worksheet.needed_at,
        )
        .join(Signature, Worksheet.check_id == Signature.id)
        .join(finished, finished.c.record_id == Worksheet.id)
        .where(
            and_(
                Worksheet.site_id == site_id,
                Worksheet.status == WorksheetStatus.CLOSED,
                Worksheet.closed_at >= span.starts,
                Worksheet.closed_at < span.ends,
            )
        )
        .order_by(Worksheet.id)
    )
    for row in rows:
        yield _Life(*row)
