"""The page of a deviation: what it concerns, its notes, investigation, dispositions and closing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template
from flask_wtf import FlaskForm

from pharmacy.accounts.forms import PasswordForm
from pharmacy.accounts.permissions import Permission, may
from pharmacy.accounts.queries import get_person, list_people
from pharmacy.audit.queries import list_history
from pharmacy.compounding import actions, queries
from pharmacy.compounding.forms import AllowForm, DestroyForm, DeviationNoteForm, ExtendForm, InvestigateForm
from pharmacy.compounding.models import Deviation
from pharmacy.compounding.routes.blueprint import blueprint
from pharmacy.domain.deviations import GRAVITY_WORDS, KIND_WORDS, find_open_ends
from pharmacy.domain.statuses import BagStatus
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, reads_chart, session
from pharmacy.web.uploads import takes_files


@blueprint.get("/deviations/<int:deviation_id>")
@requires(Permission.READ_CHARTS)
def show_deviation(deviation_id: int) -> str:
    """Show a deviation whole, with its next step."""
    return _page(deviation_id)


def _page(deviation_id: int, **tried: FlaskForm) -> str:
    """Make the page of a deviation; `tried` is the form that was refused, by what it is for."""
    deviation = _load(deviation_id)
    forms: dict[str, FlaskForm] = {
        "extend": ExtendForm(formdata=None),
        "note": DeviationNoteForm(formdata=None, prefix="note-"),
        "investigate": InvestigateForm(formdata=None),
        "close": PasswordForm(formdata=None, prefix="close-"),
    }
    for one in deviation.bags:
        if one.bag.status is BagStatus.QUARANTINED and one.disposition is None:
            forms[f"allow{one.id}"] = AllowForm(formdata=None, prefix=f"allow{one.id}-")
            forms[f"destroy{one.id}"] = _destroy_form(one.id, formdata=None)
    return render_template(
        "compounding/show_deviation.html",
        deviation=deviation,
        kinds=KIND_WORDS,
        gravities=GRAVITY_WORDS,
        open_ends=find_open_ends(
            queries.list_affected(deviation), investigated=deviation.investigated_at is not None
        ),
        may_close=queries.may_close_this(session(), deviation, by=actor()),
        history=list_history(session(), deviation.__tablename__, deviation.id),
        forms=forms | tried,
    )


def _load(deviation_id: int) -> Deviation:
    deviation = queries.get_deviation(session(), deviation_id, site_id=actor().site_id)
    for patient_id in {one.bag.patient_id for one in deviation.bags if one.bag.patient_id}:
        reads_chart(patient_id)
    return deviation


def _destroy_form(affected_id: int, **given: Any) -> DestroyForm:
    form = DestroyForm(prefix=f"destroy{affected_id}-", **given)
    people = list_people(session(), site_id=actor().site_id)
    form.offer(
        one for one in people if one.active and one.id != actor().id and may(one.role, Permission.COMPOUND)
    )
    return form


def _submit_step(
    deviation_id: int, name: str, form: FlaskForm, step: Callable[[Deviation], Any], said: str
) -> Any:
    """Do one step on a deviation, and show its page again."""

    def act() -> Any:
        step(_load(deviation_id))
        return go("compounding.show_deviation", deviation_id=deviation_id)

    return submit(form, act, page=lambda: _page(deviation_id, **{name: form}), said=said)


@blueprint.post("/deviations/<int:deviation_id>/affected")
@requires(Permission.REPORT_DEVIATIONS)
def submit_extend_deviation(deviation_id: int) -> Any:
    """Add another bag or lot."""
    form = ExtendForm()

    def step(deviation: Deviation) -> None:
        bag, lot = queries.find_bag_or_lot(session(), form.code.data or "", site_id=actor().site_id)
        actions.extend_deviation(session(), deviation, bag=bag, lot=lot, by=actor(), at=now())

    return _submit_step(deviation_id, "extend", form, step, "It is part of this deviation now.")


@blueprint.post("/deviations/<int:deviation_id>/notes")
@takes_files
@requires(Permission.REPORT_DEVIATIONS)
def submit_note(deviation_id: int) -> Any:
    """Add a note."""
    form = DeviationNoteForm(prefix="note-")

    def step(deviation: Deviation) -> None:
        text, file = form.text.data or "", form.file.file
        actions.note_deviation(session(), deviation, text=text, file=file, by=actor(), at=now())

    return _submit_step(deviation_id, "note", form, step, "The note is kept.")


@blueprint.post("/deviations/<int:deviation_id>/investigation")
@requires(Permission.SETTLE_DEVIATIONS)
def submit_investigation(deviation_id: int) -> Any:
    """Record the investigation."""
    form = InvestigateForm()

    def step(deviation: Deviation) -> None:
        actions.investigate(session(), deviation, **form.told(), by=actor(), at=now())

    return _submit_step(deviation_id, "investigate", form, step, "The investigation is recorded.")


@blueprint.post("/deviations/<int:deviation_id>/bags/<int:affected_id>/allow")
@requires(Permission.SETTLE_DEVIATIONS)
def submit_allow_release(deviation_id: int, affected_id: int) -> Any:
    """Decide that a bag may be released."""
    form = AllowForm(prefix=f"allow{affected_id}-")

    def step(deviation: Deviation) -> None:
        affected = queries.get_affected(deviation, affected_id)
        actions.allow_release(session(), affected, reason=form.reason.data or "", by=actor(), at=now())

    said = "The decision is recorded; the bag stays in quarantine until this is closed."
    return _submit_step(deviation_id, f"allow{affected_id}", form, step, said)


@blueprint.post("/deviations/<int:deviation_id>/bags/<int:affected_id>/destroy")
@requires(Permission.SETTLE_DEVIATIONS)
def submit_destroy_affected(deviation_id: int, affected_id: int) -> Any:
    """Record that a bag was destroyed, with its witness."""
    form = _destroy_form(affected_id)

    def step(deviation: Deviation) -> None:
        actions.destroy_affected(
            session(),
            queries.get_affected(deviation, affected_id),
            reason=form.reason.data or "",
            witness=get_person(session(), int(form.witness.data), site_id=actor().site_id),
            witness_password=form.witness_password.data or "",
            by=actor(),
            at=now(),
        )

    return _submit_step(
        deviation_id, f"destroy{affected_id}", form, step, "The bag is recorded as destroyed."
    )


@blueprint.post("/deviations/<int:deviation_id>/close")
@requires(Permission.SETTLE_DEVIATIONS)
def submit_close_deviation(deviation_id: int) -> Any:
    """Close the deviation by signature."""
    form = PasswordForm(prefix="close-")

    def step(deviation: Deviation) -> None:
        password = form.password.data or ""
        actions.close_deviation(session(), deviation, password=password, by=actor(), at=now())

    return _submit_step(deviation_id, "close", form, step, "The deviation is closed.")
