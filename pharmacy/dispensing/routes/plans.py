"""Plan deliveries, show a plan, choose quantities, sign, and open the worksheets."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from pharmacy.accounts.forms import PasswordForm
from pharmacy.accounts.permissions import Permission
from pharmacy.audit.queries import list_history
from pharmacy.dispensing import actions, queries
from pharmacy.dispensing.forms import NewPlanForm, OpenWorksheetForm, QuantityForm
from pharmacy.dispensing.routes.room import blueprint
from pharmacy.domain.errors import NotFound, Refusal
from pharmacy.domain.local_time import find_zone, to_local
from pharmacy.domain.statuses import PlanStatus
from pharmacy.prescriptions.queries import find_version_in_force, get_order
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, reads_chart, session


@blueprint.get("/orders/<int:order_id>/plans")
@requires(Permission.READ_CHARTS)
def list_plans(order_id: int) -> str:
    """List the dispense plans and the home counts of an order."""
    order = get_order(session(), order_id, site_id=actor().site_id)
    reads_chart(order.patient_id)
    return render_template(
        "dispensing/list_plans.html",
        order=order,
        patient=order.patient,
        plans=queries.list_plans(session(), order.id),
        counts=queries.list_counts(session(), order.id),
    )


@blueprint.get("/orders/<int:order_id>/plans/new")
@requires(Permission.PLAN_DISPENSING)
def new_plan(order_id: int) -> str:
    """Ask for the time ahead and the deliveries of a plan."""
    form = NewPlanForm()
    reads_chart(get_order(session(), order_id, site_id=actor().site_id).patient_id)
    count = queries.find_latest_count(session(), order_id)
    if count is not None:
        form.count_id.data = count.id
        form.starts.data = to_local(count.counted_at, find_zone(count.patient.time_zone))
    return _new_page(order_id, form)


def _new_page(order_id: int, form: NewPlanForm) -> str:
    order = get_order(session(), order_id, site_id=actor().site_id)
    count = queries.find_latest_count(session(), order.id)
    return render_template(
        "dispensing/new_plan.html",
        order=order,
        version=find_version_in_force(session(), order.id),
        patient=order.patient,
        count=count,
        bags=queries.count_bags(count) if count else 0,
        form=form,
    )


@blueprint.post("/orders/<int:order_id>/plans/new")
@requires(Permission.PLAN_DISPENSING)
def submit_new_plan(order_id: int) -> Any:
    """Propose a plan, or show another empty delivery."""
    form = NewPlanForm()
    if "more" in request.form:
        form.add_row()
        return _new_page(order_id, form)

    def act() -> Any:
        order = get_order(session(), order_id, site_id=actor().site_id)
        plan = actions.make_plan(session(), order, home_count=_read_count(form), starts=form.starts.data,
                                 ends=form.ends.data, arrivals=form.list_arrivals(), by=actor(),
                                 at=now())  # fmt: skip
        return go("dispensing.show_plan", plan_id=plan.id)

    return submit(form, act, page=lambda: _new_page(order_id, form), said="The plan is proposed.")


def _read_count(form: NewPlanForm) -> Any:
    typed = form.count_id.data or ""
    if not (typed.isascii() and typed.isdigit()):
        raise NotFound("Enter a home count first; a plan rests on what is at home.")
    return queries.get_count(session(), int(typed[:9]), site_id=actor().site_id)


@blueprint.get("/plans/<int:plan_id>")
@requires(Permission.READ_CHARTS)
def show_plan(plan_id: int) -> str:
    """Show a plan with its doses, its deliveries and its working."""
    return _plan_page(plan_id, PasswordForm())


def _plan_page(plan_id: int, form: PasswordForm) -> str:
    plan = queries.get_plan(session(), plan_id, site_id=actor().site_id)
    reads_chart(plan.patient_id)
    return render_template(
        "dispensing/show_plan.html",
        plan=plan,
        shown=queries.show_plan(plan),
        patient=plan.patient,
        form=form,
        empty_form=OpenWorksheetForm(formdata=None),
        objection=_find_objection(plan),
        in_force=queries.find_plan_in_force(session(), plan.order_version.order_id),
        history=list_history(session(), plan.__tablename__, plan.id),
        has_worksheet=queries.has_worksheet,
        fits=queries.count_fitting_stock(session(), plan, at=now()),
    )


def _find_objection(plan: Any) -> str | None:
    """Say why a proposed plan can no longer be signed, before anybody tries."""
    if plan.status is not PlanStatus.PROPOSED:
        return None
    try:
        actions.ensure_plan_stands(session(), plan, at=now())
    except Refusal as refusal:
        return refusal.sentence
    return None


@blueprint.post("/plans/<int:plan_id>/sign")
@requires(Permission.SIGN_PLANS)
def submit_sign_plan(plan_id: int) -> Any:
    """Sign a plan."""
    form = PasswordForm()

    def act() -> Any:
        plan = queries.get_plan(session(), plan_id, site_id=actor().site_id)
        actions.sign_plan(session(), plan, password=form.password.data or "", by=actor(), at=now())
        return go("dispensing.show_plan", plan_id=plan_id)

    return submit(form, act, page=lambda: _plan_page(plan_id, form), said="The plan is signed.")


@blueprint.get("/planned-deliveries/<int:delivery_id>/quantity")
@requires(Permission.PLAN_DISPENSING)
def choose_quantity(delivery_id: int) -> str:
    """Ask for another quantity than the plan proposes."""
    return _quantity_page(delivery_id, QuantityForm())


def _quantity_page(delivery_id: int, form: QuantityForm) -> str:
    delivery = queries.get_delivery(session(), delivery_id, site_id=actor().site_id)
    reads_chart(delivery.plan.patient_id)
    return render_template(
        "dispensing/choose_quantity.html",
        delivery=delivery,
        plan=delivery.plan,
        patient=delivery.plan.patient,
        covers=queries.list_covers(delivery),
        form=form,
    )


@blueprint.post("/planned-deliveries/<int:delivery_id>/quantity")
@requires(Permission.PLAN_DISPENSING)
def submit_choose_quantity(delivery_id: int) -> Any:
    """Choose another quantity than the plan proposes."""
    form = QuantityForm()

    def act() -> Any:
        delivery = queries.get_delivery(session(), delivery_id, site_id=actor().site_id)
        actions.choose_quantity(session(), delivery, bags=form.bags.data, reason=form.reason.data or "",
                                by=actor(), at=now())  # fmt: skip
        return go("dispensing.show_plan", plan_id=delivery.plan_id)

    return submit(form, act, page=lambda: _quantity_page(delivery_id, form), said="The quantity is changed.")


@blueprint.post("/planned-deliveries/<int:delivery_id>/worksheet")
@requires(Permission.OPEN_WORKSHEETS)
def submit_open_worksheet(delivery_id: int) -> Any:
    """Open the worksheet for the bags of a delivery."""
    form = OpenWorksheetForm()
    plan_id = queries.get_delivery(session(), delivery_id, site_id=actor().site_id).plan_id

    def act() -> Any:
        delivery = queries.get_delivery(session(), delivery_id, site_id=actor().site_id)
        worksheet = actions.open_worksheet_for(session(), delivery, by=actor(), at=now())
        return go("compounding.show_worksheet", worksheet_id=worksheet.id)

    return submit(form, act, page=lambda: _failed_page(plan_id, form), said="The worksheet is open.")


def _failed_page(plan_id: int, form: OpenWorksheetForm) -> str:
    """Show the plan again with the reason why no worksheet was opened."""
    page = PasswordForm(formdata=None)
    page.form_errors = form.form_errors
    return _plan_page(plan_id, page)
