"""Tick what a change asked for, once the records do not show it to be open."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.changes.queries import list_shown_tasks
from pharmacy.domain.errors import Refusal
from pharmacy.prescriptions import actions as orders
from pharmacy.prescriptions.models import ChangeTask


def tick_task(
    session: Session, task: ChangeTask, *, note: str | None, by: Person, at: datetime
) -> ChangeTask:
    """Tick a task with who did it, when and what there is to say about it.

    Refuses while a worksheet is still open, a bag in its box or without its new label, or a label not
    destroyed: a tick lets work go on that rests on it.
    """
    ensure_may(by.role, Permission.DO_CHANGE_TASKS)
    for one in list_shown_tasks(session, task.order_version):
        if one.task.id == task.id and one.not_done is not None:
            raise Refusal(f"{one.not_done} {task.action}")
    return orders.tick_task(session, task, note=note, by=by, at=at)
