"""The station in the hood: scan, draw, have it checked by a second person, and complete bag after bag."""

from __future__ import annotations

from typing import Any

from flask import render_template

from pharmacy.accounts.actions import recognise
from pharmacy.accounts.forms import ReasonForm
from pharmacy.accounts.permissions import Permission
from pharmacy.compounding import actions, queries
from pharmacy.compounding.forms import (
    ConfirmForm,
    SecondHereForm,
    UndoScanForm,
    VolumeForm,
)
from pharmacy.compounding.models import Bag
from pharmacy.compounding.routes.blueprint import blueprint
from pharmacy.compounding.routes.station_page import get_bag, station_page, submit_once, submit_step
from pharmacy.compounding.routes.worksheets import load
from pharmacy.web.doors import requires
from pharmacy.web.request import actor, go, now, session


@blueprint.get("/worksheets/<int:worksheet_id>/station")
@requires(Permission.COMPOUND)
def station(worksheet_id: int) -> str:
    """Show the one step that the bag needs now."""
    return station_page(worksheet_id)


@blueprint.post("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/first-volume")
@requires(Permission.COMPOUND)
def submit_first_volume(worksheet_id: int, bag_id: int) -> Any:
    """Keep the volume that the person who draws has in the syringe."""
    form = VolumeForm()

    def step(bag: Bag) -> None:
        actions.enter_first_volume(session(), bag, volume_ml=form.chosen_volume(), by=actor(), at=now())

    return submit_step(worksheet_id, bag_id, form, step)


@blueprint.get("/worksheets/<int:worksheet_id>/second-volume")
@requires(Permission.COMPOUND)
def second_volume(worksheet_id: int) -> str:
    """Ask a second person for the volume, from the order and without the first figure."""
    return _second_page(worksheet_id, VolumeForm())


def _second_page(worksheet_id: int, form: VolumeForm) -> str:
    worksheet = load(worksheet_id)
    bag = queries.find_current_bag(worksheet)
    check = queries.find_waiting_check(bag)
    return render_template(
        "compounding/second_volume.html", worksheet=worksheet, bag=bag, check=check, form=form
    )


@blueprint.post("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/second-volume")
@requires(Permission.COMPOUND)
def submit_second_volume(worksheet_id: int, bag_id: int) -> Any:
    """Compare the second volume with the first and with the order."""
    form = VolumeForm()

    def act() -> None:
        bag, volume = get_bag(worksheet_id, bag_id), form.chosen_volume()
        actions.enter_second_volume(session(), bag, volume_ml=volume, by=actor(), at=now())

    return submit_once(worksheet_id, form, act, page=lambda: _second_page(worksheet_id, form))


@blueprint.post("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/second-volume-here")
@requires(Permission.COMPOUND)
def submit_second_volume_here(worksheet_id: int, bag_id: int) -> Any:
    """Take the second volume at the station of the first person, signed by the second with their password."""
    form = SecondHereForm()

    def step(bag: Bag) -> None:
        password = form.password.data or ""
        second = recognise(session(), username=form.username.data or "", password=password, at=now())
        volume = form.chosen_volume()
        actions.enter_second_volume(session(), bag, volume_ml=volume, password=password, by=second, at=now())

    return submit_step(worksheet_id, bag_id, form, step)


@blueprint.post("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/complete")
@requires(Permission.COMPOUND)
def submit_complete_bag(worksheet_id: int, bag_id: int) -> Any:
    """Complete a bag."""
    form = ConfirmForm()

    def step(bag: Bag) -> None:
        actions.ensure_own_code(bag.worksheet, bag, form.code.data or "")
        actions.complete_bag(session(), bag, by=actor(), at=now())

    return submit_step(worksheet_id, bag_id, form, step)


@blueprint.post("/worksheets/<int:worksheet_id>/finish")
@requires(Permission.COMPOUND)
def submit_finish_preparation(worksheet_id: int) -> Any:
    """Finish preparation."""
    form = ConfirmForm()

    def act() -> Any:
        worksheet = load(worksheet_id)
        actions.ensure_own_code(worksheet, None, form.code.data or "")
        actions.finish_preparation(session(), worksheet, by=actor(), at=now())
        return go("compounding.show_worksheet", worksheet_id=worksheet_id)

    said = "Preparation is finished; what was left is wasted."
    return submit_once(worksheet_id, form, act, said=said)


@blueprint.get("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/undo")
@requires(Permission.COMPOUND)
def undo_scan(worksheet_id: int, bag_id: int) -> str:
    """Ask why the last scan is undone."""
    return _undo_page(worksheet_id, bag_id, UndoScanForm())


def _undo_page(worksheet_id: int, bag_id: int, form: UndoScanForm) -> str:
    bag = get_bag(worksheet_id, bag_id)
    state = queries.read_bag_state(session(), bag.worksheet, bag, at=now())
    return render_template("compounding/undo_scan.html", bag=bag, state=state, form=form)


@blueprint.post("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/undo")
@requires(Permission.COMPOUND)
def submit_undo_scan(worksheet_id: int, bag_id: int) -> Any:
    """Undo the last scan."""
    form = UndoScanForm()

    def act() -> None:
        bag, reason = get_bag(worksheet_id, bag_id), form.reason.data or ""
        actions.undo_scan(session(), bag, discarded=form.is_discarded(), reason=reason, by=actor(), at=now())

    return submit_once(worksheet_id, form, act, page=lambda: _undo_page(worksheet_id, bag_id, form))


@blueprint.get("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/discard")
@requires(Permission.COMPOUND)
def discard_bag(worksheet_id: int, bag_id: int) -> str:
    """Ask why a bag is given up."""
    return _discard_page(worksheet_id, bag_id, ReasonForm())


def _discard_page(worksheet_id: int, bag_id: int, form: ReasonForm) -> str:
    return render_template("compounding/discard_bag.html", bag=get_bag(worksheet_id, bag_id), form=form)


@blueprint.post("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/discard")
@requires(Permission.COMPOUND)
def submit_discard_bag(worksheet_id: int, bag_id: int) -> Any:
    """Give up a bag."""
    form = ReasonForm()

    def act() -> None:
        bag, reason = get_bag(worksheet_id, bag_id), form.reason.data or ""
        actions.discard_bag(session(), bag, reason=reason, by=actor(), at=now())

    return submit_once(worksheet_id, form, act, page=lambda: _discard_page(worksheet_id, bag_id, form))
