"""Reads of worksheets: one with all that its page shows, and lists by when they are needed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from pharmacy.accounts.models import Person
from pharmacy.accounts.queries import count_pharmacists
from pharmacy.compounding.models import Bag, Worksheet
from pharmacy.compounding.queries.queue import OPEN_STATUSES
from pharmacy.domain.errors import NotFound
from pharmacy.formulary.models import Formula, Product
from pharmacy.patients.models import Patient
from pharmacy.prescriptions.models import OrderVersion


def get_worksheet(session: Session, worksheet_id: int, *, site_id: int) -> Worksheet:
    """Return a worksheet of a site with its bags, what was done at its station, its lots and formula."""
    worksheet = session.scalar(
        select(Worksheet)
        .where(Worksheet.id == worksheet_id, Worksheet.site_id == site_id)
        .options(
            selectinload(Worksheet.bags).selectinload(Bag.checks),
            selectinload(Worksheet.bags).selectinload(Bag.components),
            selectinload(Worksheet.bags).selectinload(Bag.shortenings),
            selectinload(Worksheet.bags).selectinload(Bag.allocations),
            selectinload(Worksheet.bags).selectinload(Bag.patient),
            selectinload(Worksheet.bags).selectinload(Bag.order_version),
            selectinload(Worksheet.bags).selectinload(Bag.weighings),
            selectinload(Worksheet.steps_done),
            selectinload(Worksheet.handovers),
            selectinload(Worksheet.station_notes),
            selectinload(Worksheet.proposed_lots),
            selectinload(Worksheet.scans),
            selectinload(Worksheet.formula).selectinload(Formula.steps),
            selectinload(Worksheet.formula).selectinload(Formula.stability),
            selectinload(Worksheet.formula).selectinload(Formula.additive).selectinload(Product.codes),
            selectinload(Worksheet.formula).selectinload(Formula.diluent).selectinload(Product.codes),
            selectinload(Worksheet.patient).selectinload(Patient.allergies),
        )
    )
    if worksheet is None:
        raise NotFound("No worksheet is recorded under this number at this site.")
    return worksheet


def may_check_this(session: Session, worksheet: Worksheet, *, by: Person) -> bool:
    """Tell whether a pharmacist may check a worksheet: not their own, unless they are the sole one."""
    if by.id != worksheet.opened_by_id:
        return True
    return by.site.sole_pharmacist and count_pharmacists(session, site_id=by.site_id) == 1


def list_open_worksheets(session: Session, order_id: int) -> list[Worksheet]:
    """List the worksheets of an order, of all its versions, that are neither closed nor cancelled."""
    return list(
        session.scalars(
            select(Worksheet)
            .join(OrderVersion, Worksheet.order_version_id == OrderVersion.id)
            .where(OrderVersion.order_id == order_id, Worksheet.status.in_(OPEN_STATUSES))
            .options(selectinload(Worksheet.bags))
            .order_by(Worksheet.needed_at, Worksheet.id)
        )
    )
