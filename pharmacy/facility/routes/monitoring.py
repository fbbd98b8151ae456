"""Pages on which readings, cleanings and samplings of a room are recorded and looked up."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.domain.errors import NotFound
from pharmacy.domain.facility_intervals import SampleKind
from pharmacy.facility import actions, queries
from pharmacy.facility.forms import CleaningForm, ReadingsForm, SampleForm
from pharmacy.facility.routes.door import blueprint, load_control, load_room
from pharmacy.web.doors import requires
from pharmacy.web.paging import page_number
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session
from pharmacy.web.uploads import takes_files


@blueprint.get("/rooms/<int:room_id>/log/<kind>")
@requires(Permission.READ_FACILITY)
def show_log(room_id: int, kind: str) -> str:
    """Show a page of all readings, cleanings or samplings of a room."""
    if kind not in queries.LOGS:
        raise NotFound("A room has a log of readings, of cleanings and of samplings.")
    room, page = load_room(room_id), page_number(request.args.get("page"))
    found = queries.list_log(session(), kind, room.id, page=page)
    return render_template(
        "facility/show_log.html",
        room=room,
        kind=kind,
        entries=found[: queries.PAGE],
        page=page,
        more=len(found) > queries.PAGE,
    )


@blueprint.get("/rooms/<int:room_id>/readings/new")
@requires(Permission.RECORD_READINGS)
def record_readings(room_id: int) -> str:
    """Ask what the gauges of a room say."""
    return _readings_page(room_id, ReadingsForm())


def _readings_page(room_id: int, form: ReadingsForm) -> str:
    return render_template("facility/record_readings.html", room=load_room(room_id), form=form)


@blueprint.post("/rooms/<int:room_id>/readings/new")
@requires(Permission.RECORD_READINGS)
def submit_record_readings(room_id: int) -> Any:
    """Record what the gauges of a room say; what is out of range is shown on its page."""
    form, room = ReadingsForm(), load_room(room_id)

    def act() -> Any:
        note = form.note.data or ""
        actions.record_readings(session(), room, form.chosen(), note=note, by=actor(), at=now())
        return go("facility.show_room", room_id=room_id)

    said = "The readings are recorded."
    return submit(form, act, page=lambda: _readings_page(room_id, form), said=said)


@blueprint.get("/rooms/<int:room_id>/cleanings/new")
@requires(Permission.RECORD_READINGS)
def record_cleaning(room_id: int) -> str:
    """Ask what was cleaned, and with what."""
    return _cleaning_page(room_id, CleaningForm())


def _cleaning_page(room_id: int, form: CleaningForm) -> str:
    room = load_room(room_id)
    form.offer(room.controls)
    return render_template("facility/record_cleaning.html", room=room, form=form)


@blueprint.post("/rooms/<int:room_id>/cleanings/new")
@requires(Permission.RECORD_READINGS)
def submit_record_cleaning(room_id: int) -> Any:
    """Record that a room or one of its hoods was cleaned."""
    form, room = CleaningForm(), load_room(room_id)
    form.offer(room.controls)

    def act() -> Any:
        control = load_control(int(form.control.data)) if form.control.data else None
        texts = {name: form[name].data or "" for name in ("what", "agent", "note")}
        actions.record_cleaning(session(), room, control, **texts, by=actor(), at=now())
        return go("facility.show_room", room_id=room_id)

    said = "The cleaning is recorded."
    return submit(form, act, page=lambda: _cleaning_page(room_id, form), said=said)


@blueprint.get("/rooms/<int:room_id>/samples/new")
@requires(Permission.RECORD_READINGS)
def record_sample(room_id: int) -> str:
    """Ask what was sampled, and what was found."""
    return _sample_page(room_id, SampleForm())


def _sample_page(room_id: int, form: SampleForm) -> str:
    return render_template("facility/record_sample.html", room=load_room(room_id), form=form)


@takes_files
@blueprint.post("/rooms/<int:room_id>/samples/new")
@requires(Permission.RECORD_READINGS)
def submit_record_sample(room_id: int) -> Any:
    """Record a sampling of the air or the surfaces of a room."""
    form, room = SampleForm(), load_room(room_id)

    def act() -> Any:
        actions.record_sample(
            session(),
            room,
            SampleKind(form.kind.data),
            taken_on=form.taken_on.data,
            result=form.result.data or "",
            file=form.file.file,
            by=actor(),
            at=now(),
        )
        return go("facility.show_room", room_id=room_id)

    said = "The sampling is recorded."
    return submit(form, act, page=lambda: _sample_page(room_id, form), said=said)
