"""Tell patients and prescribers: each call is kept with what was said of each bag, each notice too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import move, record
from pharmacy.compounding.actions.papers import void_papers
from pharmacy.compounding.models import Bag
from pharmacy.domain.errors import InvalidInput, NotFound
from pharmacy.domain.statuses import BAG_MOVES, BagStatus
from pharmacy.patients.models import Prescriber
from pharmacy.trace.actions.deciding import ensure_real
from pharmacy.trace.models import CallResult, Recall, RecallCall, RecallNotice, Told, ToldBag
from pharmacy.trace.queries import get_patient_line

_BECOMES = {Told.USED: BagStatus.USED, Told.DESTROYED: BagStatus.DESTROYED}


def record_call(
    session: Session,
    recall: Recall,
    patient_id: int,
    *,
    result: CallResult,
    spoke_to: str,
    said: str,
    told: Mapping[int, Told],
    next_at: datetime | None,
    by: Person,
    at: datetime,
) -> RecallCall:
    """Record a call to a patient of a recall; what is told of a bag at home counts at once.

    Refuses a call that reached nobody and yet tells of bags, and one after which a bag is still open without
    the time of the next step.
    """
    ensure_may(by.role, Permission.CALL_FOR_RECALLS)
    ensure_real(recall)
    line = get_patient_line(session, recall, patient_id)
    _ensure_call(result, spoke_to, said, told)
    open_bags = {one.bag.bag_id: one.bag.serial for one in line.open_bags}
    unknown = set(told) - set(open_bags)
    if unknown:
        raise InvalidInput("A bag that was told of is not open at this home.", field="said")
    _ensure_next(set(open_bags) - {bag for bag, what in told.items() if what in _BECOMES}, next_at, at=at)
    call = RecallCall(
        recall_id=recall.id,
        patient_id=patient_id,
        result=result,
        spoke_to=spoke_to.strip(),
        said=said.strip(),
        next_at=next_at,
        person=by,
        at=at,
        bags=[ToldBag(bag_id=bag_id, told=what) for bag_id, what in told.items()],
    )
    session.add(call)
    record(session, call, "called a patient of a recall", by=by, at=at, recall=recall.id, patient=patient_id,
           result=result.value, spoke_to=call.spoke_to, said=call.said, next_at=next_at,
           bags=[[open_bags[bag_id], what.value] for bag_id, what in told.items()])  # fmt: skip
    for bag_id, what in told.items():
        _apply(session, recall, session.get_one(Bag, bag_id), what, call, by=by, at=at)
    return call


def _ensure_call(result: CallResult, spoke_to: str, said: str, told: Mapping[int, Told]) -> None:
    if result is CallResult.REACHED and not spoke_to.strip():
        raise InvalidInput("Enter who you spoke to, and who that is to the patient.", field="spoke_to")
    if not said.strip():
        raise InvalidInput("Enter what was said or heard.", field="said")
    if result is not CallResult.REACHED and told:
        raise InvalidInput("Nobody was reached, so nothing can be told of the bags.", field="result")


def _ensure_next(still_open: set[int], next_at: datetime | None, *, at: datetime) -> None:
    if next_at is not None and next_at <= at:
        raise InvalidInput("The next step is due in the future.", field="next_at")
    if still_open and next_at is None:
        raise InvalidInput("Bags are still open: enter when the next step is due.", field="next_at")


def _apply(
    session: Session, recall: Recall, bag: Bag, what: Told, call: RecallCall, *, by: Person, at: datetime
) -> None:
    if what not in _BECOMES:
        return
    reason = f"{recall.name}: told by {call.spoke_to} on the telephone"
    move(session, bag, BAG_MOVES, _BECOMES[what], what="a bag", by=by, at=at, reason=reason)
    if what is Told.DESTROYED:
        void_papers(session, bag, because="the bag was destroyed at home", by=by, at=at)
    record(session, bag, f"was told that a recalled bag is {_BECOMES[what].value}", by=by, at=at,
           reason=reason, serial=bag.serial)  # fmt: skip


def record_notice(
    session: Session,
    recall: Recall,
    prescriber: Prescriber,
    *,
    how: str,
    spoke_to: str,
    said: str,
    by: Person,
    at: datetime,
) -> RecallNotice:
    """Record that a prescriber of patients of a recall was told, or why that is not needed."""
    ensure_may(by.role, Permission.CALL_FOR_RECALLS)
    ensure_real(recall)
    if prescriber.site_id != recall.site_id:
        raise NotFound("No prescriber is recorded under this number at this site.")
    for value, sentence, field in (
        (how, "Choose how the prescriber was told.", "how"),
        (spoke_to, "Enter who was told.", "spoke_to"),
        (said, "Enter what was said.", "said"),
    ):
        if not value.strip():
            raise InvalidInput(sentence, field=field)
    notice = RecallNotice(recall_id=recall.id, prescriber=prescriber, how=how.strip(),
                          spoke_to=spoke_to.strip(), said=said.strip(), person=by, at=at)  # fmt: skip
    recall.notices.append(notice)
    record(session, notice, "told a prescriber of a recall", by=by, at=at, recall=recall.id,
           prescriber=prescriber.name, how=notice.how, spoke_to=notice.spoke_to,
           said=notice.said)  # fmt: skip
    return notice
