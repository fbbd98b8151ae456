"""Bring the main patient's bags to a verified pump sheet, through actions, by the right people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.compounding.models import Worksheet
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.printing.models import PrintedPaper
from pharmacy.pumps import documents
from pharmacy.pumps.actions import prepare_sheet, print_sheet, verify_sheet
from pharmacy.pumps.models import ProgramSheet, Pump
from pharmacy.pumps.queries import find_pump_by_asset
from pharmacy.sample.people import PASSWORD
from pharmacy.sample.pumps import READY_PUMP
from tests.conftest import START

People = Callable[[str], Person]


def sample_pump(session: Session, asset: str = READY_PUMP) -> Pump:
    """Return one of the sample pumps."""
    pump = find_pump_by_asset(session, asset, site_id=1)
    assert pump is not None
    return pump


def prepared_sheet(
    session: Session,
    people: People,
    version: OrderVersion,
    worksheet: Worksheet,
    *,
    pump: Pump | None = None,
    mode: str = "continuous",
    flag_reason: str | None = None,
    at: datetime = START,
) -> ProgramSheet:
    """Return a sheet that Tina prepared for the bags of a worksheet, on the sample pump."""
    return prepare_sheet(
        session,
        version,
        worksheet=worksheet,
        pump=pump or sample_pump(session),
        mode=mode,
        flag_reason=flag_reason,
        by=people("tina"),
        at=at,
    )


def print_sheet_papers(
    session: Session, people: People, sheet: ProgramSheet, *, reason: str | None = None, at: datetime = START
) -> tuple[PrintedPaper, PrintedPaper]:
    """Print a sheet and its calendar, by Tina."""
    site = people("tina").site
    return print_sheet(
        session,
        sheet,
        draw_sheet=documents.draw_sheet(sheet, site=site),
        draw_calendar=documents.draw_calendar(sheet, site=site),
        reason=reason,
        by=people("tina"),
        at=at,
    )


def verified_sheet(
    session: Session,
    people: People,
    version: OrderVersion,
    worksheet: Worksheet,
    *,
    pump: Pump | None = None,
    at: datetime = START,
) -> ProgramSheet:
    """Return a sheet that Peter verified."""
    sheet = prepared_sheet(session, people, version, worksheet, pump=pump, at=at)
    return verify_sheet(session, sheet, password=PASSWORD, by=people("peter"), at=at)
