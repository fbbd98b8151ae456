"""Batches at the desk: the list, one batch with its stops, and sending it out."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from pharmacy.accounts.forms import ReasonForm
from pharmacy.accounts.permissions import Permission, Role
from pharmacy.accounts.queries import get_person, list_people_of_role
from pharmacy.audit.queries import list_history
from pharmacy.delivery import actions, documents, queries
from pharmacy.delivery.forms import BatchForm, GoForm, PrintForm, StopForm
from pharmacy.delivery.routes.door import blueprint, load_batch
from pharmacy.dispensing.queries import get_delivery
from pharmacy.domain.statuses import DeliveryStatus
from pharmacy.printing.queries import list_papers
from pharmacy.web.doors import requires
from pharmacy.web.paging import page_number
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, reads_chart, session


@blueprint.get("/deliveries")
@requires(Permission.PACK_DELIVERIES)
def list_batches() -> str:
    """List the batches that are open or on the way, and open a new one."""
    return _list_page(_offering(BatchForm()))


def _offering(form: BatchForm) -> BatchForm:
    form.offer(list_people_of_role(session(), Role.DRIVER, site_id=actor().site_id))
    return form


def _list_page(form: BatchForm) -> str:
    page = page_number(request.args.get("page"))
    status = next((one for one in DeliveryStatus if one.value == request.args.get("status")), None)
    statuses = (status,) if status else queries.OPEN_STATUSES
    found = queries.list_batches(session(), site_id=actor().site_id, statuses=statuses, page=page)
    return render_template(
        "delivery/list_batches.html",
        batches=found[: queries.PAGE],
        form=form,
        page=page,
        more=len(found) > queries.PAGE,
        status=status,
        statuses=list(DeliveryStatus),
    )


@blueprint.post("/deliveries")
@requires(Permission.PACK_DELIVERIES)
def submit_open_batch() -> Any:
    """Open a batch."""
    form = _offering(BatchForm())

    def act() -> Any:
        driver = get_person(session(), int(form.driver.data), site_id=actor().site_id)
        batch = actions.open_batch(
            session(), delivers_on=form.delivers_on.data, driver=driver, by=actor(), at=now()
        )
        return go("delivery.show_batch", batch_id=batch.id)

    return submit(form, act, page=lambda: _list_page(form), said="The batch is open.")


@blueprint.get("/deliveries/<int:batch_id>")
@requires(Permission.PACK_DELIVERIES)
def show_batch(batch_id: int) -> str:
    """Show a batch with its stops and what each needs next."""
    return _batch_page(batch_id, StopForm(), GoForm(), PrintForm())


def _batch_page(batch_id: int, stop_form: StopForm, go_form: GoForm, print_form: PrintForm) -> str:
    batch = load_batch(batch_id)
    planned = queries.list_without_stop(session(), site_id=batch.site_id, day=batch.delivers_on)
    for one in planned:
        reads_chart(one.plan.patient_id)
    stop_form.offer(planned)
    return render_template(
        "delivery/show_batch.html",
        batch=batch,
        planned=planned,
        stop_form=stop_form,
        go_form=go_form,
        print_form=print_form,
        packed={stop.id: queries.list_packed(stop) for stop in batch.stops},
        papers=list_papers(session(), batch.__tablename__, batch.id),
        history=list_history(session(), batch.__tablename__, batch.id),
    )


@blueprint.post("/deliveries/<int:batch_id>/stops")
@requires(Permission.PACK_DELIVERIES)
def submit_add_stop(batch_id: int) -> Any:
    """Put a planned delivery on a batch."""
    form, batch = StopForm(), load_batch(batch_id)
    form.offer(queries.list_without_stop(session(), site_id=batch.site_id, day=batch.delivers_on))

    def act() -> Any:
        planned = get_delivery(session(), int(form.delivery.data), site_id=actor().site_id)
        actions.add_stop(session(), load_batch(batch_id), planned, by=actor(), at=now())
        return go("delivery.show_batch", batch_id=batch_id)

    return submit(
        form,
        act,
        page=lambda: _batch_page(batch_id, form, GoForm(), PrintForm()),
        said="The stop is on the batch.",
    )


@blueprint.post("/deliveries/<int:batch_id>/send-out")
@requires(Permission.PACK_DELIVERIES)
def submit_send_out(batch_id: int) -> Any:
    """Send a batch out with its driver."""
    form = GoForm()

    def act() -> Any:
        actions.send_out(session(), load_batch(batch_id), by=actor(), at=now())
        return go("delivery.show_batch", batch_id=batch_id)

    return submit(
        form,
        act,
        page=lambda: _batch_page(batch_id, StopForm(), form, PrintForm()),
        said="The batch is on the way.",
    )


@blueprint.post("/deliveries/<int:batch_id>/package-list")
@requires(Permission.PACK_DELIVERIES)
def submit_print_package_list(batch_id: int) -> Any:
    """Print the driver's list."""
    form = PrintForm()

    def act() -> Any:
        batch = load_batch(batch_id)
        actions.print_package_list(
            session(),
            batch,
            draw=documents.draw_package_list(batch, site=actor().site),
            reason=form.reason.data,
            by=actor(),
            at=now(),
        )
        return go("delivery.show_batch", batch_id=batch_id)

    return submit(
        form,
        act,
        page=lambda: _batch_page(batch_id, StopForm(), GoForm(), form),
        said="The driver's list was printed.",
    )


@blueprint.get("/deliveries/<int:batch_id>/cancel")
@requires(Permission.PACK_DELIVERIES)
def cancel_batch(batch_id: int) -> str:
    """Ask why a batch is cancelled."""
    return _cancel_page(batch_id, ReasonForm())


def _cancel_page(batch_id: int, form: ReasonForm) -> str:
    return render_template("delivery/cancel_batch.html", batch=load_batch(batch_id), form=form)


@blueprint.post("/deliveries/<int:batch_id>/cancel")
@requires(Permission.PACK_DELIVERIES)
def submit_cancel_batch(batch_id: int) -> Any:
    """Cancel a batch."""
    form = ReasonForm()

    def act() -> Any:
        actions.cancel_batch(
            session(), load_batch(batch_id), reason=form.reason.data or "", by=actor(), at=now()
        )
        return go("delivery.list_batches")

    return submit(form, act, page=lambda: _cancel_page(batch_id, form), said="The batch is cancelled.")
