"""Record a prescriber's change in two steps: type it, read it back against the old order, save it."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.changes import queries
from pharmacy.changes.forms import ChangeForm
from pharmacy.changes.routes.door import blueprint
from pharmacy.domain.errors import Refusal
from pharmacy.prescriptions import actions as orders
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.prescriptions.queries import find_version_to_change, get_order, understand_schedule
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, reads_chart, session

# The button that was pressed: read it back, go back to the boxes, or save.
_EDIT, _SAVE = "edit", "save"
_NEVER_KEPT = {"csrf_token", "step"}


@blueprint.get("/orders/<int:order_id>/change")
@requires(Permission.CHANGE_ORDERS)
def enter_change(order_id: int) -> str:
    """Ask what the prescriber changed, beside the order that holds."""
    return _entry_page(_load(order_id), ChangeForm())


def _load(order_id: int) -> OrderVersion:
    """Return the version that a change would replace; refuses where there is none to change."""
    order = get_order(session(), order_id, site_id=actor().site_id)
    if request.method == "GET":
        reads_chart(order.patient_id)
    version = find_version_to_change(session(), order.id)
    if version is None:
        raise Refusal(
            f"No version of Rx {order.rx_number} is in force or on hold, so there is none to change."
        )
    orders.ensure_changeable(session(), version)
    return version


def _entry_page(old: OrderVersion, form: ChangeForm) -> str:
    return render_template(
        "changes/enter_change.html", old=old, patient=old.order.patient, form=form, action=request.path
    )


@blueprint.post("/orders/<int:order_id>/change")
@requires(Permission.CHANGE_ORDERS)
def submit_enter_change(order_id: int) -> Any:
    """Read a change back as it was understood; save it when that was confirmed."""
    old, form = _load(order_id), ChangeForm()
    page = lambda: _entry_page(_load(order_id), form)  # noqa: E731
    if request.form.get("step") == _EDIT:
        return page()
    save = request.form.get("step") == _SAVE
    return submit(form, lambda: _read_back_or_save(old, form, save=save), page=page)


def _read_back_or_save(old: OrderVersion, form: ChangeForm, *, save: bool) -> Any:
    problems = orders.list_change_problems(old, **form.values())
    if problems:
        form.tell(problems)
        return _entry_page(old, form), 422
    if not save:
        return _review_page(old, form)
    orders.enter_change(session(), old, **form.values(), by=actor(), at=now())
    flash("The change was recorded. The old version holds until another pharmacist has verified the new one.")
    return go("prescriptions.show_order", order_id=old.order_id)


def _review_page(old: OrderVersion, form: ChangeForm) -> str:
    typed, zone = form.typed(old), old.order.patient.time_zone
    return render_template(
        "changes/review_change.html",
        old=old,
        patient=old.order.patient,
        change=form.values(),
        lines=queries.compare_patterns(old, typed),
        sentence=queries.find_change(old, typed).sentence,
        understood=understand_schedule(typed, zone=zone, at=now()),
        kept=[one for one in request.form.items(multi=True) if one[0] not in _NEVER_KEPT],
        action=request.path,
    )
