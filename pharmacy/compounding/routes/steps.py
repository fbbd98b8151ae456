"""Steps of the station that are confirmed, photographed or weighed, and the undoing of the last one."""

from __future__ import annotations

from typing import Any

from flask import render_template

from pharmacy.accounts.forms import ReasonForm
from pharmacy.accounts.permissions import Permission
from pharmacy.compounding import actions, queries
from pharmacy.compounding.forms import ConfirmForm, PhotoForm, WeightForm
from pharmacy.compounding.models import Bag
from pharmacy.compounding.routes.blueprint import blueprint
from pharmacy.compounding.routes.station_page import submit_once, submit_step
from pharmacy.compounding.routes.worksheets import load
from pharmacy.domain.preparation_steps import Step
from pharmacy.web.doors import requires
from pharmacy.web.request import actor, now, session
from pharmacy.web.uploads import takes_files


@blueprint.post("/worksheets/<int:worksheet_id>/confirm")
@takes_files
@requires(Permission.COMPOUND)
def submit_confirm_step(worksheet_id: int) -> Any:
    """Confirm the step that the page showed, with its photo where one is asked for."""
    form = ConfirmForm()

    def act() -> None:
        actions.confirm_step(
            session(),
            load(worksheet_id),
            code=form.code.data or "",
            photo=form.photo.file,
            by=actor(),
            at=now(),
        )

    return submit_once(worksheet_id, form, act)


@blueprint.post("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/weight")
@requires(Permission.COMPOUND)
def submit_weight(worksheet_id: int, bag_id: int) -> Any:
    """Keep what the scale says, before or after the addition."""
    form = WeightForm()

    def step(bag: Bag) -> None:
        state = queries.read_bag_state(session(), bag.worksheet, bag, at=now())
        grams, reason = form.chosen_weight(), form.reason.data or ""
        if state.step is Step.WEIGH_BEFORE:
            actions.weigh_before(session(), bag, grams=grams, by=actor(), at=now())
        else:
            actions.weigh_after(session(), bag, grams=grams, reason=reason, by=actor(), at=now())

    return submit_step(worksheet_id, bag_id, form, step)


@blueprint.get("/worksheets/<int:worksheet_id>/undo-step")
@requires(Permission.COMPOUND)
def undo_step(worksheet_id: int) -> str:
    """Ask why the last confirmation is undone."""
    return _undo_page(worksheet_id, ReasonForm())


def _undo_page(worksheet_id: int, form: ReasonForm) -> str:
    worksheet = load(worksheet_id)
    return render_template(
        "compounding/undo_step.html",
        worksheet=worksheet,
        bag=queries.find_current_bag(worksheet),
        step=queries.find_undoable_step(session(), worksheet, at=now()),
        form=form,
    )


@blueprint.post("/worksheets/<int:worksheet_id>/undo-step")
@requires(Permission.COMPOUND)
def submit_undo_step(worksheet_id: int) -> Any:
    """Undo the last confirmation."""
    form = ReasonForm()

    def act() -> None:
        reason = form.reason.data or ""
        actions.undo_step(session(), load(worksheet_id), reason=reason, by=actor(), at=now())

    return submit_once(worksheet_id, form, act, page=lambda: _undo_page(worksheet_id, form))


@blueprint.get("/worksheets/<int:worksheet_id>/steps/<int:step_id>/photo")
@requires(Permission.COMPOUND)
def retake_photo(worksheet_id: int, step_id: int) -> str:
    """Ask for a photo that takes the place of another, and why."""
    return _photo_page(worksheet_id, step_id, PhotoForm())


def _photo_page(worksheet_id: int, step_id: int, form: PhotoForm) -> str:
    worksheet = load(worksheet_id)
    return render_template(
        "compounding/retake_photo.html",
        worksheet=worksheet,
        bag=queries.find_current_bag(worksheet),
        step=queries.get_step(worksheet, step_id),
        form=form,
    )


@blueprint.post("/worksheets/<int:worksheet_id>/steps/<int:step_id>/photo")
@takes_files
@requires(Permission.COMPOUND)
def submit_retake_photo(worksheet_id: int, step_id: int) -> Any:
    """Take the photo of a step again."""
    form = PhotoForm()

    def act() -> None:
        worksheet = load(worksheet_id)
        actions.retake_photo(
            session(),
            worksheet,
            queries.get_step(worksheet, step_id),
            photo=form.photo.file,
            reason=form.reason.data or "",
            by=actor(),
            at=now(),
        )

    return submit_once(worksheet_id, form, act, page=lambda: _photo_page(worksheet_id, step_id, form))
