"""Pages on which packages are received: scanned one after the other, looked at, or typed by hand."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.domain.errors import Refusal, ScanRefused
from pharmacy.domain.expiry import parse_expiry
from pharmacy.domain.formatting import counted
from pharmacy.formulary.models import Product
from pharmacy.formulary.queries import get_product, list_products
from pharmacy.inventory import actions, queries
from pharmacy.inventory.forms import (
    HandPackageForm,
    ScannedPackageForm,
    ScanPackageForm,
    WhichPackageForm,
    read_count,
)
from pharmacy.inventory.models import ReceiptEntry, StockLocation
from pharmacy.inventory.routes.blueprint import blueprint
from pharmacy.web.doors import requires
from pharmacy.web.refusals import SCANNED, keep_refusal, submit
from pharmacy.web.request import actor, go, now, session

# What a person can answer on the next page; any other refusal is shown at once.
_TO_LOOK_AT = {"accept_short_dated", "accept_location", "location"}


@blueprint.get("/stock/receipts/<int:receipt_id>")
@requires(Permission.READ_FORMULARY)
def show_receipt(receipt_id: int) -> str:
    """Show a receipt with what came in so far, and the field for the next scan."""
    location = request.args.get("location", "")
    return _receipt_page(receipt_id, ScanPackageForm(formdata=None, containers=1, location=location))


def _receipt_page(receipt_id: int, form: ScanPackageForm) -> str:
    receipt = queries.get_receipt(session(), receipt_id, site_id=actor().site_id)
    form.offer_locations(_locations())
    # A scanner types into what stands in the field: the next scan finds it empty.
    form.code.data = ""
    return render_template(
        "inventory/show_receipt.html",
        receipt=receipt,
        lines=queries.list_receipt_lines(receipt),
        form=form,
        policy=queries.find_policy(session(), site_id=actor().site_id),
    )


def _locations() -> list[StockLocation]:
    return queries.list_locations(session(), site_id=actor().site_id)


@blueprint.post("/stock/receipts/<int:receipt_id>/scan")
@requires(Permission.RECEIVE_STOCK)
def submit_scan(receipt_id: int) -> Any:
    """Take a scan: of a location, which is where the next packages go, or of a package, which counts."""
    form = ScanPackageForm()
    form.offer_locations(_locations())
    place = queries.find_scanned_location(session(), form.code.data or "", site_id=actor().site_id)
    if place is not None:
        return go("inventory.show_receipt", receipt_id=receipt_id, location=place.id)
    return submit(
        form,
        lambda: _take(receipt_id, form.code.data or "", form.containers.data, form.location.data),
        page=lambda: _receipt_page(receipt_id, form),
    )


def _take(receipt_id: int, code: str, count: int, location: str) -> Any:
    kept = {"receipt_id": receipt_id, "code": code.strip(), "location": location}
    if len(queries.list_received_products(session(), code, site_id=actor().site_id)) > 1:
        return go("inventory.choose_product", containers=count, **kept)
    package = queries.read_received(session(), code, site_id=actor().site_id)
    if not package.is_complete:
        return go("inventory.receive_by_hand", containers=count, **kept)
    if package.is_outer:
        return go("inventory.receive_package", **kept)
    try:
        entry = _receive(receipt_id, code, count, location, actions.Accepted())
    except Refusal as refusal:
        if refusal.field not in _TO_LOOK_AT:
            raise
        return go("inventory.receive_package", containers=count, **kept)
    return _done(entry)


def _receive(
    receipt_id: int, code: str, count: int, location: str, accepted: actions.Accepted
) -> ReceiptEntry:
    site_id = actor().site_id
    return actions.receive_scanned(
        session(),
        queries.get_receipt(session(), receipt_id, site_id=site_id),
        code,
        containers=count,
        location=queries.get_location(session(), int(location), site_id=site_id),
        accepted=accepted,
        by=actor(),
        at=now(),
    )


def _done(entry: ReceiptEntry) -> Any:
    lines = queries.list_receipt_lines(entry.receipt)
    total = next(
        line.containers for line in lines if line.lot is entry.lot and line.location is entry.location
    )
    words = f"Lot {entry.lot.number}: {counted(total, 'container')} received at {entry.location.name} so far."
    flash(words, SCANNED)
    return go("inventory.show_receipt", receipt_id=entry.receipt_id, location=entry.location_id)


@blueprint.get("/stock/receipts/<int:receipt_id>/product")
@requires(Permission.RECEIVE_STOCK)
def choose_product(receipt_id: int) -> str:
    """Ask which product a package is whose code may be several."""
    return _product_page(receipt_id, WhichPackageForm(formdata=None, code=request.args.get("code", "")))


def _product_page(receipt_id: int, form: WhichPackageForm) -> str:
    return render_template(
        "inventory/choose_product.html",
        receipt=queries.get_receipt(session(), receipt_id, site_id=actor().site_id),
        products=_list_products(form),
        form=form,
        kept={name: request.values.get(name, "") for name in ("containers", "location")},
    )


def _list_products(form: WhichPackageForm) -> list[Product]:
    return queries.list_received_products(session(), form.code.data or "", site_id=actor().site_id)


@blueprint.post("/stock/receipts/<int:receipt_id>/product")
@requires(Permission.RECEIVE_STOCK)
def submit_choose_product(receipt_id: int) -> Any:
    """Go on with the product that a person chose: what its code does not hold is typed."""
    form = WhichPackageForm()
    form.offer_locations(_locations())

    def act() -> Any:
        count, location = form.containers.data, form.location.data
        chosen = form.chosen(_list_products(form))
        if chosen is None:
            return _take(receipt_id, form.answer.data or "", count, location)
        return go("inventory.receive_by_hand", receipt_id=receipt_id, code=form.code.data, product=chosen.id,
                  containers=count, location=location)  # fmt: skip

    return submit(form, act, page=lambda: _product_page(receipt_id, form))


@blueprint.get("/stock/receipts/<int:receipt_id>/package")
@requires(Permission.RECEIVE_STOCK)
def receive_package(receipt_id: int) -> str:
    """Show what a scan says of a package that somebody has to look at before it is received."""
    values = {name: request.args.get(name, "") for name in ("code", "location")}
    form = ScannedPackageForm(formdata=None, containers=read_count(request.args.get("containers")), **values)
    return _package_page(receipt_id, form)


def _package_page(receipt_id: int, form: ScannedPackageForm) -> str:
    receipt = queries.get_receipt(session(), receipt_id, site_id=actor().site_id)
    package = queries.read_received(session(), form.code.data or "", site_id=actor().site_id)
    form.offer_locations(_locations())
    expires_at = parse_expiry(package.expiry, ZoneInfo(actor().site.time_zone)) if package.expiry else None
    return render_template(
        "inventory/receive_package.html",
        receipt=receipt,
        package=package,
        form=form,
        short_date=expires_at
        and queries.describe_short_date(session(), package.number, expires_at, site=actor().site, at=now()),
        fit=_judge(package, form.location.data),
    )


def _judge(package: queries.Received, location: str | None) -> Any:
    """Judge the location that is chosen so far; None while none is."""
    chosen = next((one for one in _locations() if str(one.id) == location), None)
    return queries.judge(session(), package.product, chosen) if chosen else None


@blueprint.post("/stock/receipts/<int:receipt_id>/package")
@requires(Permission.RECEIVE_STOCK)
def submit_receive_package(receipt_id: int) -> Any:
    """Receive a package that was scanned and looked at."""
    form = ScannedPackageForm()
    form.offer_locations(_locations())

    def act() -> Any:
        code, count, location = form.code.data or "", form.containers.data, form.location.data
        return _done(_receive(receipt_id, code, count, location, form.accepted()))

    return submit(form, act, page=lambda: _package_page(receipt_id, form))


@blueprint.get("/stock/receipts/<int:receipt_id>/by-hand")
@requires(Permission.RECEIVE_STOCK)
def receive_by_hand(receipt_id: int) -> str:
    """Ask what is printed on a package; a scan fills in what its code does say."""
    form = HandPackageForm(
        formdata=None,
        code=request.args.get("code", ""),
        location=request.args.get("location", ""),
        containers=read_count(request.args.get("containers")),
    )
    if form.code.data:
        _fill(form)
    return _hand_page(receipt_id, form)


def _fill(form: HandPackageForm) -> None:
    try:
        chosen = request.args.get("product", type=int)
        scanned = queries.read_received(session(), form.code.data, product_id=chosen, site_id=actor().site_id)
    except ScanRefused as refusal:
        keep_refusal(refusal)
        form.refused, form.code.data = refusal, ""
        return
    form.product.data = str(scanned.product.id)
    form.number.data, form.expiry.data = scanned.number, scanned.expiry


def _hand_page(receipt_id: int, form: HandPackageForm) -> str:
    receipt = queries.get_receipt(session(), receipt_id, site_id=actor().site_id)
    form.offer(list_products(session(), site_id=actor().site_id))
    form.offer_locations(_locations())
    return render_template("inventory/receive_by_hand.html", receipt=receipt, form=form)


@blueprint.post("/stock/receipts/<int:receipt_id>/by-hand")
@requires(Permission.RECEIVE_STOCK)
def submit_receive_by_hand(receipt_id: int) -> Any:
    """Receive a package whose lot and expiry were typed twice."""
    form, site_id = HandPackageForm(), actor().site_id
    form.offer(list_products(session(), site_id=site_id))
    form.offer_locations(_locations())

    def act() -> Any:
        entry = actions.receive_by_hand(
            session(),
            queries.get_receipt(session(), receipt_id, site_id=site_id),
            get_product(session(), int(form.product.data), site_id=site_id),
            form.typed(),
            raw=form.code.data or "",
            containers=form.containers.data,
            location=queries.get_location(session(), int(form.location.data), site_id=site_id),
            accepted=form.accepted(),
            by=actor(),
            at=now(),
        )
        return _done(entry)

    return submit(form, act, page=lambda: _hand_page(receipt_id, form))
