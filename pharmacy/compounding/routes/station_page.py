"""The station's one page, and what keeps a form that is sent twice from doing anything twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, request
from flask_wtf import FlaskForm

from pharmacy.compounding import actions, documents, queries
from pharmacy.compounding.forms import (
    ConfirmForm,
    ScanForm,
    SecondHereForm,
    VolumeForm,
    WeightForm,
)
from pharmacy.compounding.models import Bag, Worksheet
from pharmacy.compounding.routes.worksheets import load
from pharmacy.domain.statuses import WorksheetStatus
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session

ANSWERED = (
    "The station has moved on: what was sent belongs to a step that is done already. Nothing was done twice. "
    "This is the step that is next."
)


def station_page(worksheet_id: int, tried: FlaskForm | None = None, *, told: str = "") -> str:
    """Make the station's page; `tried` is the form of a step that was refused, `told` what else to say."""
    worksheet = load(worksheet_id)
    in_work = worksheet.status is WorksheetStatus.IN_PREPARATION
    bag = queries.find_current_bag(worksheet) if in_work else None
    holder = queries.holder_of(worksheet)
    return render_template(
        "compounding/station.html",
        worksheet=worksheet,
        in_work=in_work,
        holder=holder,
        is_holder=holder is not None and holder.id == actor().id,
        tried=tried,
        told=told,
        difference=actions.DIFFERENCE,
        code=documents.draw_screen_code(worksheet.serial),
        scan=ScanForm(formdata=None),
        volume=VolumeForm(formdata=None),
        second=tried if isinstance(tried, SecondHereForm) else SecondHereForm(formdata=None),
        confirm=ConfirmForm(formdata=None),
        weight=tried if isinstance(tried, WeightForm) else WeightForm(formdata=None),
        **(_of_bag(bag) if bag else _of_end(worksheet, in_work)),
    )


def _of_bag(bag: Bag) -> dict[str, Any]:
    """Return what the page shows while a bag is in work."""
    state = queries.read_bag_state(session(), bag.worksheet, bag, at=now())
    return {
        "state": state,
        "instruction": state.instruction,
        "undoable": queries.find_undoable(state),
        "done": queries.say_done(state),
        "wrong_weight": queries.say_weight_problem(state),
        "lots": queries.list_expected_lines(session(), state),
        "left_over": [],
    }


def _of_end(worksheet: Worksheet, in_work: bool) -> dict[str, Any]:
    """Return what the page shows before and after all bags."""
    clean_up = queries.find_clean_up(worksheet) if in_work else None
    return {
        "state": None,
        "instruction": queries.find_instruction(worksheet.formula, clean_up),
        "undoable": queries.find_undoable_at_end(worksheet) if in_work else None,
        "done": "",
        "wrong_weight": "",
        "lots": [],
        "left_over": queries.list_left_over(session(), worksheet) if in_work else [],
    }


def get_bag(worksheet_id: int, bag_id: int) -> Bag:
    """Return a bag of a worksheet."""
    return queries.get_bag_of(load(worksheet_id), bag_id)


def submit_once(
    worksheet_id: int,
    form: FlaskForm,
    act: Callable[[], Any],
    *,
    page: Callable[[], str] | None = None,
    said: str | None = None,
) -> Any:
    """Answer a form of the station, once: every page says at which turn of the worksheet it was made.

    A form of an older page, such as one that was sent twice or again after the connection was lost, is
    answered with the step that is next, and does nothing. `act` returns where to go, else it is the station.
    """
    if request.form.get("turn") != str(load(worksheet_id).turn):
        return station_page(worksheet_id, told=ANSWERED), 409
    return submit(
        form,
        lambda: act() or go("compounding.station", worksheet_id=worksheet_id),
        page=page or (lambda: station_page(worksheet_id, form)),
        said=said,
    )


def submit_step(worksheet_id: int, bag_id: int, form: FlaskForm, step: Callable[[Bag], Any]) -> Any:
    """Do one step for the bag that the page showed, once, and show the next."""
    return submit_once(worksheet_id, form, lambda: step(get_bag(worksheet_id, bag_id)))
