"""Clinical verification: read the order beside the chart and the findings, then sign or send back."""

from __future__ import annotations

from typing import Any

from flask import render_template

from pharmacy.accounts.permissions import Permission
from pharmacy.domain.errors import Refusal
from pharmacy.prescriptions import actions, queries
from pharmacy.prescriptions.forms import SendBackForm, VerifyForm
from pharmacy.prescriptions.routes.door import blueprint, load_version
from pharmacy.prescriptions.routes.review import review
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session


@blueprint.get("/order-versions/<int:version_id>/verify")
@requires(Permission.VERIFY_ORDERS)
def verify_order(version_id: int) -> Any:
    """Show an order, the chart and the findings, to sign or to send back."""
    if load_version(version_id).replaces_id is not None:
        return go("changes.verify_change", version_id=version_id)
    return _verify_page(version_id, VerifyForm(), SendBackForm(prefix="back"))


def _verify_page(version_id: int, form: VerifyForm, back: SendBackForm) -> str:
    version = load_version(version_id)
    shown = review(version)
    form.fit(actions.digest_of_page(session(), version, at=now()), shown["hard"])
    return render_template("prescriptions/verify_order.html", form=form, back=back, **shown)


@blueprint.post("/order-versions/<int:version_id>/verify")
@requires(Permission.VERIFY_ORDERS)
def submit_verify_order(version_id: int) -> Any:
    """Verify an order by signature."""
    form = VerifyForm()

    def page() -> str:
        return _verify_page(version_id, form, SendBackForm(prefix="back", formdata=None))

    return submit(
        form, lambda: _sign(version_id, form), page=page, said="The order is verified and in force."
    )


def _sign(version_id: int, form: VerifyForm) -> Any:
    version = load_version(version_id)
    if version.replaces_id is not None:
        raise Refusal("This version replaces another: verify it on the page that shows what the change does.")
    actions.ensure_unchanged(session(), version, seen=form.seen.data or "", at=now())
    findings = queries.screen_version(session(), version, at=now())
    actions.verify_order(
        session(),
        version,
        list_checked=bool(form.list_checked.data),
        acknowledged=form.answers(findings),
        password=form.password.data or "",
        by=actor(),
        at=now(),
    )
    return go("prescriptions.show_order", order_id=version.order_id)


@blueprint.post("/order-versions/<int:version_id>/send-back")
@requires(Permission.VERIFY_ORDERS)
def submit_send_back(version_id: int) -> Any:
    """Send an order back with what must be put right."""
    back = SendBackForm(prefix="back")

    def act() -> Any:
        version = load_version(version_id)
        actions.send_back(session(), version, reason=back.reason.data or "", by=actor(), at=now())
        return go("prescriptions.show_order", order_id=version.order_id)

    def page() -> str:
        return _verify_page(version_id, VerifyForm(formdata=None), back)

    return submit(back, act, page=page, said="The order was sent back.")
