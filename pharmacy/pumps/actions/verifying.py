"""Verify a sheet by signature, and print it with its calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import ensure_other_person, sign
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import move, record
from pharmacy.domain.errors import Refusal
from pharmacy.domain.lifecycle import ensure_move, say
from pharmacy.domain.local_time import to_local
from pharmacy.domain.statuses import SHEET_MOVES, SheetStatus
from pharmacy.prescriptions.queries import ensure_in_force
from pharmacy.printing.actions import PaperMark, print_paper
from pharmacy.printing.models import PrintedPaper
from pharmacy.pumps.actions.readiness import (
    ensure_maintained,
    ensure_pump_may_go,
    ensure_reference_in_review,
)
from pharmacy.pumps.actions.replacing import replace
from pharmacy.pumps.models import ProgramSheet
from pharmacy.pumps.queries import list_sheets_of_order, read_calendar, sheet_content

MEANING = "Verification of the pump program against the order, the bags made and the calendar"
SHEET, CALENDAR = "pump programming sheet", "infusion calendar"
Render = Callable[[PaperMark], bytes]


def verify_sheet(
    session: Session, sheet: ProgramSheet, *, password: str, by: Person, at: datetime
) -> ProgramSheet:
    """Verify a sheet by signing all that it says; the sheet that was in force is replaced by it.

    Refuses the person who prepared it, an order that no longer holds, and a pump that cannot go out any more.
    """
    ensure_may(by.role, Permission.VERIFY_PUMP_SHEETS)
    ensure_move(SHEET_MOVES, sheet.status, SheetStatus.VERIFIED, what="a pump sheet")
    ensure_other_person(
        by, sheet.prepared_by_id, sentence="You prepared this sheet; another pharmacist verifies it."
    )
    ensure_in_force(session, sheet.order_version, at=at)
    _ensure_pump_still_serves(session, sheet, at=at)
    sheet.verification = sign(
        session, sheet, meaning=MEANING, content=sheet_content(sheet), password=password, by=by, at=at
    )
    move(session, sheet, SHEET_MOVES, SheetStatus.VERIFIED, what="a pump sheet", by=by, at=at)
    record(session, sheet, "verified a pump sheet", by=by, at=at, version=sheet.version,
           digest=sheet.verification.digest)  # fmt: skip
    for older in list_sheets_of_order(session, sheet.order_id):
        if older.id != sheet.id and older.status is not SheetStatus.REPLACED:
            replace(session, older, because=f"version {sheet.version} was verified", by=by, at=at)
    return sheet


def _ensure_pump_still_serves(session: Session, sheet: ProgramSheet, *, at: datetime) -> None:
    calendar = read_calendar(sheet)
    last = to_local(calendar.infusions[-1].starts, ZoneInfo(calendar.zone)).date()
    ensure_pump_may_go(session, sheet.pump, sheet.patient)
    ensure_maintained(sheet.pump, last_infusion=last)
    ensure_reference_in_review(session, sheet.pump, sheet.order_version.drug, at=at)


def print_sheet(
    session: Session,
    sheet: ProgramSheet,
    *,
    draw_sheet: Render,
    draw_calendar: Render,
    reason: str | None,
    by: Person,
    at: datetime,
) -> tuple[PrintedPaper, PrintedPaper]:
    """Print a verified sheet and its calendar; the two are drawn by `documents`.

    Refuses a sheet that is not verified or was replaced, an order that no longer holds, and a second copy
    without a reason.
    """
    ensure_may(by.role, Permission.PREPARE_PUMP_SHEETS)
    if sheet.status is not SheetStatus.VERIFIED:
        raise Refusal(f"This pump sheet is {say(sheet.status)}; only a verified sheet is printed.")
    ensure_in_force(session, sheet.order_version, at=at)
    reason = (reason or "").strip() or None
    first, second = (
        print_paper(
            session,
            sheet,
            kind=kind,
            render=draw,
            patient_id=sheet.patient_id,
            order_version_id=sheet.order_version_id,
            reason=reason,
            by=by,
            at=at,
        )
        for kind, draw in ((SHEET, draw_sheet), (CALENDAR, draw_calendar))
    )
    return first, second
