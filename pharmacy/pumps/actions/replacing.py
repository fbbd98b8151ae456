"""Take a sheet out of force, with every paper that was printed of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import move, record
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.statuses import SHEET_MOVES, SheetStatus
from pharmacy.printing.actions import replace_paper
from pharmacy.printing.queries import list_papers
from pharmacy.pumps.models import ProgramSheet


def replace_sheet(session: Session, sheet: ProgramSheet, *, because: str, by: Person, at: datetime) -> None:
    """Make a sheet void, because its order changed or its pump was exchanged; its papers say so."""
    ensure_may(by.role, Permission.PREPARE_PUMP_SHEETS)
    ensure_reason(because, field="because")
    replace(session, sheet, because=because.strip(), by=by, at=at)


def replace(session: Session, sheet: ProgramSheet, *, because: str, by: Person, at: datetime) -> None:
    """Move a sheet out of force and mark its papers; the caller has asked who may."""
    move(session, sheet, SHEET_MOVES, SheetStatus.REPLACED, what="a pump sheet", by=by, at=at, reason=because)
    sheet.replaced_at, sheet.replaced_because = at, because
    for paper in list_papers(session, sheet.__tablename__, sheet.id):
        if paper.replaced_at is None:
            replace_paper(session, paper, because=because, by=by, at=at)
    record(session, sheet, "replaced a pump sheet", by=by, at=at, reason=because, version=sheet.version)
