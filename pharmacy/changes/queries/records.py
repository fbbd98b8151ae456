"""Reads of changes that were signed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from pharmacy.accounts.models import Signature
from pharmacy.accounts.queries import list_signatures
from pharmacy.changes.models import ChangeRecord
from pharmacy.changes.queries.numbers import ChangeNumbers, read_numbers
from pharmacy.changes.queries.subjects import group_by_subject
from pharmacy.changes.queries.tasks import ShownTask, list_shown_tasks
from pharmacy.dispensing.queries import find_plan_in_force
from pharmacy.domain.errors import NotFound
from pharmacy.prescriptions.models import OrderVersion


@dataclass(frozen=True, slots=True)
class ShownChange:
    """Hold what the page of a change shows: its numbers as they were signed, and its tasks as they stand.

    `is_planned` tells whether a dispense plan that was made since is in force.
    """

    old: OrderVersion
    new: OrderVersion
    numbers: ChangeNumbers
    tasks: tuple[ShownTask, ...]
    signatures: tuple[Signature, ...]
    is_planned: bool

    @property
    def done(self) -> int:
        """Count the tasks that are ticked."""
        return sum(one.task.done_at is not None for one in self.tasks)

    @property
    def groups(self) -> list[tuple[str, list[ShownTask]]]:
        """List the tasks by what they are about."""
        return group_by_subject(self.tasks, lambda one: one.task.subject_type)


def show_change(session: Session, version_id: int, *, site_id: int) -> ShownChange:
    """Read a change of a site that was signed, by the version that it put in force."""
    kept = session.scalar(
        select(ChangeRecord)
        .where(ChangeRecord.order_version_id == version_id, ChangeRecord.site_id == site_id)
        .options(joinedload(ChangeRecord.order_version).joinedload(OrderVersion.replaces))
    )
    if kept is None or kept.order_version.replaces is None:
        raise NotFound("No change that a pharmacist has signed is recorded under this number.")
    return ShownChange(
        old=kept.order_version.replaces,
        new=kept.order_version,
        numbers=read_numbers(kept.numbers),
        tasks=tuple(list_shown_tasks(session, kept.order_version)),
        signatures=tuple(list_signatures(session, kept.__tablename__, kept.id)),
        is_planned=find_plan_in_force(session, kept.order_version.order_id) is not None,
    )
