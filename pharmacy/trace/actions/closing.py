"""Say that the list of a recall is complete, and close it by signature once every bag is accounted for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import sign
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import move, record
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.lifecycle import ensure_move
from pharmacy.domain.statuses import RECALL_MOVES, RecallStatus
from pharmacy.trace.models import Recall
from pharmacy.trace.queries import RecallPage, get_recall_page

CLOSING_MEANING = "Closing of a recall: every bag is accounted for"
DRILL_CLOSING_MEANING = "Closing of a recall drill"


def complete_list(session: Session, recall: Recall, *, by: Person, at: datetime) -> Recall:
    """Record that the list of bags, patients and telephone numbers is complete and in somebody's hands."""
    ensure_may(by.role, Permission.CALL_FOR_RECALLS)
    if recall.status is not RecallStatus.OPEN:
        raise Refusal(f"{recall.name} is closed.")
    if recall.listed_at is not None:
        raise Refusal("The list was called complete already.")
    recall.listed_by, recall.listed_at = by, at
    record(session, recall, "called the list of a recall complete", by=by, at=at, recall=recall.id)
    return recall


def close_recall(
    session: Session, recall: Recall, *, conclusion: str, password: str, by: Person, at: datetime
) -> Recall:
    """Close a recall or drill by signing the reconciliation; refuses while anything is open."""
    ensure_may(by.role, Permission.MANAGE_RECALLS)
    ensure_move(RECALL_MOVES, recall.status, RecallStatus.CLOSED, what="a recall")
    if not conclusion.strip():
        raise InvalidInput("Enter what came of it.", field="conclusion")
    page = get_recall_page(session, recall)
    if page.obstacles:
        raise Refusal(" ".join(["It cannot be closed.", *page.obstacles]))
    meaning = DRILL_CLOSING_MEANING if recall.is_drill else CLOSING_MEANING
    content = _content(page, conclusion.strip())
    recall.closing = sign(session, recall, meaning=meaning, content=content, password=password, by=by, at=at)
    move(session, recall, RECALL_MOVES, RecallStatus.CLOSED, what="a recall", by=by, at=at)
    recall.conclusion, recall.closed_at = conclusion.strip(), at
    recall.bags_affected, recall.bags_located = page.count.affected, page.count.located
    record(session, recall, f"closed {'a recall drill' if recall.is_drill else 'a recall'}", by=by, at=at,
           reason=recall.conclusion, count=page.count.say(), digest=recall.closing.digest)  # fmt: skip
    return recall


def _content(page: RecallPage, conclusion: str) -> dict[str, Any]:
    """Return all that the closing signs: every bag with where it stands, every call and every notice."""
    return {
        "recall": page.recall.id,
        "drill": page.recall.is_drill,
        "opening": page.recall.opening.digest if page.recall.opening else None,
        "bags": [
            [one.bag.serial, one.bag.status.value, one.standing.value, one.decision and one.decision.reason]
            for one in page.bags
        ],
        "calls": [
            [call.id, call.result.value, call.spoke_to, call.said, call.person.name, call.at]
            for line in page.patients
            for call in line.calls
        ],
        "notices": [
            [line.prescriber.name, one.how, one.spoke_to, one.said]
            for line in page.prescribers
            for one in line.notices
        ],
        "count": page.count.say(),
        "conclusion": conclusion,
    }
