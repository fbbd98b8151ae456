"""The one page of a change: what it did, and what it still asks for, each with its tick."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template

from pharmacy.accounts.permissions import Permission
from pharmacy.changes import actions, queries
from pharmacy.changes.forms import TickForm
from pharmacy.changes.routes.door import blueprint
from pharmacy.prescriptions.queries import get_task
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, reads_chart, session


@blueprint.get("/changes/<int:version_id>")
@requires(Permission.READ_CHARTS)
def show_change(version_id: int) -> str:
    """Show a change as it was signed, with its tasks as they stand."""
    return _page(version_id)


def _page(version_id: int, refused: dict[int, TickForm] | None = None) -> str:
    """Make the page; `refused` holds the tick that was refused, by its task."""
    shown = queries.show_change(session(), version_id, site_id=actor().site_id)
    patient = shown.new.order.patient
    reads_chart(patient.id)
    return render_template(
        "changes/show_change.html",
        shown=shown,
        patient=patient,
        numbers=shown.numbers,
        lines=queries.compare_versions(shown.old, shown.new),
        calendars=queries.lay_out_calendars(shown.numbers, zone=ZoneInfo(patient.time_zone), today=None),
        forms={one.task.id: _tick_form(one.task.id, formdata=None) for one in shown.tasks} | (refused or {}),
        refused=refused or {},
    )


def _tick_form(task_id: int, **kwargs: Any) -> TickForm:
    """Return the form of one task; there are many on the page, so each has names of its own."""
    return TickForm(prefix=f"task-{task_id}", **kwargs)


@blueprint.post("/change-tasks/<int:task_id>/tick")
@requires(Permission.DO_CHANGE_TASKS)
def submit_tick(task_id: int) -> Any:
    """Tick what a change asked for."""
    form = _tick_form(task_id)
    task = get_task(session(), task_id, site_id=actor().site_id)
    version_id = task.order_version_id

    def act() -> Any:
        actions.tick_task(session(), task, note=form.note.data, by=actor(), at=now())
        return go("changes.show_change", version_id=version_id, _anchor=f"task-{task_id}")

    return submit(form, act, page=lambda: _page(version_id, {task_id: form}), said="Ticked.")
