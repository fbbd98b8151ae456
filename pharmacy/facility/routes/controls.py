"""Pages of hoods: one hood, its registration and its state."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from pharmacy.accounts.forms import ReasonForm
from pharmacy.accounts.permissions import Permission
from pharmacy.audit.queries import list_history
from pharmacy.domain.errors import NotFound
from pharmacy.domain.statuses import ControlStatus
from pharmacy.facility import actions, queries
from pharmacy.facility.forms import ControlForm
from pharmacy.facility.routes.door import blueprint, load_control, load_room
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session


@blueprint.get("/hoods/<int:control_id>")
@requires(Permission.READ_FACILITY)
def show_control(control_id: int) -> str:
    """Show one hood: its room, its certifications, what may be made there now, and its history."""
    control = load_control(control_id)
    return render_template(
        "facility/show_control.html",
        control=control,
        view=queries.read_control(session(), control, at=now()),
        certifications=queries.list_certifications(session(), control_id=control.id),
        history=list_history(session(), control.__tablename__, control.id),
    )


@blueprint.get("/rooms/<int:room_id>/hoods/new")
@requires(Permission.MANAGE_FACILITY)
def register_control(room_id: int) -> str:
    """Ask which hood stands in a room."""
    return _register_page(room_id, ControlForm())


def _register_page(room_id: int, form: ControlForm) -> str:
    return render_template("facility/register_control.html", room=load_room(room_id), form=form)


@blueprint.post("/rooms/<int:room_id>/hoods/new")
@requires(Permission.MANAGE_FACILITY)
def submit_register_control(room_id: int) -> Any:
    """Register a hood in a room."""
    form, room = ControlForm(), load_room(room_id)

    def act() -> Any:
        control = actions.register_control(session(), room, form.chosen_entry(), by=actor(), at=now())
        return go("facility.show_control", control_id=control.id)

    said = "The hood is registered; it is out of service until you put it in."
    return submit(form, act, page=lambda: _register_page(room_id, form), said=said)


@blueprint.get("/hoods/<int:control_id>/state")
@requires(Permission.RECORD_READINGS)
def move_control(control_id: int) -> str:
    """Ask why a hood goes out of service, or back."""
    return _move_page(control_id, _wanted_status(), ReasonForm())


def _wanted_status() -> ControlStatus:
    found = next((one for one in ControlStatus if one.value == request.args.get("to")), None)
    if found is None:
        raise NotFound("A hood is put in service or out of service.")
    return found


def _move_page(control_id: int, to: ControlStatus, form: ReasonForm) -> str:
    return render_template("facility/move_control.html", control=load_control(control_id), to=to, form=form)


@blueprint.post("/hoods/<int:control_id>/state")
@requires(Permission.RECORD_READINGS)
def submit_move_control(control_id: int) -> Any:
    """Take a hood out of service, or put it back."""
    form, control, to = ReasonForm(), load_control(control_id), _wanted_status()

    def act() -> Any:
        actions.move_control(session(), control, to, reason=form.reason.data or "", by=actor(), at=now())
        return go("facility.show_control", control_id=control_id)

    said = f"The hood is {to.value.replace('_', ' ')}."
    return submit(form, act, page=lambda: _move_page(control_id, to, form), said=said)
