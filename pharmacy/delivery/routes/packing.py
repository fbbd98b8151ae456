"""The packing station: one scan field, what is in the box, what is missing, and closing it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import render_template
from flask_wtf import FlaskForm

from pharmacy.accounts.forms import ReasonForm
from pharmacy.accounts.permissions import Permission
from pharmacy.compounding.queries import find_bag
from pharmacy.delivery import actions, queries
from pharmacy.delivery.forms import BoxForm, LookForm, PumpTagForm, ScanForm
from pharmacy.delivery.models import DeliveryStop
from pharmacy.delivery.routes.door import blueprint, load_stop
from pharmacy.dispensing.queries import count_bags_to_bring, recheck_doses
from pharmacy.domain.errors import Refusal
from pharmacy.domain.statuses import BagStatus, StopStatus
from pharmacy.pumps.queries import find_verified_sheet
from pharmacy.scanning import read_bag_serial, reading_of
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session


@blueprint.get("/deliveries/stops/<int:stop_id>/pack")
@requires(Permission.PACK_DELIVERIES)
def pack_stop(stop_id: int) -> Any:
    """Show the box of a stop with the one scan field."""
    stop = load_stop(stop_id)
    if stop.status is not StopStatus.OPEN:
        return go("delivery.show_stop", stop_id=stop_id)
    return _station_page(stop_id)


def _station_page(stop_id: int, tried: FlaskForm | None = None) -> str:
    """Make the station's page; `tried` is the form that was refused."""
    stop = load_stop(stop_id)
    packed = queries.list_packed(stop)
    version = stop.planned_delivery.plan.order_version
    return render_template(
        "delivery/pack_stop.html",
        stop=stop,
        patient=stop.patient,
        packed=packed,
        signed=count_bags_to_bring(stop.planned_delivery),
        doses=recheck_doses(stop.planned_delivery, [one.bag for one in packed]),
        sheet=find_verified_sheet(session(), version.id),
        version=version,
        tried=tried,
        look=_look_form(tried),
        scan=ScanForm(formdata=None),
        tag=PumpTagForm(formdata=None),
        box=tried if isinstance(tried, BoxForm) else BoxForm(formdata=None, obj=stop),
    )


def _submit_step(stop_id: int, form: FlaskForm, step: Callable[[DeliveryStop], Any]) -> Any:
    """Do one step at the station, and show its page again."""

    def act() -> Any:
        step(load_stop(stop_id))
        return go("delivery.pack_stop", stop_id=stop_id)

    return submit(form, act, page=lambda: _station_page(stop_id, form))


@blueprint.post("/deliveries/stops/<int:stop_id>/scan")
@requires(Permission.PACK_DELIVERIES)
def submit_pack_bag(stop_id: int) -> Any:
    """Take a scan of a bag into the box."""
    form = ScanForm()

    def step(stop: DeliveryStop) -> None:
        actions.pack_bag(session(), stop, form.code.data or "", by=actor(), at=now())

    return _submit_step(stop_id, form, step)


@blueprint.post("/deliveries/stops/<int:stop_id>/look")
@requires(Permission.PACK_DELIVERIES)
def submit_look_again(stop_id: int) -> Any:
    """Confirm that a bag was looked at again, and take it into the box."""
    form = LookForm(prefix="look-")

    def step(stop: DeliveryStop) -> None:
        code = form.code.data or ""
        actions.look_again(session(), stop, code, by=actor(), at=now())
        actions.pack_bag(session(), stop, code, by=actor(), at=now())

    return _submit_step(stop_id, form, step)


def _look_form(tried: FlaskForm | None) -> LookForm | None:
    """Return the form for a bag that is to be looked at again: the one just scanned, or just tried."""
    if isinstance(tried, LookForm):
        return tried
    if not isinstance(tried, ScanForm) or not tried.code.data:
        return None
    bag = None
    with suppress(Refusal), reading_of(tried.code.data) as seen:
        bag = find_bag(session(), read_bag_serial(seen), site_id=actor().site_id)
    if bag is None or bag.status is not BagStatus.RELEASED:
        return None
    seen_today = not queries.needs_second_look(session(), bag, at=now())
    return None if seen_today else LookForm(formdata=None, prefix="look-", data={"code": tried.code.data})


@blueprint.post("/deliveries/stops/<int:stop_id>/pump")
@requires(Permission.PACK_DELIVERIES)
def submit_pack_pump(stop_id: int) -> Any:
    """Put the pump into the box."""
    form = PumpTagForm()

    def step(stop: DeliveryStop) -> None:
        actions.pack_pump(session(), stop, form.asset.data or "", by=actor(), at=now())

    return _submit_step(stop_id, form, step)


@blueprint.post("/deliveries/stops/<int:stop_id>/finish")
@requires(Permission.PACK_DELIVERIES)
def submit_finish_packing(stop_id: int) -> Any:
    """Describe the box and close it."""
    form = BoxForm()

    def step(stop: DeliveryStop) -> None:
        actions.describe_box(
            session(),
            stop,
            packages=form.packages.data or 0,
            cold_pack=form.cold_pack.data or "",
            temperature_monitor=form.temperature_monitor.data or "",
            by=actor(),
            at=now(),
        )
        actions.finish_packing(session(), stop, reason=form.reason.data or None, by=actor(), at=now())

    return _submit_step(stop_id, form, step)


@blueprint.get("/deliveries/stops/<int:stop_id>/bags/<int:packed_id>/out")
@requires(Permission.PACK_DELIVERIES)
def take_out_bag(stop_id: int, packed_id: int) -> str:
    """Ask why a bag is taken out of the box."""
    return _out_page(stop_id, packed_id, ReasonForm())


def _out_page(stop_id: int, packed_id: int, form: ReasonForm) -> str:
    stop = load_stop(stop_id)
    packed = queries.get_packed(stop, packed_id)
    return render_template("delivery/take_out_bag.html", stop=stop, packed=packed, form=form)


@blueprint.post("/deliveries/stops/<int:stop_id>/bags/<int:packed_id>/out")
@requires(Permission.PACK_DELIVERIES)
def submit_take_out_bag(stop_id: int, packed_id: int) -> Any:
    """Take a bag out of the box."""
    form = ReasonForm()

    def act() -> Any:
        packed = queries.get_packed(load_stop(stop_id), packed_id)
        actions.take_out_bag(session(), packed, reason=form.reason.data or "", by=actor(), at=now())
        return go("delivery.pack_stop", stop_id=stop_id)

    return submit(
        form, act, page=lambda: _out_page(stop_id, packed_id, form), said="The bag is out of the box."
    )


@blueprint.get("/deliveries/stops/<int:stop_id>/pump/out")
@requires(Permission.PACK_DELIVERIES)
def take_out_pump(stop_id: int) -> str:
    """Ask why the pump is taken out of the box."""
    return _pump_out_page(stop_id, ReasonForm())


def _pump_out_page(stop_id: int, form: ReasonForm) -> str:
    return render_template("delivery/take_out_pump.html", stop=load_stop(stop_id), form=form)


@blueprint.post("/deliveries/stops/<int:stop_id>/pump/out")
@requires(Permission.PACK_DELIVERIES)
def submit_take_out_pump(stop_id: int) -> Any:
    """Take the pump out of the box."""
    form = ReasonForm()

    def act() -> Any:
        actions.take_out_pump(
            session(), load_stop(stop_id), reason=form.reason.data or "", by=actor(), at=now()
        )
        return go("delivery.pack_stop", stop_id=stop_id)

    return submit(form, act, page=lambda: _pump_out_page(stop_id, form), said="The pump is out of the box.")
