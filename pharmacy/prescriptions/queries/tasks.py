"""Reads of what a change of an order asks for."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from pharmacy.domain.errors import NotFound, Refusal
from pharmacy.prescriptions.models import ChangeTask, OrderVersion


def get_task(session: Session, task_id: int, *, site_id: int) -> ChangeTask:
    """Return a change task of a site."""
    task = session.get(ChangeTask, task_id)
    if task is None or task.site_id != site_id:
        raise NotFound("No task is recorded under this number.")
    return task


def list_tasks(session: Session, version_id: int) -> list[ChangeTask]:
    """List what a version asks for, in the order in which it is done."""
    return list(
        session.scalars(
            select(ChangeTask)
            .where(ChangeTask.order_version_id == version_id)
            .order_by(ChangeTask.position, ChangeTask.id)
        )
    )


def list_open_tasks(session: Session, order_id: int) -> list[ChangeTask]:
    """List what the changes of an order still ask for, the oldest change first."""
    return list(
        session.scalars(
            select(ChangeTask)
            .join(ChangeTask.order_version)
            .where(OrderVersion.order_id == order_id, ChangeTask.done_at.is_(None))
            .order_by(OrderVersion.version, ChangeTask.position, ChangeTask.id)
        )
    )


def ensure_no_blocking_task(session: Session, order_id: int) -> None:
    """Refuse while a change of the order asks for something that must be done first."""
    blocking = [task for task in list_open_tasks(session, order_id) if task.blocks]
    if blocking:
        more = f" {len(blocking) - 1} more must be done first." if len(blocking) > 1 else ""
        raise Refusal(
            f"The order was changed, and this is still to be done: {blocking[0].sentence} "
            f"{blocking[0].action}{more}"
        )
