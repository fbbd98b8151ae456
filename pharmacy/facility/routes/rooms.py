"""Pages of rooms: the list with what needs attention, one room, its registration, range and state."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from pharmacy.accounts.forms import ReasonForm
from pharmacy.accounts.permissions import Permission
from pharmacy.audit.queries import list_history
from pharmacy.domain.errors import NotFound
from pharmacy.domain.statuses import RoomStatus
from pharmacy.facility import actions, queries
from pharmacy.facility.forms import ChangeLimitsForm, RoomForm, show_limits
from pharmacy.facility.routes.door import blueprint, load_room
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session

# What is said after a room was moved.
_SAID = {
    RoomStatus.IN_SERVICE: "The room is in service.",
    RoomStatus.OUT_OF_CLASSIFICATION: "The room is out of classification.",
    RoomStatus.OUT_OF_SERVICE: "The room is out of service.",
}


@blueprint.get("/rooms")
@requires(Permission.READ_FACILITY)
def list_rooms() -> str:
    """List the rooms with their hoods, and what each needs."""
    overview = queries.read_rooms(session(), site_id=actor().site_id, at=now())
    return render_template("facility/list_rooms.html", rooms=overview)


@blueprint.get("/rooms/<int:room_id>")
@requires(Permission.READ_FACILITY)
def show_room(room_id: int) -> str:
    """Show one room: its state, hoods, certifications, and what was read, cleaned and sampled last."""
    room = load_room(room_id)
    return render_template(
        "facility/show_room.html",
        room=room,
        view=queries.read_room(session(), room, at=now()),
        certifications=queries.list_certifications(session(), room_id=room.id),
        logs=queries.list_last_of_logs(session(), room.id),
        history=list_history(session(), room.__tablename__, room.id),
    )


@blueprint.get("/rooms/new")
@requires(Permission.MANAGE_FACILITY)
def register_room() -> str:
    """Ask which room is registered."""
    return _register_page(RoomForm())


def _register_page(form: RoomForm) -> str:
    return render_template("facility/register_room.html", form=form)


@blueprint.post("/rooms/new")
@requires(Permission.MANAGE_FACILITY)
def submit_register_room() -> Any:
    """Register a room."""
    form = RoomForm()

    def act() -> Any:
        room = actions.register_room(session(), form.chosen_entry(), by=actor(), at=now())
        return go("facility.show_room", room_id=room.id)

    said = "The room is registered; it is out of service until you put it in."
    return submit(form, act, page=lambda: _register_page(form), said=said)


@blueprint.get("/rooms/<int:room_id>/range")
@requires(Permission.MANAGE_FACILITY)
def change_limits(room_id: int) -> str:
    """Ask between which values a room is in order from now on."""
    form = ChangeLimitsForm()
    show_limits(form, load_room(room_id))
    return _limits_page(room_id, form)


def _limits_page(room_id: int, form: ChangeLimitsForm) -> str:
    return render_template("facility/change_limits.html", room=load_room(room_id), form=form)


@blueprint.post("/rooms/<int:room_id>/range")
@requires(Permission.MANAGE_FACILITY)
def submit_change_limits(room_id: int) -> Any:
    """Change the range of a room's readings."""
    form = ChangeLimitsForm()

    def act() -> Any:
        limits, reason = form.chosen_limits(), form.reason.data or ""
        actions.change_limits(session(), load_room(room_id), limits, reason=reason, by=actor(), at=now())
        return go("facility.show_room", room_id=room_id)

    return submit(form, act, page=lambda: _limits_page(room_id, form), said="The range is changed.")


@blueprint.get("/rooms/<int:room_id>/state")
@requires(Permission.RECORD_READINGS)
def move_room(room_id: int) -> str:
    """Ask why a room goes out of service or classification, or back."""
    return _move_page(room_id, _wanted_status(), ReasonForm())


def _wanted_status() -> RoomStatus:
    found = next((one for one in RoomStatus if one.value == request.args.get("to")), None)
    if found is None:
        raise NotFound("A room is put in service, out of classification or out of service.")
    return found


def _move_page(room_id: int, to: RoomStatus, form: ReasonForm) -> str:
    return render_template("facility/move_room.html", room=load_room(room_id), to=to, form=form)


@blueprint.post("/rooms/<int:room_id>/state")
@requires(Permission.RECORD_READINGS)
def submit_move_room(room_id: int) -> Any:
    """Take a room out of service or classification, or put it back."""
    form, room, to = ReasonForm(), load_room(room_id), _wanted_status()

    def act() -> Any:
        actions.move_room(session(), room, to, reason=form.reason.data or "", by=actor(), at=now())
        return go("facility.show_room", room_id=room_id)

    return submit(form, act, page=lambda: _move_page(room_id, to, form), said=_SAID[to])
