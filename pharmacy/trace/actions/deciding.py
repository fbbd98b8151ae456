"""Account for bags of a recall: destroyed, come back, cleared, written off; located in a drill."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import sign, sign_as_witness
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import move, record
from pharmacy.compounding.actions import clear_recalled_bag, destroy_recalled_bag, ensure_witness
from pharmacy.compounding.models import Bag
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.lifecycle import say
from pharmacy.domain.recall import Decision, Standing, ensure_tried_enough
from pharmacy.domain.statuses import BAG_MOVES, BagStatus, RecallStatus
from pharmacy.trace.models import Recall, RecallDecision
from pharmacy.trace.queries import RecalledBag, get_patient_line, list_recalled_bags

DESTROY_MEANING = "Destruction of recalled bags before a witness"
WITNESS_MEANING = "Witness of the destruction of recalled bags"
CLEAR_MEANING = "Review of recalled bags: the recall does not apply to them"
WRITE_OFF_MEANING = "Recalled bags that could not be reached are written off"


def destroy_bags(
    session: Session,
    recall: Recall,
    bag_ids: Sequence[int],
    *,
    how: str,
    witness: Person,
    witness_password: str,
    password: str,
    by: Person,
    at: datetime,
) -> None:
    """Record that bags of a recall were destroyed here, signed by who did it and by somebody who saw it."""
    ensure_may(by.role, Permission.MANAGE_RECALLS)
    ensure_real(recall)
    chosen = _choose(session, recall, bag_ids, reason=how, field="how")
    _ensure_standing(chosen, Standing.HERE, Standing.CAME_BACK)
    ensure_witness(witness, by=by)
    _sign(session, recall, chosen, DESTROY_MEANING, how=how, witness=witness, password=password, by=by, at=at)
    seen = {"recall": recall.id, "bags": [one.bag.serial for one in chosen], "how": how.strip()}
    sign_as_witness(session, recall, meaning=WITNESS_MEANING, content=seen, password=witness_password,
                    witness=witness, at=at)  # fmt: skip
    reason = f"{recall.name}: {how.strip()}"
    for one in chosen:
        bag = session.get_one(Bag, one.bag.bag_id)
        destroy_recalled_bag(session, bag, reason=reason, witness=witness, by=by, at=at)


def take_back_bags(
    session: Session, recall: Recall, bag_ids: Sequence[int], *, how: str, by: Person, at: datetime
) -> None:
    """Record that bags came back from a patient's home or with the van; they wait here to be destroyed."""
    ensure_may(by.role, Permission.CALL_FOR_RECALLS)
    ensure_real(recall)
    chosen = _choose(session, recall, bag_ids, reason=how, field="how")
    _ensure_standing(chosen, Standing.AT_HOME, Standing.UNREACHABLE)
    for one in chosen:
        bag = session.get_one(Bag, one.bag.bag_id)
        reason = f"{recall.name}: {how.strip()}"
        move(session, bag, BAG_MOVES, BagStatus.RETURNED, what="a bag", by=by, at=at, reason=reason)
        record(session, bag, "took a recalled bag back", by=by, at=at, reason=reason, serial=bag.serial)


def clear_bags(
    session: Session,
    recall: Recall,
    bag_ids: Sequence[int],
    *,
    reason: str,
    password: str,
    by: Person,
    at: datetime,
) -> None:
    """Decide by signature that the recall does not apply to bags; those here may be released after that."""
    ensure_may(by.role, Permission.MANAGE_RECALLS)
    ensure_real(recall)
    chosen = _choose(session, recall, bag_ids, reason=reason)
    _ensure_standing(chosen, Standing.HERE, Standing.AT_HOME, Standing.IN_A_BOX, Standing.UNREACHABLE)
    _sign(session, recall, chosen, CLEAR_MEANING, reason=reason, password=password, by=by, at=at)
    lot_ids = [one.lot_id for one in recall.lots]
    for one in chosen:
        bag = session.get_one(Bag, one.bag.bag_id)
        clear_recalled_bag(session, bag, lot_ids, reason=f"{recall.name}: {reason.strip()}", by=by, at=at)
        _decide(session, recall, one, Decision.CLEARED, reason=reason, by=by, at=at)


def write_off_bags(
    session: Session,
    recall: Recall,
    bag_ids: Sequence[int],
    *,
    reason: str,
    password: str,
    by: Person,
    at: datetime,
) -> None:
    """Write off by signature bags at the homes of patients who could not be reached, after enough calls."""
    ensure_may(by.role, Permission.WRITE_OFF_RECALLED)
    ensure_real(recall)
    chosen = _choose(session, recall, bag_ids, reason=reason)
    _ensure_standing(chosen, Standing.AT_HOME)
    for patient_id in {one.bag.patient_id for one in chosen if one.bag.patient_id}:
        line = get_patient_line(session, recall, patient_id)
        ensure_tried_enough(line.name, attempts=len(line.calls))
    _sign(session, recall, chosen, WRITE_OFF_MEANING, reason=reason, password=password, by=by, at=at)
    for one in chosen:
        _decide(session, recall, one, Decision.UNREACHABLE, reason=reason, by=by, at=at)


def locate_bags(
    session: Session,
    recall: Recall,
    bag_ids: Sequence[int],
    *,
    found: bool,
    note: str,
    by: Person,
    at: datetime,
) -> None:
    """Record in a drill whether bags are where the records say; nothing is moved."""
    ensure_may(by.role, Permission.CALL_FOR_RECALLS)
    if not recall.is_drill:
        raise Refusal("Bags are only located in a drill; in a recall each is accounted for.")
    _ensure_open_drill(recall)
    chosen = _choose(session, recall, bag_ids, reason=note, field="note")
    _ensure_standing(chosen, Standing.TO_LOCATE, Standing.NOT_LOCATED)
    decision = Decision.LOCATED if found else Decision.NOT_LOCATED
    for one in chosen:
        _decide(session, recall, one, decision, reason=note, by=by, at=at)


def ensure_real(recall: Recall) -> None:
    """Refuse in a drill what would move a bag or reach a person."""
    if recall.is_drill:
        raise Refusal(f"{recall.name} is a drill: nothing is moved and nobody is called.")


def _ensure_open_drill(recall: Recall) -> None:
    if recall.status is not RecallStatus.OPEN:
        raise Refusal(f"{recall.name} is closed.")


def _choose(
    session: Session, recall: Recall, bag_ids: Sequence[int], *, reason: str, field: str = "reason"
) -> list[RecalledBag]:
    """Return the bags that are meant; refuses none, a bag the recall did not reach, and no reason."""
    wanted = set(bag_ids)
    if not wanted:
        raise InvalidInput("Tick the bags that are meant.", field="bags")
    if not reason.strip():
        raise InvalidInput("Enter what was done." if field == "how" else "Give the reason.", field=field)
    chosen = [one for one in list_recalled_bags(session, recall) if one.bag.bag_id in wanted]
    if len(chosen) != len(wanted):
        raise InvalidInput("A bag that is meant is not of this recall.", field="bags")
    return chosen


def _ensure_standing(chosen: Sequence[RecalledBag], *allowed: Standing) -> None:
    for one in chosen:
        if one.standing not in allowed:
            raise Refusal(f"Bag {one.bag.serial} is {say(one.standing)}; this is not recorded of it now.")


def _sign(
    session: Session,
    recall: Recall,
    chosen: Sequence[RecalledBag],
    meaning: str,
    *,
    password: str,
    by: Person,
    at: datetime,
    **content: Any,
) -> None:
    said = {
        name: value.name if isinstance(value, Person) else value.strip() for name, value in content.items()
    }
    bags = [[one.bag.serial, one.bag.status.value, one.standing.value] for one in chosen]
    signature = sign(session, recall, meaning=meaning, content=said | {"recall": recall.id, "bags": bags},
                     password=password, by=by, at=at)  # fmt: skip
    record(session, recall, meaning[0].lower() + meaning[1:], by=by, at=at,
           bags=[one.bag.serial for one in chosen], digest=signature.digest, **said)  # fmt: skip


def _decide(
    session: Session,
    recall: Recall,
    one: RecalledBag,
    decision: Decision,
    *,
    reason: str,
    by: Person,
    at: datetime,
) -> None:
    row = RecallDecision(recall_id=recall.id, bag_id=one.bag.bag_id, decision=decision,
                         reason=reason.strip(), person=by, at=at)  # fmt: skip
    session.add(row)
    record(session, row, f"decided on a bag of a recall: {say(decision)}", by=by, at=at,
           reason=row.reason, recall=recall.id, serial=one.bag.serial)  # fmt: skip
