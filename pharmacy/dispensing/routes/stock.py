"""Pages on which bags of stock are given to a planned delivery, labelled, compared, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template
from flask_wtf import FlaskForm

from pharmacy.accounts.forms import ReasonForm
from pharmacy.accounts.permissions import Permission
from pharmacy.audit.chain import digest
from pharmacy.compounding import actions as compounding
from pharmacy.compounding import documents
from pharmacy.compounding.models import Bag
from pharmacy.compounding.queries import find_label_in_use
from pharmacy.dispensing import actions, queries
from pharmacy.dispensing.forms import CompareForm, StockScanForm, TakeStockForm
from pharmacy.dispensing.models import PlannedDelivery
from pharmacy.dispensing.routes.room import blueprint
from pharmacy.domain.errors import NotFound, Refusal
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, reads_chart, session


def _load(delivery_id: int) -> PlannedDelivery:
    delivery = queries.get_delivery_with_stock(session(), delivery_id, site_id=actor().site_id)
    reads_chart(delivery.plan.patient_id)
    return delivery


@blueprint.get("/planned-deliveries/<int:delivery_id>/stock")
@requires(Permission.OPEN_WORKSHEETS)
def take_from_stock(delivery_id: int) -> str:
    """Show what stock can give to a delivery, and how the bags that it gave stand."""
    return _page(delivery_id)


def _page(delivery_id: int, *, take: TakeStockForm | None = None, **scans: StockScanForm) -> str:
    delivery = _load(delivery_id)
    offer = queries.read_offer(session(), delivery, at=now())
    form = take or TakeStockForm(formdata=None)
    if take is None:
        form.bags.data = len(offer.proposed) or None
    return render_template(
        "dispensing/take_from_stock.html",
        delivery=delivery,
        plan=delivery.plan,
        patient=delivery.plan.patient,
        offer=offer,
        labels={bag.id: find_label_in_use(bag) for bag in delivery.allocated},
        unchecked=compounding.list_unchecked(delivery.allocated),
        has_worksheet=queries.has_worksheet(delivery),
        form=form,
        empty_form=FlaskForm(formdata=None),
        scan=scans.get("scan") or StockScanForm(formdata=None, prefix="bag-"),
        label_scan=scans.get("label_scan") or StockScanForm(formdata=None, prefix="label-"),
    )


def _back(delivery_id: int) -> Any:
    return go("dispensing.take_from_stock", delivery_id=delivery_id)


@blueprint.post("/planned-deliveries/<int:delivery_id>/stock")
@requires(Permission.OPEN_WORKSHEETS)
def submit_take_from_stock(delivery_id: int) -> Any:
    """Allocate so many bags of stock."""
    form = TakeStockForm()

    def act() -> Any:
        actions.allocate_stock(session(), _load(delivery_id), bags=form.bags.data, by=actor(), at=now())
        return _back(delivery_id)

    said = "The bags are allocated. Print the patient's labels and scan each on its bag."
    return submit(form, act, page=lambda: _page(delivery_id, take=form), said=said)


@blueprint.post("/planned-deliveries/<int:delivery_id>/stock/scan")
@requires(Permission.OPEN_WORKSHEETS)
def submit_scan_from_stock(delivery_id: int) -> Any:
    """Allocate the bag that was scanned."""
    form = StockScanForm(prefix="bag-")

    def act() -> Any:
        code = form.code.data or ""
        actions.allocate_scanned(session(), _load(delivery_id), code, by=actor(), at=now())
        return _back(delivery_id)

    page = _shows(delivery_id, scan=form)
    return submit(form, act, page=page, said="The bag is allocated.", sounds=True)


def _shows(delivery_id: int, **scans: StockScanForm) -> Callable[[], str]:
    return lambda: _page(delivery_id, **scans)


@blueprint.post("/planned-deliveries/<int:delivery_id>/stock/labels")
@requires(Permission.PRINT_LABELS)
def submit_patients_labels(delivery_id: int) -> Any:
    """Print the patient's labels of the bags from stock."""
    form = FlaskForm()

    def act() -> Any:
        delivery = _load(delivery_id)
        press = documents.press_for_allocated(session(), delivery.allocated, at=now())
        compounding.print_allocated_labels(
            session(), delivery, delivery.allocated, press=press, by=actor(), at=now()
        )
        return _back(delivery_id)

    said = "The labels are printed. Put each over the stock label of its bag, and scan it there."
    return submit(form, act, page=lambda: _refused_page(delivery_id, form), said=said)


def _refused_page(delivery_id: int, form: FlaskForm) -> str:
    """Show the page again with the reason why nothing was printed."""
    page = TakeStockForm(formdata=None)
    page.form_errors = form.form_errors
    return _page(delivery_id, take=page)


@blueprint.post("/planned-deliveries/<int:delivery_id>/stock/applied")
@requires(Permission.COMPOUND)
def submit_patients_label_applied(delivery_id: int) -> Any:
    """Record by its scan that the patient's label is on a bag."""
    form = StockScanForm(prefix="label-")

    def act() -> Any:
        code = form.code.data or ""
        actions.apply_patients_label(session(), _load(delivery_id), code, by=actor(), at=now())
        return _back(delivery_id)

    page = _shows(delivery_id, label_scan=form)
    return submit(form, act, page=page, said="The label is on its bag.", sounds=True)


@blueprint.get("/planned-deliveries/<int:delivery_id>/stock/compare")
@requires(Permission.RELEASE_BAGS)
def compare_labels(delivery_id: int) -> str:
    """Show the labels of bags from stock beside the order."""
    return _compare_page(delivery_id, CompareForm())


def _compare_page(delivery_id: int, form: CompareForm) -> str:
    delivery = _load(delivery_id)
    bags = compounding.list_unchecked(delivery.allocated)
    form.seen.data = digest(compounding.check_content(bags))
    return render_template(
        "dispensing/compare_labels.html",
        delivery=delivery,
        patient=delivery.plan.patient,
        version=delivery.plan.order_version,
        bags=bags,
        labels={bag.id: find_label_in_use(bag) for bag in bags},
        obstacles=[one for bag in bags for one in compounding.find_check_obstacles(session(), bag, at=now())],
        form=form,
    )


@blueprint.post("/planned-deliveries/<int:delivery_id>/stock/compare")
@requires(Permission.RELEASE_BAGS)
def submit_compare_labels(delivery_id: int) -> Any:
    """Sign that the labels were compared with the order."""
    form = CompareForm()

    def act() -> Any:
        bags = compounding.list_unchecked(_load(delivery_id).allocated)
        if digest(compounding.check_content(bags)) != form.seen.data:
            raise Refusal(
                "Something was recorded on these bags while you read. Read the page again, then sign."
            )
        password = form.password.data or ""
        compounding.check_allocations(session(), bags, password=password, by=actor(), at=now())
        return _back(delivery_id)

    said = "The labels are compared and signed. The bags may be packed."
    return submit(form, act, page=lambda: _compare_page(delivery_id, form), said=said)


def _get_bag(delivery_id: int, bag_id: int) -> Bag:
    bag = next((one for one in _load(delivery_id).allocated if one.id == bag_id), None)
    if bag is None:
        raise NotFound("This bag is not allocated to this delivery.")
    return bag


@blueprint.get("/planned-deliveries/<int:delivery_id>/stock/<int:bag_id>/undo")
@requires(Permission.OPEN_WORKSHEETS)
def return_to_stock(delivery_id: int, bag_id: int) -> str:
    """Ask why a bag goes back into stock."""
    return _return_page(delivery_id, bag_id, ReasonForm())


def _return_page(delivery_id: int, bag_id: int, form: ReasonForm) -> str:
    bag = _get_bag(delivery_id, bag_id)
    return render_template("dispensing/return_to_stock.html", delivery_id=delivery_id, bag=bag, form=form)


@blueprint.post("/planned-deliveries/<int:delivery_id>/stock/<int:bag_id>/undo")
@requires(Permission.OPEN_WORKSHEETS)
def submit_return_to_stock(delivery_id: int, bag_id: int) -> Any:
    """Take a bag back into stock."""
    form = ReasonForm()

    def act() -> Any:
        bag, reason = _get_bag(delivery_id, bag_id), form.reason.data or ""
        compounding.undo_allocation(session(), bag, reason=reason, by=actor(), at=now())
        return _back(delivery_id)

    said = "The bag is back in stock. Destroy its patient's label; it needs a stock label again."
    return submit(form, act, page=lambda: _return_page(delivery_id, bag_id, form), said=said)
