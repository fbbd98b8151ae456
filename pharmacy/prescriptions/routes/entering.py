"""Enter an order in two steps: type it, read it back, save it; and correct or withdraw one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, render_template, request

from pharmacy.accounts.forms import ReasonForm
from pharmacy.accounts.permissions import Permission
from pharmacy.formulary.queries import get_formula, list_adopted_pump_profiles, list_approved_formulas
from pharmacy.patients.queries import get_prescriber, list_prescribers
from pharmacy.prescriptions import actions, queries
from pharmacy.prescriptions.actions import OrderEntry
from pharmacy.prescriptions.forms import CorrectForm, OrderForm
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.prescriptions.routes.door import blueprint, load_patient, load_version
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session

# The button that was pressed: read it back, go back to the boxes, or save.
_EDIT, _SAVE = "edit", "save"
_NEVER_KEPT = {"csrf_token", "step"}


@blueprint.get("/patients/<int:patient_id>/orders/new")
@requires(Permission.ENTER_ORDERS)
def enter_order(patient_id: int) -> str:
    """Ask for a prescription as separate coded fields."""
    return _entry_page(patient_id, _offering(OrderForm()))


@blueprint.post("/patients/<int:patient_id>/orders/new")
@requires(Permission.ENTER_ORDERS)
def submit_enter_order(patient_id: int) -> Any:
    """Read a prescription back as it was understood; save it when that was confirmed."""
    form = _offering(OrderForm())

    def save(entry: OrderEntry) -> OrderVersion:
        return actions.enter_order(session(), entry, by=actor(), at=now())

    return _in_two_steps(
        form,
        patient_id,
        save,
        page=lambda: _entry_page(patient_id, form),
        said="The prescription was entered.",
    )


def _offering(form: Any) -> Any:
    site_id = actor().site_id
    form.offer(
        formulas=list_approved_formulas(session(), site_id=site_id),
        devices=list_adopted_pump_profiles(session(), site_id=site_id),
        prescribers=list_prescribers(session(), site_id=site_id),
    )
    return form


def _entry_page(patient_id: int, form: OrderForm) -> str:
    return render_template("prescriptions/enter_order.html", patient=load_patient(patient_id), form=form)


def _in_two_steps(
    form: OrderForm,
    patient_id: int,
    save: Callable[[OrderEntry], OrderVersion],
    *,
    page: Callable[[], str],
    said: str,
) -> Any:
    """Show the boxes again, the order read back, or the saved order, as the button asks."""
    step = request.form.get("step")
    if step == _EDIT:
        return page()

    def act() -> Any:
        entry = form.entry(patient_id)
        problems = actions.list_entry_problems(session(), entry, by=actor(), at=now())
        if problems:
            form.tell(problems)
            return page(), 422
        if step != _SAVE:
            return _review_page(entry)
        version = save(entry)
        flash(said)
        return go("prescriptions.show_order", order_id=version.order_id)

    return submit(form, act, page=page)


def _review_page(entry: OrderEntry) -> str:
    site_id = actor().site_id
    patient = load_patient(entry.patient_id)
    formula = get_formula(session(), entry.formula_id, site_id=site_id)
    return render_template(
        "prescriptions/review_order.html",
        patient=patient,
        order=entry,
        formula=formula,
        prescriber=get_prescriber(session(), entry.prescriber_id, site_id=site_id),
        device=queries.name_device(session(), entry.device, site_id=site_id),
        rate=queries.running_rate(formula, entry.infusion_hours),
        understood=queries.understand_schedule(entry, zone=patient.time_zone, at=now()),
        typed=[one for one in request.form.items(multi=True) if one[0] not in _NEVER_KEPT],
    )


@blueprint.get("/order-versions/<int:version_id>/correct")
@requires(Permission.ENTER_ORDERS)
def correct_order(version_id: int) -> str:
    """Show an order that was sent back, to be put right."""
    form = _offering(CorrectForm())
    form.show_version(load_version(version_id))
    return _correction_page(version_id, form)


@blueprint.post("/order-versions/<int:version_id>/correct")
@requires(Permission.ENTER_ORDERS)
def submit_correct_order(version_id: int) -> Any:
    """Read the corrected order back; save it when that was confirmed."""
    version, form = load_version(version_id), _offering(CorrectForm())

    def save(entry: OrderEntry) -> OrderVersion:
        reason = form.reason.data or ""
        return actions.correct_order(session(), version, entry, reason=reason, by=actor(), at=now())

    return _in_two_steps(
        form,
        version.order.patient_id,
        save,
        page=lambda: _correction_page(version_id, form),
        said="The order was corrected and waits for verification.",
    )


def _correction_page(version_id: int, form: CorrectForm) -> str:
    version = load_version(version_id)
    sent_back = queries.find_sent_back_reason(session(), version)
    return render_template(
        "prescriptions/correct_order.html",
        version=version,
        patient=version.order.patient,
        form=form,
        sent_back=sent_back,
    )


@blueprint.get("/order-versions/<int:version_id>/withdraw")
@requires(Permission.ENTER_ORDERS)
def withdraw_order(version_id: int) -> str:
    """Ask why an order that nobody has verified is withdrawn."""
    return _withdraw_page(version_id, ReasonForm())


def _withdraw_page(version_id: int, form: ReasonForm) -> str:
    return render_template("prescriptions/withdraw_order.html", version=load_version(version_id), form=form)


@blueprint.post("/order-versions/<int:version_id>/withdraw")
@requires(Permission.ENTER_ORDERS)
def submit_withdraw_order(version_id: int) -> Any:
    """Withdraw an order that nobody has verified."""
    form = ReasonForm()

    def act() -> Any:
        version = load_version(version_id)
        actions.withdraw_order(session(), version, reason=form.reason.data or "", by=actor(), at=now())
        return go("prescriptions.show_order", order_id=version.order_id)

    return submit(form, act, page=lambda: _withdraw_page(version_id, form), said="The order was withdrawn.")
