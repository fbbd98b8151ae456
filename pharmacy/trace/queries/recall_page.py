"""All that the page of a recall shows: bags, patients, prescribers and stock, in a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from pharmacy.audit.models import Refusal
from pharmacy.domain.errors import NotFound
from pharmacy.domain.interception import Cause
from pharmacy.domain.recall import (
    OPEN,
    STANDING_WORDS,
    Reconciliation,
    Standing,
    find_obstacles_to_closing,
    rank_call,
)
from pharmacy.domain.statuses import BagStatus
from pharmacy.inventory.models import Lot, OpenedContainer
from pharmacy.inventory.queries import get_balances
from pharmacy.patients.models import Prescriber
from pharmacy.trace.models import CallResult, Recall, RecallCall, RecallNotice, ToldBag
from pharmacy.trace.queries.recalls import RecalledBag, count_recalled, list_recalled_bags


@dataclass(frozen=True, slots=True)
class PatientLine:
    """A patient to whose home bags of a recall went, with the calls made and when the next step is due."""

    patient_id: int
    name: str
    phone: str
    time_zone: str
    bags: list[RecalledBag]
    calls: list[RecallCall]
    due: datetime

    @property
    def open_bags(self) -> list[RecalledBag]:
        """List the bags at home that nobody has accounted for."""
        return [one for one in self.bags if one.is_open and one.bag.status is BagStatus.DELIVERED]

    @property
    def reached(self) -> bool:
        """Tell whether somebody was reached."""
        return any(call.result is CallResult.REACHED for call in self.calls)


@dataclass(frozen=True, slots=True)
class PrescriberLine:
    """A prescriber of patients of a recall, with the notices given."""

    prescriber: Prescriber
    patients: list[str]
    notices: list[RecallNotice]


@dataclass(frozen=True, slots=True)
class LotStock:
    """What is still here of a recalled lot: unopened containers, and opened ones with what is in them."""

    lot: Lot
    unopened: int
    opened: int
    left_ml: Decimal


@dataclass(frozen=True, slots=True)
class RecallPage:
    """Hold a recall with all that is shown of it."""

    recall: Recall
    bags: list[RecalledBag]
    count: Reconciliation
    patients: list[PatientLine]
    prescribers: list[PrescriberLine]
    stock: list[LotStock]
    refused_scans: int

    @property
    def containers(self) -> int:
        """Count the containers of its lots that are on record here."""
        return sum(one.unopened + one.opened for one in self.stock)

    @property
    def not_told(self) -> list[str]:
        """Name the prescribers who have no notice yet."""
        return [one.prescriber.name for one in self.prescribers if not one.notices]

    @property
    def by_standing(self) -> list[tuple[str, int, bool]]:
        """List how many bags stand where, in words, and whether that is open; the open ones first."""
        rows = [(STANDING_WORDS[one], self.count.counts.get(one, 0), one in OPEN) for one in Standing]
        return [row for row in rows if row[1]]

    @property
    def obstacles(self) -> list[str]:
        """Say everything that stands in the way of closing it."""
        return find_obstacles_to_closing(
            self.count,
            not_told=self.not_told,
            containers=self.containers,
            is_drill=self.recall.is_drill,
        )


def get_recall_page(session: Session, recall: Recall) -> RecallPage:
    """Gather the page of a recall."""
    bags = list_recalled_bags(session, recall)
    return RecallPage(
        recall=recall,
        bags=bags,
        count=count_recalled(bags),
        patients=_list_patients(session, recall, bags),
        prescribers=_list_prescribers(session, recall, bags),
        stock=_list_stock(session, [one.lot for one in recall.lots]),
        refused_scans=_count_refused_scans(session, recall),
    )


def _count_refused_scans(session: Session, recall: Recall) -> int:
    """Count the scans of its lots that were stopped because they are recalled."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Refusal)
            .where(
                Refusal.site_id == recall.site_id,
                Refusal.cause == Cause.RECALLED_LOT,
                Refusal.at >= recall.opened_at,
                Refusal.read_lot.in_([one.lot.number for one in recall.lots]),
            )
        )
        or 0
    )


def went_home(one: RecalledBag) -> bool:
    """Tell whether a bag came to a patient's home."""
    return one.bag.received_by is not None or one.bag.status in (BagStatus.DELIVERED, BagStatus.USED)


def _list_patients(session: Session, recall: Recall, bags: Sequence[RecalledBag]) -> list[PatientLine]:
    homes: dict[int, list[RecalledBag]] = defaultdict(list)
    for one in bags:
        if one.bag.patient_id and went_home(one):
            homes[one.bag.patient_id].append(one)
    calls = _calls_by_patient(session, recall)
    lines = [_line(recall, there, calls.get(patient_id, [])) for patient_id, there in homes.items()]
    return sorted(
        lines,
        key=lambda line: rank_call(
            open_bags=len(line.open_bags), reached=line.reached, due=line.due, name=line.name
        ),
    )


def _line(recall: Recall, there: list[RecalledBag], calls: list[RecallCall]) -> PatientLine:
    first = there[0].bag
    due = calls[-1].next_at if calls and calls[-1].next_at else recall.opened_at
    return PatientLine(
        first.patient_id or 0, first.patient, first.phone or "", first.time_zone or "UTC", there, calls, due
    )


def _calls_by_patient(session: Session, recall: Recall) -> dict[int, list[RecallCall]]:
    calls = session.scalars(
        select(RecallCall)
        .where(RecallCall.recall_id == recall.id)
        .options(selectinload(RecallCall.bags).joinedload(ToldBag.bag))
        .order_by(RecallCall.id)
    )
    found: dict[int, list[RecallCall]] = defaultdict(list)
    for call in calls:
        found[call.patient_id].append(call)
    return found


def _list_prescribers(session: Session, recall: Recall, bags: Sequence[RecalledBag]) -> list[PrescriberLine]:
    patients: dict[int, set[str]] = defaultdict(set)
    for one in bags:
        if one.bag.prescriber_id and went_home(one):
            patients[one.bag.prescriber_id].add(one.bag.patient)
    prescribers = session.scalars(
        select(Prescriber).where(Prescriber.id.in_(patients)).order_by(Prescriber.name, Prescriber.id)
    )
    notices = session.scalars(
        select(RecallNotice).where(RecallNotice.recall_id == recall.id).order_by(RecallNotice.id)
    ).all()
    return [
        PrescriberLine(
            one, sorted(patients[one.id]), [notice for notice in notices if notice.prescriber_id == one.id]
        )
        for one in prescribers
    ]


def _list_stock(session: Session, lots: Sequence[Lot]) -> list[LotStock]:
    ids = [lot.id for lot in lots]
    balances = get_balances(session, ids)
    opened = {
        lot_id: (count, left)
        for lot_id, count, left in session.execute(
            select(OpenedContainer.lot_id, func.count(), func.sum(OpenedContainer.left_ml))
            .where(OpenedContainer.lot_id.in_(ids), OpenedContainer.discarded_at.is_(None))
            .group_by(OpenedContainer.lot_id)
        )
    }
    found = []
    for lot in lots:
        count, left = opened.get(lot.id, (0, Decimal(0)))
        found.append(LotStock(lot, balances[lot.id].containers, count, left))
    return found


def get_patient_line(session: Session, recall: Recall, patient_id: int) -> PatientLine:
    """Return the line of one patient of a recall."""
    lines = _list_patients(session, recall, list_recalled_bags(session, recall))
    line = next((one for one in lines if one.patient_id == patient_id), None)
    if line is None:
        raise NotFound("No bag of this recall is or was at the home of this patient.")
    return line
