"""Pages of the inventory room: the shelf, one lot, receiving, and quarantine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request

from pharmacy.accounts.forms import ReasonForm
from pharmacy.accounts.permissions import Permission
from pharmacy.audit.queries import list_history
from pharmacy.domain.errors import ScanRefused
from pharmacy.domain.statuses import LotStatus
from pharmacy.formulary.queries import get_product, list_products
from pharmacy.inventory import actions, queries
from pharmacy.inventory.forms import CorrectExpiryForm, ReceiveLotForm
from pharmacy.web.doors import requires
from pharmacy.web.paging import page_number
from pharmacy.web.refusals import keep_refusal, submit
from pharmacy.web.request import actor, go, now, session

blueprint = Blueprint("inventory", __name__)


@blueprint.get("/stock")
@requires(Permission.READ_FORMULARY)
def list_lots() -> str:
    """List the lots of the site, the soonest expiry first."""
    page, search = page_number(request.args.get("page")), request.args.get("search", "").strip()
    status = next((one for one in LotStatus if one.value == request.args.get("status")), None)
    found = queries.list_lots(session(), site_id=actor().site_id, page=page, status=status, search=search)
    return render_template(
        "inventory/list_lots.html",
        lines=found[: queries.PAGE],
        page=page,
        more=len(found) > queries.PAGE,
        search=search,
        status=status,
        statuses=list(LotStatus),
        at=now(),
        soon=queries.soon(now()),
    )


@blueprint.get("/stock/lots/<int:lot_id>")
@requires(Permission.READ_FORMULARY)
def show_lot(lot_id: int) -> str:
    """Show a lot with what is on hand and every movement."""
    lot = queries.get_lot(session(), lot_id, site_id=actor().site_id)
    page = page_number(request.args.get("page"))
    found = queries.list_movements(session(), lot.id, page=page)
    return render_template(
        "inventory/show_lot.html",
        lot=lot,
        balance=queries.get_balances(session(), [lot.id])[lot.id],
        movements=found[: queries.PAGE],
        page=page,
        more=len(found) > queries.PAGE,
        is_used=queries.is_used(session(), lot.id),
        history=list_history(session(), lot.__tablename__, lot.id),
        at=now(),
        soon=queries.soon(now()),
    )


@blueprint.get("/stock/receive")
@requires(Permission.RECEIVE_STOCK)
def receive_lot() -> str:
    """Ask what came in; a scan fills in what its code says."""
    form, code = ReceiveLotForm(), request.args.get("code", "")
    read = _fill(form, code) if code else ""
    return _receive_page(form, code, read)


def _fill(form: ReceiveLotForm, code: str) -> str:
    """Fill in what a code says, and return it in words; a code that is refused is kept and said."""
    try:
        scanned = queries.read_received(session(), code, site_id=actor().site_id)
    except ScanRefused as refusal:
        keep_refusal(refusal)
        form.refused = refusal
        return ""
    form.product.data, form.number.data = str(scanned.product.id), scanned.number
    form.expiry.data = scanned.expiry
    return scanned.words


def _receive_page(form: ReceiveLotForm, code: str = "", read: str = "") -> str:
    form.offer(list_products(session(), site_id=actor().site_id))
    return render_template("inventory/receive_lot.html", form=form, code=code, read=read)


@blueprint.post("/stock/receive")
@requires(Permission.RECEIVE_STOCK)
def submit_receive_lot() -> Any:
    """Receive a lot."""
    form = ReceiveLotForm()
    form.offer(list_products(session(), site_id=actor().site_id))

    def act() -> Any:
        product = get_product(session(), int(form.product.data), site_id=actor().site_id)
        values = {
            name: form[name].data for name in ("number", "expiry", "supplier", "containers", "location")
        }
        lot = actions.receive_lot(session(), product, **values, by=actor(), at=now())
        return go("inventory.show_lot", lot_id=lot.id)

    return submit(form, act, page=lambda: _receive_page(form), said="The lot was received.")


@blueprint.get("/stock/lots/<int:lot_id>/quarantine")
@requires(Permission.QUARANTINE_LOTS)
def quarantine_lot(lot_id: int) -> str:
    """Ask why a lot is held back."""
    return _reason_page("inventory/quarantine_lot.html", lot_id, ReasonForm())


@blueprint.post("/stock/lots/<int:lot_id>/quarantine")
@requires(Permission.QUARANTINE_LOTS)
def submit_quarantine_lot(lot_id: int) -> Any:
    """Hold a lot back."""
    return _submit_reason(
        lot_id, actions.quarantine_lot, "inventory/quarantine_lot.html", "The lot is in quarantine."
    )


@blueprint.get("/stock/lots/<int:lot_id>/lift")
@requires(Permission.LIFT_QUARANTINE)
def lift_quarantine(lot_id: int) -> str:
    """Ask why a lot may be used again."""
    return _reason_page("inventory/lift_quarantine.html", lot_id, ReasonForm())


@blueprint.post("/stock/lots/<int:lot_id>/lift")
@requires(Permission.LIFT_QUARANTINE)
def submit_lift_quarantine(lot_id: int) -> Any:
    """Let a lot be used again."""
    return _submit_reason(
        lot_id, actions.lift_quarantine, "inventory/lift_quarantine.html", "The lot may be used again."
    )


@blueprint.get("/stock/lots/<int:lot_id>/expiry")
@requires(Permission.LIFT_QUARANTINE)
def correct_expiry(lot_id: int) -> str:
    """Ask which expiry is really printed."""
    return _expiry_page(lot_id, CorrectExpiryForm())


def _expiry_page(lot_id: int, form: CorrectExpiryForm) -> str:
    lot = queries.get_lot(session(), lot_id, site_id=actor().site_id)
    return render_template("inventory/correct_expiry.html", lot=lot, form=form)


@blueprint.post("/stock/lots/<int:lot_id>/expiry")
@requires(Permission.LIFT_QUARANTINE)
def submit_correct_expiry(lot_id: int) -> Any:
    """Correct an expiry that was typed wrongly."""
    form = CorrectExpiryForm()

    def act() -> Any:
        lot = queries.get_lot(session(), lot_id, site_id=actor().site_id)
        values = {"expiry": form.expiry.data or "", "reason": form.reason.data or ""}
        actions.correct_expiry(session(), lot, **values, by=actor(), at=now())
        return go("inventory.show_lot", lot_id=lot_id)

    return submit(form, act, page=lambda: _expiry_page(lot_id, form), said="The expiry is corrected.")


def _reason_page(template: str, lot_id: int, form: ReasonForm) -> str:
    lot = queries.get_lot(session(), lot_id, site_id=actor().site_id)
    return render_template(template, lot=lot, form=form)


def _submit_reason(lot_id: int, action: Callable[..., Any], template: str, said: str) -> Any:
    form = ReasonForm()

    def act() -> Any:
        lot = queries.get_lot(session(), lot_id, site_id=actor().site_id)
        action(session(), lot, reason=form.reason.data or "", by=actor(), at=now())
        return go("inventory.show_lot", lot_id=lot_id)

    return submit(form, act, page=lambda: _reason_page(template, lot_id, form), said=said)
