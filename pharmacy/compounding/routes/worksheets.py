"""Pages of worksheets: one worksheet, its check, start, lots and cancellation."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template
from flask_wtf import FlaskForm

from pharmacy.accounts.forms import PasswordForm, ReasonForm
from pharmacy.accounts.permissions import Permission
from pharmacy.audit.queries import list_history
from pharmacy.compounding import actions, queries
from pharmacy.compounding.forms import AddLotForm, GoForm
from pharmacy.compounding.models import Worksheet
from pharmacy.compounding.routes.blueprint import blueprint
from pharmacy.inventory.queries import get_lot
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, reads_chart, session


def load(worksheet_id: int) -> Worksheet:
    """Load a worksheet for a page, and note that its patient's chart is read."""
    worksheet = queries.get_worksheet(session(), worksheet_id, site_id=actor().site_id)
    reads_chart(worksheet.patient_id)
    return worksheet


@blueprint.get("/worksheets/<int:worksheet_id>")
@requires(Permission.READ_CHARTS)
def show_worksheet(worksheet_id: int) -> str:
    """Show a worksheet whole, with its next step."""
    return worksheet_page(worksheet_id, GoForm())


def worksheet_page(worksheet_id: int, form: FlaskForm) -> str:
    """Make the page of a worksheet; `form` carries what was refused, if anything was."""
    worksheet = load(worksheet_id)
    return render_template(
        "compounding/show_worksheet.html",
        worksheet=worksheet,
        may_check=queries.may_check_this(session(), worksheet, by=actor()),
        waiting=queries.find_waiting_check(queries.find_current_bag(worksheet)),
        limits=queries.list_frozen_limits(worksheet),
        place=queries.say_place(worksheet, ZoneInfo(actor().site.time_zone)),
        history=list_history(session(), worksheet.__tablename__, worksheet.id),
        open_statuses=queries.OPEN_STATUSES,
        form=form,
        at=now(),
    )


@blueprint.get("/worksheets/<int:worksheet_id>/check")
@requires(Permission.CHECK_WORKSHEETS)
def check_worksheet(worksheet_id: int) -> str:
    """Show a worksheet whole, to be checked and signed."""
    return _check_page(worksheet_id, PasswordForm())


def _check_page(worksheet_id: int, form: PasswordForm) -> str:
    worksheet = load(worksheet_id)
    return render_template("compounding/check_worksheet.html", worksheet=worksheet, form=form, at=now())


@blueprint.post("/worksheets/<int:worksheet_id>/check")
@requires(Permission.CHECK_WORKSHEETS)
def submit_check_worksheet(worksheet_id: int) -> Any:
    """Sign the check of a worksheet."""
    form = PasswordForm()

    def act() -> Any:
        worksheet = load(worksheet_id)
        password = form.password.data or ""
        actions.check_worksheet(session(), worksheet, password=password, by=actor(), at=now())
        return go("compounding.show_worksheet", worksheet_id=worksheet_id)

    return submit(
        form, act, page=lambda: _check_page(worksheet_id, form), said="The worksheet is checked and signed."
    )


@blueprint.get("/worksheets/<int:worksheet_id>/cancel")
@requires(Permission.OPEN_WORKSHEETS)
def cancel_worksheet(worksheet_id: int) -> str:
    """Ask why a worksheet is cancelled."""
    return _cancel_page(worksheet_id, ReasonForm())


def _cancel_page(worksheet_id: int, form: ReasonForm) -> str:
    return render_template("compounding/cancel_worksheet.html", worksheet=load(worksheet_id), form=form)


@blueprint.post("/worksheets/<int:worksheet_id>/cancel")
@requires(Permission.OPEN_WORKSHEETS)
def submit_cancel_worksheet(worksheet_id: int) -> Any:
    """Cancel a worksheet."""
    form = ReasonForm()

    def act() -> Any:
        reason = form.reason.data or ""
        actions.cancel_worksheet(session(), load(worksheet_id), reason=reason, by=actor(), at=now())
        return go("compounding.show_worksheet", worksheet_id=worksheet_id)

    return submit(
        form, act, page=lambda: _cancel_page(worksheet_id, form), said="The worksheet is cancelled."
    )


@blueprint.get("/worksheets/<int:worksheet_id>/lots")
@requires(Permission.CHECK_WORKSHEETS)
def add_lot(worksheet_id: int) -> str:
    """Ask which other lot may go into the bags."""
    return _lot_page(worksheet_id, AddLotForm())


def _lot_page(worksheet_id: int, form: AddLotForm) -> str:
    worksheet = load(worksheet_id)
    form.offer(queries.list_other_lots(session(), worksheet, at=now()))
    return render_template("compounding/add_lot.html", worksheet=worksheet, form=form)


@blueprint.post("/worksheets/<int:worksheet_id>/lots")
@requires(Permission.CHECK_WORKSHEETS)
def submit_add_lot(worksheet_id: int) -> Any:
    """Let another lot go into the bags."""
    form = AddLotForm()
    form.offer(queries.list_other_lots(session(), load(worksheet_id), at=now()))

    def act() -> Any:
        lot = get_lot(session(), int(form.lot.data), site_id=actor().site_id)
        actions.add_lot(
            session(), load(worksheet_id), lot, reason=form.reason.data or "", by=actor(), at=now()
        )
        return go("compounding.show_worksheet", worksheet_id=worksheet_id)

    return submit(form, act, page=lambda: _lot_page(worksheet_id, form), said="The lot may be used.")
