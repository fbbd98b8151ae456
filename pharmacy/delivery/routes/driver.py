"""The driver's phone: the stops of the round, one door, and proof of delivery; nothing clinical."""

from __future__ import annotations

from typing import Any

from flask import render_template

from pharmacy.accounts.permissions import Permission
from pharmacy.delivery import actions, documents, queries
from pharmacy.delivery.forms import NotDeliveredForm, ProofForm
from pharmacy.delivery.models import DeliveryStop
from pharmacy.delivery.routes.door import blueprint
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session


@blueprint.get("/my-stops")
@requires(Permission.DRIVE_DELIVERIES)
def my_stops() -> str:
    """List the driver's stops that are on the way, in the order of the round."""
    doors = queries.list_doors(session(), driver=actor())
    return render_template("delivery/my_stops.html", doors=doors)


def _load(stop_id: int) -> DeliveryStop:
    return queries.get_own_stop(session(), stop_id, driver=actor())


def _door(stop_id: int) -> queries.Door:
    is_stopped = bool(queries.list_stopped(session(), [stop_id]))
    return queries.describe_door(_load(stop_id), is_stopped=is_stopped)


@blueprint.get("/my-stops/<int:stop_id>")
@requires(Permission.DRIVE_DELIVERIES)
def driver_stop(stop_id: int) -> str:
    """Show one door: whom, where, and which packages."""
    door = _door(stop_id)
    return render_template("delivery/driver_stop.html", door=door, packages=documents.list_packages(door))


@blueprint.get("/my-stops/<int:stop_id>/proof")
@requires(Permission.DRIVE_DELIVERIES)
def proof(stop_id: int) -> str:
    """Ask who took the delivery, and for a signature."""
    return _proof_page(stop_id, ProofForm())


def _proof_page(stop_id: int, form: ProofForm) -> str:
    return render_template("delivery/proof.html", door=_door(stop_id), form=form)


@blueprint.post("/my-stops/<int:stop_id>/proof")
@requires(Permission.DRIVE_DELIVERIES)
def submit_proof(stop_id: int) -> Any:
    """Record the proof of delivery."""
    form = ProofForm()

    def act() -> Any:
        kind, content = form.chosen_signature()
        actions.record_proof(
            session(),
            _load(stop_id),
            received_by=form.received_by.data or "",
            relationship=form.relationship.data or "",
            signature_kind=kind,
            signature_content=content,
            by=actor(),
            at=now(),
        )
        return go("delivery.my_stops")

    return submit(form, act, page=lambda: _proof_page(stop_id, form), said="The delivery is recorded.")


@blueprint.get("/my-stops/<int:stop_id>/not-delivered")
@requires(Permission.DRIVE_DELIVERIES)
def not_delivered(stop_id: int) -> str:
    """Ask why a stop was not delivered."""
    return _not_delivered_page(stop_id, NotDeliveredForm())


def _not_delivered_page(stop_id: int, form: NotDeliveredForm) -> str:
    return render_template("delivery/not_delivered.html", door=_door(stop_id), form=form)


@blueprint.post("/my-stops/<int:stop_id>/not-delivered")
@requires(Permission.DRIVE_DELIVERIES)
def submit_not_delivered(stop_id: int) -> Any:
    """Record why a stop was not delivered."""
    form = NotDeliveredForm()

    def act() -> Any:
        actions.record_not_delivered(
            session(), _load(stop_id), reason=form.reason.data or "", by=actor(), at=now()
        )
        return go("delivery.my_stops")

    return submit(
        form,
        act,
        page=lambda: _not_delivered_page(stop_id, form),
        said="It is recorded; bring the packages back.",
    )
