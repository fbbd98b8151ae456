"""The register of pumps: the list, one pump, and what is done to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request

from pharmacy.accounts.forms import ReasonForm
from pharmacy.accounts.permissions import Permission
from pharmacy.audit.queries import list_history
from pharmacy.domain.errors import NotFound
from pharmacy.domain.local_time import to_local
from pharmacy.domain.statuses import PumpStatus
from pharmacy.formulary.queries import list_adopted_pump_profiles
from pharmacy.pumps import actions, queries
from pharmacy.pumps.forms import CleanedForm, MaintenanceForm, PumpForm
from pharmacy.pumps.models import Pump
from pharmacy.pumps.routes.door import blueprint, load_pump
from pharmacy.web.doors import requires
from pharmacy.web.paging import page_number
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, reads_chart, session

_Reasoned = Callable[..., Pump]
# What may be done with a reason: the word in the address, the action, the question, what is said after it.
_WITH_REASON: dict[str, tuple[_Reasoned, str, str]] = {
    "quarantine": (actions.quarantine_pump, "Put this pump in quarantine", "The pump is in quarantine."),
    "end-quarantine": (actions.end_quarantine, "End the quarantine", "The pump waits to be cleaned."),
    "retire": (actions.retire_pump, "Take this pump out of use for good", "The pump is out of use."),
}


@blueprint.get("/pumps")
@requires(Permission.PREPARE_PUMP_SHEETS)
def list_pumps() -> str:
    """List the pumps of the site, where each is and when its maintenance is due."""
    page = page_number(request.args.get("page"))
    status = next((one for one in PumpStatus if one.value == request.args.get("status")), None)
    statuses = (status,) if status else tuple(PumpStatus)
    found = queries.list_pumps(session(), site_id=actor().site_id, statuses=statuses, page=page)
    for pump in found:
        if pump.patient_id:
            reads_chart(pump.patient_id)
    return render_template(
        "pumps/list_pumps.html",
        pumps=found[: queries.PAGE],
        page=page,
        more=len(found) > queries.PAGE,
        status=status,
        statuses=list(PumpStatus),
        today=_today(now()),
    )


def _today(at: datetime) -> Any:
    return to_local(at, ZoneInfo(actor().site.time_zone)).date()


@blueprint.get("/pumps/<int:pump_id>")
@requires(Permission.PREPARE_PUMP_SHEETS)
def show_pump(pump_id: int) -> str:
    """Show one pump: what it is, how it is set up, where it is, and its history."""
    return _pump_page(pump_id, CleanedForm())


def _pump_page(pump_id: int, form: CleanedForm) -> str:
    pump = load_pump(pump_id)
    return render_template(
        "pumps/show_pump.html",
        pump=pump,
        form=form,
        today=_today(now()),
        history=list_history(session(), pump.__tablename__, pump.id),
    )


@blueprint.get("/pumps/new")
@requires(Permission.PREPARE_PUMP_SHEETS)
def register_pump() -> str:
    """Ask which pump comes into the register."""
    return _register_page(_offering(PumpForm()))


def _offering(form: PumpForm) -> PumpForm:
    form.offer(list_adopted_pump_profiles(session(), site_id=actor().site_id))
    return form


def _register_page(form: PumpForm) -> str:
    return render_template("pumps/register_pump.html", form=_offering(form))


@blueprint.post("/pumps/new")
@requires(Permission.PREPARE_PUMP_SHEETS)
def submit_register_pump() -> Any:
    """Add a pump to the register."""
    form = _offering(PumpForm())

    def act() -> Any:
        values = {name: form[name].data for name in form.data if name != "csrf_token"}
        pump = actions.register_pump(session(), actions.PumpEntry(**values), by=actor(), at=now())
        return go("pumps.show_pump", pump_id=pump.id)

    return submit(form, act, page=lambda: _register_page(form), said="The pump was registered.")


@blueprint.post("/pumps/<int:pump_id>/cleaned")
@requires(Permission.PREPARE_PUMP_SHEETS)
def submit_clean_pump(pump_id: int) -> Any:
    """Record that a pump was cleaned."""
    return _submit_plain(pump_id, actions.clean_pump, "The pump is clean and may go out.")


@blueprint.post("/pumps/<int:pump_id>/back")
@requires(Permission.PREPARE_PUMP_SHEETS)
def submit_take_back_pump(pump_id: int) -> Any:
    """Record that a pump came back."""
    return _submit_plain(pump_id, actions.take_back_pump, "The pump is back and waits to be cleaned.")


def _submit_plain(pump_id: int, action: Callable[..., Pump], said: str) -> Any:
    form = CleanedForm()

    def act() -> Any:
        action(session(), load_pump(pump_id), by=actor(), at=now())
        return go("pumps.show_pump", pump_id=pump_id)

    return submit(form, act, page=lambda: _pump_page(pump_id, form), said=said)


@blueprint.get("/pumps/<int:pump_id>/maintained")
@requires(Permission.PREPARE_PUMP_SHEETS)
def record_maintenance(pump_id: int) -> str:
    """Ask what was done and when maintenance is due next."""
    return _maintenance_page(pump_id, MaintenanceForm())


def _maintenance_page(pump_id: int, form: MaintenanceForm) -> str:
    return render_template("pumps/record_maintenance.html", pump=load_pump(pump_id), form=form)


@blueprint.post("/pumps/<int:pump_id>/maintained")
@requires(Permission.PREPARE_PUMP_SHEETS)
def submit_record_maintenance(pump_id: int) -> Any:
    """Record the maintenance of a pump."""
    form = MaintenanceForm()

    def act() -> Any:
        actions.record_maintenance(
            session(),
            load_pump(pump_id),
            next_due=form.next_due.data,
            note=form.note.data or "",
            by=actor(),
            at=now(),
        )
        return go("pumps.show_pump", pump_id=pump_id)

    return submit(
        form, act, page=lambda: _maintenance_page(pump_id, form), said="The maintenance is recorded."
    )


@blueprint.get("/pumps/<int:pump_id>/move/<what>")
@requires(Permission.PREPARE_PUMP_SHEETS)
def hold_back(pump_id: int, what: str) -> str:
    """Ask why a pump is held back, let go, or taken out of use."""
    return _reason_page(pump_id, what, ReasonForm())


def _reason_page(pump_id: int, what: str, form: ReasonForm) -> str:
    words = _get_move(what)[1]
    return render_template("pumps/hold_back.html", pump=load_pump(pump_id), what=what, words=words, form=form)


def _get_move(what: str) -> tuple[_Reasoned, str, str]:
    if what not in _WITH_REASON:
        raise NotFound("A pump is put in quarantine, let out of it, or taken out of use.")
    return _WITH_REASON[what]


@blueprint.post("/pumps/<int:pump_id>/move/<what>")
@requires(Permission.PREPARE_PUMP_SHEETS)
def submit_hold_back(pump_id: int, what: str) -> Any:
    """Hold a pump back, let it go, or take it out of use."""
    form = ReasonForm()
    action, _, said = _get_move(what)

    def act() -> Any:
        action(session(), load_pump(pump_id), reason=form.reason.data or "", by=actor(), at=now())
        return go("pumps.show_pump", pump_id=pump_id)

    return submit(form, act, page=lambda: _reason_page(pump_id, what, form), said=said)
