"""Put a change in force: verify it, mark what it makes void, and keep what follows, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import sign
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import record
from pharmacy.audit.chain import digest
from pharmacy.changes.models import ChangeRecord
from pharmacy.changes.queries import Prospect, count_change, foresee, list_consequences, write_numbers
from pharmacy.dispensing.actions import replace_plan
from pharmacy.domain.change_impact import Consequence, Subject
from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import moment
from pharmacy.prescriptions import actions as orders
from pharmacy.prescriptions.models import ChangeTask, OrderVersion
from pharmacy.printing.actions import replace_paper
from pharmacy.pumps.actions import replace_sheet

MEANING = "Review of what the change makes of doses, bags, deliveries, labels and pump sheets"

# Settled by the new plan or by what the next box brings, so these must not keep that plan's worksheet from
# being opened. Nothing old goes out meanwhile: the old plan, its sheets and its papers are marked as replaced
# with this signature, and every room refuses them. What is done at the pharmacy blocks until it is ticked:
# old worksheets, bags that were made, and labels that were printed.
_WAIT_FOR_THE_NEW_PLAN = {Subject.DOSES, Subject.DELIVERY, Subject.PUMP_SHEET, Subject.CALENDAR}


def put_change_in_force(
    session: Session,
    version: OrderVersion,
    *,
    list_checked: bool,
    acknowledged: Mapping[str, str],
    password: str,
    by: Person,
    at: datetime,
) -> ChangeRecord:
    """Verify a change by signature, put it in force and keep all that follows from it.

    The old version, its plans, pump sheets and papers are replaced; every consequence becomes a task. Refuses
    what `verify_order` refuses, and a version that replaces none.
    """
    ensure_may(by.role, Permission.VERIFY_ORDERS)
    prospect = foresee(session, version, at=at)
    consequences = list_consequences(session, prospect)
    orders.verify_order(
        session,
        version,
        list_checked=list_checked,
        acknowledged=acknowledged,
        password=password,
        by=by,
        at=at,
    )
    kept = ChangeRecord(
        site_id=version.order.site_id,
        order_version=version,
        made_at=at,
        numbers=write_numbers(count_change(prospect)),
    )
    session.add(kept)
    _add_tasks(session, version, consequences, at=at)
    _void(session, prospect, by=by, at=at)
    content = {"numbers": json.loads(kept.numbers), "consequences": _describe(consequences)}
    signature = sign(session, kept, meaning=MEANING, content=content, password=password, by=by, at=at)
    record(session, kept, "put a change in force", by=by, at=at, reason=version.change_reason,
           rx=version.order.rx_number, replaces=prospect.old.version, version=version.version,
           was=prospect.old.frequency, becomes=version.frequency, effective=prospect.effective,
           digest=signature.digest, consequences=content["consequences"])  # fmt: skip
    return kept


def _describe(consequences: Sequence[Consequence]) -> list[list[str | int | None]]:
    return [
        [one.subject_kind.value, one.subject_id, one.kind.value, one.sentence, one.action]
        for one in consequences
    ]


def _add_tasks(
    session: Session, version: OrderVersion, consequences: Sequence[Consequence], *, at: datetime
) -> None:
    for position, one in enumerate(consequences, start=1):
        session.add(
            ChangeTask(
                site_id=version.order.site_id,
                order_version=version,
                position=position,
                kind=one.kind.value,
                subject_type=one.subject_kind.value,
                subject_id=one.subject_id,
                sentence=one.sentence,
                action=one.action,
                blocks=one.blocks and one.subject_kind not in _WAIT_FOR_THE_NEW_PLAN,
                created_at=at,
            )
        )


def _void(session: Session, prospect: Prospect, *, by: Person, at: datetime) -> None:
    """Mark as replaced what no longer holds: a scan of it anywhere says so."""
    new = prospect.new
    because = (
        f"version {new.version} of Rx {new.order.rx_number} holds from"
        f" {moment(prospect.effective, prospect.zone)}: {new.frequency}"
    )
    for sheet in prospect.out.sheets:
        replace_sheet(session, sheet, because=because, by=by, at=at)
    for paper in prospect.out.papers:
        if paper.replaced_at is None:
            replace_paper(session, paper, because=because, by=by, at=at)
    for plan in prospect.out.plans:
        replace_plan(session, plan, because=because, by=by, at=at)


def digest_of_page(
    session: Session, version: OrderVersion, consequences: Sequence[Consequence], *, at: datetime
) -> str:
    """Return the digest of what the page of a change shows: the order, the chart, and what follows."""
    return digest([orders.digest_of_page(session, version, at=at), _describe(consequences)])


def ensure_unchanged(session: Session, version: OrderVersion, *, seen: str, at: datetime) -> None:
    """Refuse to sign from a page that no longer shows what is on record."""
    consequences = list_consequences(session, foresee(session, version, at=at))
    if digest_of_page(session, version, consequences, at=at) != seen:
        raise Refusal(
            "The order, the chart, or what follows from the change is no longer as you read it. Read the page"
            " again, then sign."
        )
