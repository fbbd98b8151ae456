"""Record a prescriber's change as a new version, and tick what a change asked for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import begin_life, record
from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import day
from pharmacy.domain.order_terms import (
    Problem,
    ensure_no_problem,
    find_reason_problems,
    find_received_problems,
    find_timing_problems,
    read_frequency,
)
from pharmacy.domain.statuses import OrderStatus
from pharmacy.prescriptions.models import ChangeTask, OrderVersion
from pharmacy.prescriptions.queries import find_open_change

# What a new version takes over from the one that it replaces.
_KEPT = (
    *("formula_id", "drug", "dose_mg", "diluent", "diluent_volume_ml", "route", "infusion_hours", "sites"),
    *("device", "bags_authorised", "prescriber_id", "diagnosis_code", "diagnosis", "off_label_reason"),
    *("literature", "written_on", "expires_on"),
)


def enter_change(
    session: Session,
    old: OrderVersion,
    *,
    frequency_as_written: str,
    anchor: datetime,
    effective: datetime,
    reason: str,
    received_how: str,
    read_back: bool,
    by: Person,
    at: datetime,
) -> OrderVersion:
    """Record the prescriber's new frequency as a new version; the old one holds until it is verified.

    `anchor` is the first infusion of the new pattern and `effective` from when it holds, clock times at home.
    Refuses a second change before the first is settled, and a change of nothing.
    """
    ensure_may(by.role, Permission.CHANGE_ORDERS)
    ensure_changeable(session, old)
    ensure_no_problem(
        list_change_problems(
            old,
            frequency_as_written=frequency_as_written,
            anchor=anchor,
            effective=effective,
            reason=reason,
            received_how=received_how,
            read_back=read_back,
        )
    )
    version = OrderVersion(
        order=old.order,
        version=_next_version(session, old.order_id),
        status=OrderStatus.ENTERED,
        replaces=old,
        frequency=read_frequency(frequency_as_written).text,
        frequency_as_written=frequency_as_written.strip(),
        anchor=anchor,
        effective=effective,
        received_how=received_how,
        read_back=read_back,
        change_reason=reason.strip(),
        entered_by=by,
        entered_at=at,
        **{name: getattr(old, name) for name in _KEPT},
    )
    session.add(version)
    begin_life(session, version, by=by, at=at)
    record(session, version, "recorded a change of an order", by=by, at=at, reason=reason,
           replaces=old.version, was=old.frequency, becomes=version.frequency,
           anchor=anchor, effective=effective, received=received_how, read_back=read_back)  # fmt: skip
    return version


def ensure_changeable(session: Session, old: OrderVersion) -> None:
    """Refuse a change of a version that does not hold, and one while another change waits."""
    if old.status not in (OrderStatus.IN_FORCE, OrderStatus.ON_HOLD):
        raise Refusal("Only an order in force can be changed.")
    waiting = find_open_change(session, old.order_id)
    if waiting is not None:
        raise Refusal(
            f"Version {waiting.version} still waits for verification or correction; settle it first."
        )


def list_change_problems(
    old: OrderVersion,
    *,
    frequency_as_written: str,
    anchor: datetime,
    effective: datetime,
    reason: str,
    received_how: str,
    read_back: bool,
) -> list[Problem]:
    """List everything that stands in the way of recording a change, each with its field."""
    timing = find_timing_problems(
        frequency_as_written, old.infusion_hours, anchor=anchor, effective=effective
    )
    return [
        *find_reason_problems(reason, missing="Enter the prescriber's reason for the change."),
        *timing,
        *find_received_problems(received_how, read_back=read_back),
        *([] if timing else _against_old(old, frequency_as_written, anchor=anchor, effective=effective)),
    ]


def _next_version(session: Session, order_id: int) -> int:
    wanted = select(func.max(OrderVersion.version)).where(OrderVersion.order_id == order_id)
    return (session.scalar(wanted) or 0) + 1


def _against_old(
    old: OrderVersion, frequency_as_written: str, *, anchor: datetime, effective: datetime
) -> list[Problem]:
    if effective < old.effective:
        since = f"{day(old.effective.date())} {old.effective:%H:%M}"
        return [Problem("effective", f"The change cannot hold before the version it changes does: {since}.")]
    if anchor.date() > old.expires_on:
        return [Problem("anchor", f"The first infusion is after the order expires, {day(old.expires_on)}.")]
    if (read_frequency(frequency_as_written).text, anchor) == (old.frequency, old.anchor):
        return [Problem("frequency_as_written", f"The order says {old.frequency} already; nothing changes.")]
    return []


def tick_task(
    session: Session, task: ChangeTask, *, note: str | None, by: Person, at: datetime
) -> ChangeTask:
    """Tick what a change asked for, with who did it, when and what there is to say about it."""
    ensure_may(by.role, Permission.DO_CHANGE_TASKS)
    if task.done_at is not None:
        done_by = task.done_by.name if task.done_by else "somebody"
        raise Refusal(f"This was done already, by {done_by}.")
    task.done_at, task.done_by, task.note = at, by, (note or "").strip() or None
    record(session, task, "did what a change asked for", by=by, at=at, reason=task.note, task=task.sentence)
    return task
