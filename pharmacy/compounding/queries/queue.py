"""The room's queue: worksheets by when they are needed, who has each, and whether its lots are at hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from pharmacy.accounts.models import Person, Site
from pharmacy.compounding.models import Bag, BagComponent, Handover, ProposedLot, Worksheet
from pharmacy.compounding.queries.steps import holder_of
from pharmacy.domain.formatting import counted
from pharmacy.domain.statuses import BagStatus, WorksheetStatus
from pharmacy.inventory.models import Lot
from pharmacy.inventory.queries import Balance, find_objection, get_balances
from pharmacy.patients.models import Patient
from pharmacy.prescriptions.models import Order, OrderVersion

PAGE = 25
OPEN_STATUSES = (
    WorksheetStatus.PROPOSED,
    WorksheetStatus.CHECKED,
    WorksheetStatus.IN_PREPARATION,
    WorksheetStatus.AWAITING_RELEASE,
)
_NOT_STARTED = (WorksheetStatus.PROPOSED, WorksheetStatus.CHECKED)


@dataclass(frozen=True, kw_only=True)
class QueueFilter:
    """Hold what is looked for: statuses, a text, when it is needed, who has it, and the hood it is made in.

    `starts` and `until` bound when a worksheet is needed; without `starts` what is late counts as needed.
    """

    statuses: Collection[WorksheetStatus] = OPEN_STATUSES
    search: str = ""
    starts: datetime | None = None
    until: datetime | None = None
    person_id: int | None = None
    hood_id: int | None = None


@dataclass(frozen=True, slots=True)
class QueueLine:
    """Hold one worksheet of the queue: how many bags are made, who has it, and what its lots lack."""

    worksheet: Worksheet
    made: int
    holder: Person | None
    short: tuple[str, ...]

    @property
    def waits_for_lots(self) -> bool:
        """Tell whether its lots matter still: work on it has not started."""
        return self.worksheet.status in _NOT_STARTED


def list_queue(
    session: Session, *, site_id: int, wanted: QueueFilter | None = None, page: int = 1, at: datetime
) -> list[QueueLine]:
    """List a page of worksheets, the soonest needed first; one more than a page holds."""
    wanted = wanted or QueueFilter()
    worksheets = session.scalars(
        select(Worksheet)
        .where(Worksheet.site_id == site_id, *_conditions(wanted))
        .options(
            selectinload(Worksheet.bags),
            selectinload(Worksheet.handovers),
            selectinload(Worksheet.proposed_lots),
        )
        .order_by(Worksheet.needed_at, Worksheet.id)
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    ).all()
    zone = ZoneInfo(session.get_one(Site, site_id).time_zone)
    waiting = [one for one in worksheets if one.status in _NOT_STARTED]
    balances = get_balances(session, {lot.lot_id for one in waiting for lot in one.proposed_lots})
    return [
        QueueLine(
            one,
            sum(bag.made_at is not None for bag in one.bags),
            _find_holder(one),
            _list_short(one, balances, zone=zone, at=at) if one in waiting else (),
        )
        for one in worksheets
    ]


def count_late(session: Session, *, site_id: int, at: datetime) -> int:
    """Count the open worksheets that were needed before now."""
    wanted = select(func.count()).where(
        Worksheet.site_id == site_id, Worksheet.status.in_(OPEN_STATUSES), Worksheet.needed_at < at
    )
    return session.scalar(wanted) or 0


def _find_holder(worksheet: Worksheet) -> Person | None:
    """Find who has a worksheet: who holds it at the station, or who opened it before that."""
    begun = worksheet.handovers or worksheet.started_by
    return holder_of(worksheet) if begun else worksheet.opened_by


def _list_short(
    worksheet: Worksheet, balances: dict[int, Balance], *, zone: ZoneInfo, at: datetime
) -> tuple[str, ...]:
    """Say which lots may not be used now, and of which product too few containers are left."""
    found = [why for one in worksheet.proposed_lots if (why := find_objection(one.lot, at=at, zone=zone))]
    needed: dict[str, int] = defaultdict(int)
    left: dict[str, int] = defaultdict(int)
    for one in worksheet.proposed_lots:
        needed[one.lot.product.name] += one.containers
        left[one.lot.product.name] += balances[one.lot_id].containers
    found += [
        f"{counted(needed[name] - left[name], 'container')} of {name} short"
        for name in needed
        if left[name] < needed[name]
    ]
    return tuple(found)


def _conditions(wanted: QueueFilter) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Worksheet.status.in_(wanted.statuses)]
    if wanted.starts is not None:
        found.append(Worksheet.needed_at >= wanted.starts)
    if wanted.until is not None:
        found.append(Worksheet.needed_at < wanted.until)
    if wanted.hood_id is not None:
        found.append(Worksheet.engineering_control_id == wanted.hood_id)
    if wanted.person_id is not None:
        found.append(_is_held_by(wanted.person_id))
    if wanted.search.strip():
        found.append(_is_named(wanted.search.strip()))
    return found


def _is_held_by(person_id: int) -> ColumnElement[bool]:
    last = (
        select(Handover.to_id)
        .where(Handover.worksheet_id == Worksheet.id)
        .order_by(Handover.id.desc())
        .limit(1)
        .correlate(Worksheet)
        .scalar_subquery()
    )
    never = ~select(Handover.id).where(Handover.worksheet_id == Worksheet.id).exists()
    first = func.coalesce(Worksheet.started_by_id, Worksheet.opened_by_id)
    return or_(last == person_id, and_(never, first == person_id))


def _is_named(search: str) -> ColumnElement[bool]:
    """Look for a part of a patient's name, of a prescription, worksheet or bag, or of a lot."""

    def holds(*columns: ColumnElement[str]) -> ColumnElement[bool]:
        return or_(*(column.icontains(search, autoescape=True) for column in columns))

    whole_name = Patient.given_name + " " + Patient.family_name
    bags = (
        select(Bag.worksheet_id)
        .outerjoin(OrderVersion, Bag.order_version_id == OrderVersion.id)
        .outerjoin(Order, OrderVersion.order_id == Order.id)
        .outerjoin(Patient, Bag.patient_id == Patient.id)
        .where(holds(Bag.serial, Order.rx_number, whole_name, Patient.family_name))
    )
    planned = select(ProposedLot.worksheet_id).join(ProposedLot.lot).where(holds(Lot.number))
    used = (
        select(Bag.worksheet_id)
        .join(BagComponent, BagComponent.bag_id == Bag.id)
        .join(BagComponent.lot)
        .where(Bag.status != BagStatus.CANCELLED, holds(Lot.number))
    )
    return or_(holds(Worksheet.serial), *(Worksheet.id.in_(one) for one in (bags, planned, used)))


__all__ = ["OPEN_STATUSES", "PAGE", "QueueFilter", "QueueLine", "count_late", "list_queue"]
