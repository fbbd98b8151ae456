"""Reads of program sheets: one with all that its page shows, those in force, and orders that need one."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from pharmacy.compounding.models import Bag, Worksheet
from pharmacy.domain.errors import NotFound
from pharmacy.domain.statuses import BagStatus, OrderStatus, SheetStatus, WorksheetStatus
from pharmacy.patients.models import Patient
from pharmacy.prescriptions.models import Order, OrderVersion
from pharmacy.pumps.models import ProgramSheet
from pharmacy.pumps.queries.registry import IN_FORCE

PAGE = 25
# A sheet states the bags actually made, so preparation has started at least.
STARTED = (WorksheetStatus.IN_PREPARATION, WorksheetStatus.AWAITING_RELEASE, WorksheetStatus.CLOSED)
_TO_COME = (*(BagStatus.PLANNED, BagStatus.MADE, BagStatus.REWORK, BagStatus.RELEASED, BagStatus.PACKED),)


def get_sheet(session: Session, sheet_id: int, *, site_id: int) -> ProgramSheet:
    """Return a sheet of a site with its worksheet, the sheet before it and the patient's allergies."""
    sheet = session.scalar(
        select(ProgramSheet)
        .where(ProgramSheet.id == sheet_id, ProgramSheet.site_id == site_id)
        .options(
            selectinload(ProgramSheet.worksheet),
            selectinload(ProgramSheet.replaces),
            selectinload(ProgramSheet.patient).selectinload(Patient.allergies),
        )
    )
    if sheet is None:
        raise NotFound("No pump programming sheet is recorded under this number.")
    return sheet


def list_sheets(
    session: Session, *, site_id: int, statuses: Collection[SheetStatus] = IN_FORCE, page: int = 1
) -> list[ProgramSheet]:
    """List a page of sheets, the newest first; one more than a page holds."""
    return list(
        session.scalars(
            select(ProgramSheet)
            .where(ProgramSheet.site_id == site_id, ProgramSheet.status.in_(statuses))
            .order_by(ProgramSheet.id.desc())
            .offset((page - 1) * PAGE)
            .limit(PAGE + 1)
        )
    )


def list_sheets_of_order(session: Session, order_id: int) -> list[ProgramSheet]:
    """List every sheet of an order, of all its versions, the newest first."""
    return list(
        session.scalars(
            select(ProgramSheet)
            .where(ProgramSheet.order_id == order_id)
            .order_by(ProgramSheet.version.desc())
        )
    )


def list_sheets_in_force(session: Session, order_version_id: int) -> list[ProgramSheet]:
    """List the sheets of an order version that nothing has replaced, verified or not, the newest first."""
    return list(
        session.scalars(
            select(ProgramSheet)
            .where(ProgramSheet.order_version_id == order_version_id, ProgramSheet.status.in_(IN_FORCE))
            .order_by(ProgramSheet.version.desc())
        )
    )


def find_verified_sheet(session: Session, order_version_id: int) -> ProgramSheet | None:
    """Find the sheet that an order version is infused by: verified, and replaced by none."""
    return session.scalar(
        select(ProgramSheet)
        .where(ProgramSheet.order_version_id == order_version_id, ProgramSheet.status == SheetStatus.VERIFIED)
        .options(selectinload(ProgramSheet.worksheet))
        .order_by(ProgramSheet.version.desc())
        .limit(1)
    )


def find_replacement(session: Session, sheet: ProgramSheet) -> ProgramSheet | None:
    """Find the sheet that took the place of this one."""
    return session.scalar(
        select(ProgramSheet)
        .where(ProgramSheet.order_id == sheet.order_id, ProgramSheet.version > sheet.version)
        .order_by(ProgramSheet.version.desc())
        .limit(1)
    )


def next_version(session: Session, order_id: int) -> int:
    """Return the number of the next sheet of an order."""
    newest = session.scalar(select(func.max(ProgramSheet.version)).where(ProgramSheet.order_id == order_id))
    return (newest or 0) + 1


def list_started_worksheets(session: Session, order_id: int) -> list[Worksheet]:
    """List the worksheets with bags of an order whose preparation has started, the newest first.

    These are its own, and those made for stock of which bags were allocated to it.
    """
    made_on = (
        select(Bag.worksheet_id)
        .join(OrderVersion, Bag.order_version_id == OrderVersion.id)
        .where(OrderVersion.order_id == order_id)
    )
    return list(
        session.scalars(
            select(Worksheet)
            .where(Worksheet.id.in_(made_on), Worksheet.status.in_(STARTED))
            .options(
                selectinload(Worksheet.bags).options(
                    selectinload(Bag.allocations), joinedload(Bag.order_version)
                )
            )
            .order_by(Worksheet.started_at.desc(), Worksheet.id.desc())
        )
    )


def list_versions_without_sheet(session: Session, *, site_id: int) -> list[OrderVersion]:
    """List the orders in force with bags that no sheet in force was made for, the first dose first.

    That is a version without any sheet though bags of its order were made, and a worksheet with bags yet to
    come that the version's sheet does not name.
    """
    in_force = and_(ProgramSheet.order_version_id == OrderVersion.id, ProgramSheet.status.in_(IN_FORCE))
    own = select(OrderVersion.id).where(OrderVersion.order_id == Order.id).correlate(Order)
    started = exists().where(
        Bag.order_version_id.in_(own), Bag.worksheet_id == Worksheet.id, Worksheet.status.in_(STARTED)
    )
    not_named = exists().where(
        Bag.order_version_id == OrderVersion.id,
        Bag.status.in_(_TO_COME),
        Bag.worksheet_id == Worksheet.id,
        Worksheet.status.in_(STARTED),
        ~exists()
        .where(in_force, ProgramSheet.worksheet_id == Worksheet.id)
        .correlate(OrderVersion, Worksheet),
    )
    return list(
        session.scalars(
            select(OrderVersion)
            .join(Order)
            .where(
                Order.site_id == site_id,
                OrderVersion.status == OrderStatus.IN_FORCE,
                or_(and_(started, ~exists().where(in_force)), not_named),
            )
            .order_by(OrderVersion.effective, OrderVersion.id)
        )
    )
