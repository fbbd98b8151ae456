"""Leave the station, take it over, and note what is worth knowing."""

from __future__ import annotations

from typing import Any

from flask import render_template

from pharmacy.accounts.forms import ReasonForm
from pharmacy.accounts.permissions import Permission
from pharmacy.compounding import actions, queries
from pharmacy.compounding.forms import NoteForm, TakeOverForm
from pharmacy.compounding.routes.blueprint import blueprint
from pharmacy.compounding.routes.station_page import submit_once
from pharmacy.compounding.routes.worksheets import load
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session


@blueprint.get("/worksheets/<int:worksheet_id>/leave")
@requires(Permission.COMPOUND)
def leave_station(worksheet_id: int) -> str:
    """Ask why somebody leaves the station."""
    return _watch_page("leave_station", worksheet_id, ReasonForm())


def _watch_page(name: str, worksheet_id: int, form: Any) -> str:
    """Make a page about who holds the worksheet; it shows how the station stands."""
    worksheet = load(worksheet_id)
    bag = queries.find_current_bag(worksheet)
    state = queries.read_bag_state(session(), worksheet, bag, at=now()) if bag else None
    return render_template(
        f"compounding/{name}.html",
        worksheet=worksheet,
        bag=bag,
        syringe=state is not None and queries.is_syringe_drawn(state),
        holder=queries.holder_of(worksheet),
        state=state,
        containers=queries.list_left_over(session(), worksheet),
        form=form,
    )


@blueprint.post("/worksheets/<int:worksheet_id>/leave")
@requires(Permission.COMPOUND)
def submit_leave_station(worksheet_id: int) -> Any:
    """Leave the station."""
    form = ReasonForm()

    def act() -> Any:
        reason = form.reason.data or ""
        actions.leave_station(session(), load(worksheet_id), reason=reason, by=actor(), at=now())
        return go("compounding.show_worksheet", worksheet_id=worksheet_id)

    return submit_once(
        worksheet_id,
        form,
        act,
        page=lambda: _watch_page("leave_station", worksheet_id, form),
        said="You have left the station. Somebody has to take the worksheet over before it goes on.",
    )


@blueprint.get("/worksheets/<int:worksheet_id>/take-over")
@requires(Permission.COMPOUND)
def take_over(worksheet_id: int) -> str:
    """Show how the station stands, to who wants to take it over."""
    return _watch_page("take_over", worksheet_id, TakeOverForm())


@blueprint.post("/worksheets/<int:worksheet_id>/take-over")
@requires(Permission.COMPOUND)
def submit_take_over(worksheet_id: int) -> Any:
    """Take the worksheet over."""
    form = TakeOverForm()

    def act() -> None:
        actions.take_over(
            session(),
            load(worksheet_id),
            reason=form.reason.data or "",
            holder_password=form.holder_password.data or "",
            by=actor(),
            at=now(),
        )

    return submit_once(worksheet_id, form, act, page=lambda: _watch_page("take_over", worksheet_id, form))


@blueprint.get("/worksheets/<int:worksheet_id>/note")
@requires(Permission.COMPOUND)
def add_note(worksheet_id: int) -> str:
    """Ask for a note."""
    return _note_page(worksheet_id, NoteForm())


def _note_page(worksheet_id: int, form: NoteForm) -> str:
    worksheet = load(worksheet_id)
    bag = queries.find_current_bag(worksheet)
    return render_template("compounding/add_note.html", worksheet=worksheet, bag=bag, form=form)


@blueprint.post("/worksheets/<int:worksheet_id>/note")
@requires(Permission.COMPOUND)
def submit_add_note(worksheet_id: int) -> Any:
    """Keep a note; it answers no step, so it is taken at any turn."""
    form = NoteForm()

    def act() -> Any:
        actions.add_note(session(), load(worksheet_id), text=form.text.data or "", by=actor(), at=now())
        return go("compounding.station", worksheet_id=worksheet_id)

    return submit(form, act, page=lambda: _note_page(worksheet_id, form))
