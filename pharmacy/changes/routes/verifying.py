"""Verify a change: old beside new, the findings, and all that follows, computed now; sign or send back."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.changes import actions, queries
from pharmacy.changes.routes.door import blueprint
from pharmacy.domain.local_time import to_local
from pharmacy.domain.statuses import OrderStatus
from pharmacy.prescriptions import actions as orders
from pharmacy.prescriptions.forms import SendBackForm, VerifyForm
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.prescriptions.queries import get_version, screen_version
from pharmacy.prescriptions.routes.review import review
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, reads_chart, session


@blueprint.get("/order-versions/<int:version_id>/change")
@requires(Permission.VERIFY_ORDERS)
def verify_change(version_id: int) -> Any:
    """Show a change with all that it does, to sign or to send back."""
    version = _load(version_id)
    if version.replaces_id is None:
        return go("prescriptions.verify_order", version_id=version.id)
    if version.verification_id is not None:
        return go("changes.show_change", version_id=version.id)
    if version.status is not OrderStatus.ENTERED:
        return go("prescriptions.show_order", order_id=version.order_id)
    return _page(version, VerifyForm(), SendBackForm(prefix="back"))


def _load(version_id: int) -> OrderVersion:
    version = get_version(session(), version_id, site_id=actor().site_id)
    if request.method == "GET":
        reads_chart(version.order.patient_id)
    return version


def _page(version: OrderVersion, form: VerifyForm, back: SendBackForm) -> str:
    shown, prospect = review(version), queries.foresee(session(), version, at=now())
    numbers, zone = queries.count_change(prospect), prospect.zone
    consequences = queries.list_consequences(session(), prospect)
    form.fit(actions.digest_of_page(session(), version, consequences, at=now()), shown["hard"])
    return render_template(
        "changes/verify_change.html",
        form=form,
        back=back,
        old=prospect.old,
        lines=queries.compare_versions(prospect.old, version),
        numbers=numbers,
        calendars=queries.lay_out_calendars(numbers, zone=zone, today=to_local(now(), zone).date()),
        groups=queries.group_by_subject(consequences, lambda one: one.subject_kind),
        **shown,
    )


@blueprint.post("/order-versions/<int:version_id>/change")
@requires(Permission.VERIFY_ORDERS)
def submit_verify_change(version_id: int) -> Any:
    """Put a change in force by signature, with all that follows from it."""
    form = VerifyForm()
    page = lambda: _page(_load(version_id), form, SendBackForm(prefix="back", formdata=None))  # noqa: E731
    return submit(form, lambda: _sign(version_id, form), page=page, said="The change is in force.")


def _sign(version_id: int, form: VerifyForm) -> Any:
    version = _load(version_id)
    actions.ensure_unchanged(session(), version, seen=form.seen.data or "", at=now())
    actions.put_change_in_force(
        session(),
        version,
        list_checked=bool(form.list_checked.data),
        acknowledged=form.answers(screen_version(session(), version, at=now())),
        password=form.password.data or "",
        by=actor(),
        at=now(),
    )
    return go("changes.show_change", version_id=version.id)


@blueprint.post("/order-versions/<int:version_id>/change/send-back")
@requires(Permission.VERIFY_ORDERS)
def submit_send_back(version_id: int) -> Any:
    """Send a change back with what must be put right; the old version goes on to hold."""
    back = SendBackForm(prefix="back")

    def act() -> Any:
        version = _load(version_id)
        orders.send_back(session(), version, reason=back.reason.data or "", by=actor(), at=now())
        return go("prescriptions.show_order", order_id=version.order_id)

    page = lambda: _page(_load(version_id), VerifyForm(formdata=None), back)  # noqa: E731
    return submit(back, act, page=page, said="The change was sent back; the old version goes on to hold.")
