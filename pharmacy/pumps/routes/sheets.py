"""Programming sheets: what waits, prepare one, read it, sign it, print it, make it void."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request

from pharmacy.accounts.forms import PasswordForm
from pharmacy.accounts.permissions import Permission
from pharmacy.audit.chain import digest
from pharmacy.audit.queries import list_history
from pharmacy.compounding.queries import get_worksheet
from pharmacy.domain.local_time import to_local
from pharmacy.domain.statuses import SheetStatus
from pharmacy.prescriptions.queries import get_version
from pharmacy.printing.queries import list_papers
from pharmacy.pumps import actions, documents, queries
from pharmacy.pumps.forms import PrintForm, SheetForm, VoidForm
from pharmacy.pumps.models import ProgramSheet
from pharmacy.pumps.routes.door import blueprint, load_sheet
from pharmacy.web.doors import requires
from pharmacy.web.paging import page_number
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, reads_chart, session


@blueprint.get("/pump-sheets")
@requires(Permission.PREPARE_PUMP_SHEETS)
def list_sheets() -> str:
    """List the sheets, and the orders whose bags no sheet was made for."""
    page = page_number(request.args.get("page"))
    status = next((one for one in SheetStatus if one.value == request.args.get("status")), None)
    chosen = {"statuses": (status,)} if status else {}
    found = queries.list_sheets(session(), site_id=actor().site_id, page=page, **chosen)
    waiting = queries.list_versions_without_sheet(session(), site_id=actor().site_id)
    for patient_id in {one.patient_id for one in found} | {one.order.patient_id for one in waiting}:
        reads_chart(patient_id)
    return render_template(
        "pumps/list_sheets.html",
        sheets=found[: queries.SHEETS],
        waiting=waiting,
        page=page,
        more=len(found) > queries.SHEETS,
        status=status,
        statuses=list(SheetStatus),
    )


@blueprint.get("/orders/<int:version_id>/pump-sheet")
@requires(Permission.PREPARE_PUMP_SHEETS)
def prepare_sheet(version_id: int) -> str:
    """Ask for which bags and which pump a sheet is made."""
    return _prepare_page(version_id, _offering(version_id, SheetForm()))


def _offering(version_id: int, form: SheetForm) -> SheetForm:
    version = get_version(session(), version_id, site_id=actor().site_id)
    worksheets = queries.list_started_worksheets(session(), version.order_id)
    form.offer(worksheets, queries.list_pumps_for(session(), version), order_id=version.order_id)
    return form


def _prepare_page(version_id: int, form: SheetForm) -> str:
    version = get_version(session(), version_id, site_id=actor().site_id)
    reads_chart(version.order.patient_id)
    return render_template(
        "pumps/prepare_sheet.html",
        version=version,
        patient=version.order.patient,
        form=_offering(version_id, form),
        earlier=queries.list_sheets_of_order(session(), version.order_id),
    )


@blueprint.post("/orders/<int:version_id>/pump-sheet")
@requires(Permission.PREPARE_PUMP_SHEETS)
def submit_prepare_sheet(version_id: int) -> Any:
    """Prepare a sheet."""
    form = _offering(version_id, SheetForm())

    def act() -> Any:
        site_id = actor().site_id
        sheet = actions.prepare_sheet(
            session(),
            get_version(session(), version_id, site_id=site_id),
            worksheet=get_worksheet(session(), int(form.worksheet.data), site_id=site_id),
            pump=queries.get_pump(session(), int(form.pump.data), site_id=site_id),
            mode=form.mode.data,
            flag_reason=form.flag_reason.data or None,
            by=actor(),
            at=now(),
        )
        return go("pumps.show_sheet", sheet_id=sheet.id)

    return submit(form, act, page=lambda: _prepare_page(version_id, form), said="The sheet was prepared.")


@blueprint.get("/pump-sheets/<int:sheet_id>")
@requires(Permission.READ_CHARTS)
def show_sheet(sheet_id: int) -> str:
    """Show a sheet with its arithmetic, findings and calendar."""
    return _sheet_page(sheet_id, PasswordForm(), PrintForm())


def _sheet_page(sheet_id: int, sign_form: PasswordForm, print_form: PrintForm) -> str:
    sheet = load_sheet(sheet_id)
    calendar = queries.read_calendar(sheet)
    today = to_local(now(), ZoneInfo(calendar.zone)).date()
    return render_template(
        "pumps/show_sheet.html",
        sheet=sheet,
        program=queries.read_program(sheet),
        calendar=calendar,
        months=documents.lay_out(calendar, today=today),
        rule=documents.say_rule(sheet),
        newer=queries.find_replacement(session(), sheet),
        is_as_signed=_is_as_signed(sheet),
        unverified=documents.UNVERIFIED,
        papers=list_papers(session(), sheet.__tablename__, sheet.id),
        sign_form=sign_form,
        print_form=print_form,
        history=list_history(session(), sheet.__tablename__, sheet.id),
    )


def _is_as_signed(sheet: ProgramSheet) -> bool:
    """Tell whether the sheet is still word for word what was signed."""
    return sheet.verification is None or sheet.verification.digest == digest(queries.sheet_content(sheet))


@blueprint.post("/pump-sheets/<int:sheet_id>/verify")
@requires(Permission.VERIFY_PUMP_SHEETS)
def submit_verify_sheet(sheet_id: int) -> Any:
    """Verify a sheet by signature."""
    form = PasswordForm()

    def act() -> Any:
        actions.verify_sheet(
            session(), load_sheet(sheet_id), password=form.password.data or "", by=actor(), at=now()
        )
        return go("pumps.show_sheet", sheet_id=sheet_id)

    return submit(
        form, act, page=lambda: _sheet_page(sheet_id, form, PrintForm()), said="The sheet is verified."
    )


@blueprint.post("/pump-sheets/<int:sheet_id>/print")
@requires(Permission.PREPARE_PUMP_SHEETS)
def submit_print_sheet(sheet_id: int) -> Any:
    """Print a sheet and its calendar."""
    form = PrintForm()

    def act() -> Any:
        sheet, site = load_sheet(sheet_id), actor().site
        actions.print_sheet(
            session(),
            sheet,
            draw_sheet=documents.draw_sheet(sheet, site=site),
            draw_calendar=documents.draw_calendar(sheet, site=site),
            reason=form.reason.data,
            by=actor(),
            at=now(),
        )
        return go("pumps.show_sheet", sheet_id=sheet_id)

    return submit(
        form,
        act,
        page=lambda: _sheet_page(sheet_id, PasswordForm(), form),
        said="The sheet and the calendar were printed.",
    )


@blueprint.get("/pump-sheets/<int:sheet_id>/void")
@requires(Permission.PREPARE_PUMP_SHEETS)
def replace_sheet(sheet_id: int) -> str:
    """Ask why a sheet is void."""
    return _void_page(sheet_id, VoidForm())


def _void_page(sheet_id: int, form: VoidForm) -> str:
    return render_template("pumps/replace_sheet.html", sheet=load_sheet(sheet_id), form=form)


@blueprint.post("/pump-sheets/<int:sheet_id>/void")
@requires(Permission.PREPARE_PUMP_SHEETS)
def submit_replace_sheet(sheet_id: int) -> Any:
    """Make a sheet void."""
    form = VoidForm()

    def act() -> Any:
        actions.replace_sheet(
            session(), load_sheet(sheet_id), because=form.because.data or "", by=actor(), at=now()
        )
        return go("pumps.show_sheet", sheet_id=sheet_id)

    return submit(form, act, page=lambda: _void_page(sheet_id, form), said="The sheet is void.")
