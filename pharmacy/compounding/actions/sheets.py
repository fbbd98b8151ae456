"""Print the worksheet for the hood, and the compounding record once the bags are decided on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.compounding.models import Worksheet
from pharmacy.domain.errors import Refusal
from pharmacy.domain.lifecycle import say
from pharmacy.domain.statuses import WorksheetStatus
from pharmacy.printing.actions import PaperMark, print_paper
from pharmacy.printing.models import PrintedPaper

WORKSHEET, RECORD = "worksheet", "compounding record"
_FOR_THE_HOOD = (WorksheetStatus.CHECKED, WorksheetStatus.IN_PREPARATION)
Draw = Callable[[PaperMark], bytes]


def print_worksheet(
    session: Session, worksheet: Worksheet, *, draw: Draw, reason: str | None, by: Person, at: datetime
) -> PrintedPaper:
    """Print a worksheet that a pharmacist has checked; another copy needs a reason."""
    ensure_may(by.role, Permission.OPEN_WORKSHEETS)
    if worksheet.status not in _FOR_THE_HOOD:
        raise Refusal(
            "A worksheet is printed for the hood: after its check and until preparation is finished; "
            f"this one is {say(worksheet.status)}."
        )
    return _print(session, worksheet, WORKSHEET, draw=draw, reason=reason, by=by, at=at)


def print_record(
    session: Session, worksheet: Worksheet, *, draw: Draw, reason: str | None, by: Person, at: datetime
) -> PrintedPaper:
    """Print the compounding record of a worksheet that was released; another copy needs a reason."""
    ensure_may(by.role, Permission.OPEN_WORKSHEETS)
    if worksheet.release is None:
        raise Refusal("The compounding record is complete when a pharmacist has signed the release.")
    return _print(session, worksheet, RECORD, draw=draw, reason=reason, by=by, at=at)


def _print(
    session: Session,
    worksheet: Worksheet,
    kind: str,
    *,
    draw: Draw,
    reason: str | None,
    by: Person,
    at: datetime,
) -> PrintedPaper:
    return print_paper(
        session,
        worksheet,
        kind=kind,
        render=draw,
        patient_id=worksheet.patient_id,
        order_version_id=worksheet.order_version_id,
        reason=(reason or "").strip() or None,
        by=by,
        at=at,
    )
