"""Verify an order clinically by signature, or send it back with a reason (domain.md 4.2, stage 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import ensure_other_person, sign
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.accounts.queries import count_pharmacists
from pharmacy.audit.actions import move, record
from pharmacy.audit.chain import canonical, digest
from pharmacy.audit.queries import list_history
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.findings import Finding, Severity
from pharmacy.domain.formatting import day
from pharmacy.domain.lifecycle import ensure_move
from pharmacy.domain.local_time import to_local
from pharmacy.domain.order_terms import ensure_no_problem, find_reason_problems, find_wording_problems
from pharmacy.domain.statuses import ORDER_MOVES, FormulaStatus, OrderStatus
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.prescriptions.queries import describe_version, measure_version, screen_version

MEANING = "Clinical verification: the order is right for this patient"


def verify_order(
    session: Session,
    version: OrderVersion,
    *,
    list_checked: bool,
    acknowledged: Mapping[str, str],
    password: str,
    by: Person,
    at: datetime,
) -> OrderVersion:
    """Verify an order by signing all that was shown: order, chart, findings and what was said to them.

    `acknowledged` gives, for the message of each finding that says stop, what the pharmacist did about it.
    Refuses who entered or corrected it, a medication list that was not checked and a hard finding without an
    answer. A version that replaces another takes its place at once.
    """
    ensure_may(by.role, Permission.VERIFY_ORDERS)
    ensure_move(ORDER_MOVES, version.status, OrderStatus.IN_FORCE, what="an order")
    alone = ensure_may_verify_this(session, version, by=by)
    _ensure_current(version, by=by, at=at)
    findings = screen_version(session, version, at=at)
    if not list_checked:
        raise InvalidInput(
            "Check the medication list for interactions and duplicate therapy, and record that you did.",
            field="list_checked",
        )
    answers = _ensure_answered(findings, acknowledged)
    content = verification_content(session, version, at=at) | {
        "medication_list_checked": True,
        "acknowledged": answers,
        "sole_pharmacist": alone,
    }
    version.verification = sign(
        session, version, meaning=MEANING, content=content, password=password, by=by, at=at
    )
    version.verified_content, version.list_checked_at = canonical(content), at
    _take_over(session, version, by=by, at=at)
    move(session, version, ORDER_MOVES, OrderStatus.IN_FORCE, what="an order", by=by, at=at)
    record(session, version, "verified an order", by=by, at=at, rx=version.order.rx_number,
           version=version.version, acknowledged=answers, sole_pharmacist=alone,
           digest=version.verification.digest)  # fmt: skip
    return version


def verification_content(session: Session, version: OrderVersion, *, at: datetime) -> dict[str, Any]:
    """Return what the verification page shows, all of it: order, chart, numbers and findings."""
    measures = measure_version(session, version)
    return describe_version(version) | {
        "measures": [[one.name, one.value, one.soft, one.hard] for one in measures.rows],
        "limits": list(measures.notices),
        "findings": [
            [one.rule, one.severity.value, one.message] for one in screen_version(session, version, at=at)
        ],
    }


def digest_of_page(session: Session, version: OrderVersion, *, at: datetime) -> str:
    """Return the digest of what the verification page shows, to find out whether it has changed since."""
    return digest(verification_content(session, version, at=at))


def ensure_unchanged(session: Session, version: OrderVersion, *, seen: str, at: datetime) -> None:
    """Refuse to go on from a page that no longer shows what is on record."""
    if digest_of_page(session, version, at=at) != seen:
        raise Refusal("The order, the chart or a finding changed while you read. Read it again, then sign.")


def ensure_may_verify_this(session: Session, version: OrderVersion, *, by: Person) -> bool:
    """Refuse who entered or corrected the order; returns whether a sole pharmacist verifies their own entry.

    A site with one pharmacist may allow that by its setting; the signature then says so.
    """
    entered_by = {
        change.person_id
        for change in list_history(session, version.__tablename__, version.id)
        if change.to_status == OrderStatus.ENTERED
    }
    alone = by.site.sole_pharmacist and count_pharmacists(session, site_id=by.site_id) == 1
    if not alone:
        ensure_other_person(
            by, *entered_by, sentence="You entered or corrected this order; another pharmacist verifies it."
        )
    return alone and by.id in entered_by


def _ensure_current(version: OrderVersion, *, by: Person, at: datetime) -> None:
    today = to_local(at, ZoneInfo(by.site.time_zone)).date()
    if version.expires_on < today:
        raise Refusal(f"The prescription expired on {day(version.expires_on)}; ask for a new one.")
    if version.replaces_id is None and version.formula.status is not FormulaStatus.APPROVED:
        raise Refusal(f"The formula of this order is {version.formula.status.value}; send the order back.")


def _ensure_answered(findings: Sequence[Finding], acknowledged: Mapping[str, str]) -> dict[str, str]:
    hard = [one.message for one in findings if one.severity is Severity.REFUSE]
    answers = {message: acknowledged.get(message, "").strip() for message in hard}
    if not all(answers.values()):
        raise InvalidInput(
            "Write for each finding that says stop what you did about it, or send the order back.",
            field="acknowledged",
        )
    for answer in answers.values():
        ensure_no_problem(find_wording_problems(answer, field="acknowledged"))
    return answers


def _take_over(session: Session, version: OrderVersion, *, by: Person, at: datetime) -> None:
    old = version.replaces
    if old is None:
        return
    move(session, old, ORDER_MOVES, OrderStatus.REPLACED, what="an order", by=by, at=at,
         reason=f"replaced by version {version.version}")  # fmt: skip
    record(session, old, "replaced an order version", by=by, at=at,
           rx=old.order.rx_number, replaced_by=version.version)  # fmt: skip


def send_back(
    session: Session, version: OrderVersion, *, reason: str, by: Person, at: datetime
) -> OrderVersion:
    """Send an order back to who entered it, with what must be put right."""
    ensure_may(by.role, Permission.VERIFY_ORDERS)
    ensure_no_problem(find_reason_problems(reason, missing="Enter what must be put right."))
    move(session, version, ORDER_MOVES, OrderStatus.SENT_BACK, what="an order", by=by, at=at, reason=reason)
    record(session, version, "sent an order back", by=by, at=at, reason=reason, rx=version.order.rx_number)
    return version
