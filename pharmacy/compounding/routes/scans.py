"""Scans at the station, and what a code leaves to ask: which product it is, and which lot."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.compounding import actions, queries
from pharmacy.compounding.forms import LotByHandForm, ScanForm
from pharmacy.compounding.models import Bag
from pharmacy.compounding.routes.blueprint import blueprint
from pharmacy.compounding.routes.station_page import get_bag, submit_once, submit_step
from pharmacy.formulary.forms import WhichProductForm
from pharmacy.formulary.models import Product
from pharmacy.web.doors import requires
from pharmacy.web.request import actor, go, now, session


@blueprint.post("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/scan")
@requires(Permission.COMPOUND)
def submit_scan(worksheet_id: int, bag_id: int) -> Any:
    """Take a scan, or ask for what its code leaves open."""
    form = ScanForm()
    return submit_step(worksheet_id, bag_id, form, lambda bag: _take(bag, form.code.data or ""))


def _take(bag: Bag, raw: str, product_id: int | None = None) -> Any:
    """Take a scan, or return where the product or the lot is asked for."""
    here = {"worksheet_id": bag.worksheet_id, "bag_id": bag.id, "code": raw}
    ask = queries.what_to_ask(session(), bag, raw, product_id=product_id, site_id=actor().site_id, at=now())
    if ask is queries.Ask.PRODUCT:
        return go("compounding.choose_product", **here)
    if ask is queries.Ask.LOT:
        return go("compounding.choose_lot", **here, product=product_id)
    actions.scan_container(session(), bag, raw, product_id=product_id, by=actor(), at=now())
    return None


@blueprint.get("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/product")
@requires(Permission.COMPOUND)
def choose_product(worksheet_id: int, bag_id: int) -> str:
    """Ask which product a container is whose code may be several."""
    form = WhichProductForm(formdata=None, code=request.args.get("code", ""))
    return _product_page(worksheet_id, bag_id, form)


def _list_products(bag: Bag, form: WhichProductForm) -> list[Product]:
    return queries.list_candidates(session(), bag, form.code.data or "", site_id=actor().site_id, at=now())


def _product_page(worksheet_id: int, bag_id: int, form: WhichProductForm) -> str:
    bag = get_bag(worksheet_id, bag_id)
    products = _list_products(bag, form)
    return render_template("compounding/choose_product.html", bag=bag, products=products, form=form)


@blueprint.post("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/product")
@requires(Permission.COMPOUND)
def submit_choose_product(worksheet_id: int, bag_id: int) -> Any:
    """Take a scan as the product that a person chose, or another scan in its place."""
    form = WhichProductForm()

    def step(bag: Bag) -> Any:
        chosen = form.chosen(_list_products(bag, form))
        if chosen is None:
            return _take(bag, form.answer.data or "")
        return _take(bag, form.code.data or "", chosen.id)

    return submit_step(worksheet_id, bag_id, form, step)


@blueprint.get("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/lot")
@requires(Permission.COMPOUND)
def choose_lot(worksheet_id: int, bag_id: int) -> str:
    """Ask for the lot of a container whose code holds none."""
    return _lot_page(worksheet_id, bag_id, request.args.get("code", ""), LotByHandForm())


def _lot_page(worksheet_id: int, bag_id: int, code: str, form: LotByHandForm) -> str:
    bag = get_bag(worksheet_id, bag_id)
    state = queries.read_bag_state(session(), bag.worksheet, bag, at=now())
    form.offer(queries.list_expected_lots(state))
    return render_template(
        "compounding/choose_lot.html", bag=bag, state=state, code=code, form=form, product=_chosen()
    )


def _chosen() -> int | None:
    """Return the product that was chosen on the page before, if one was asked for."""
    return request.values.get("product", type=int)


@blueprint.post("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/lot")
@requires(Permission.COMPOUND)
def submit_choose_lot(worksheet_id: int, bag_id: int) -> Any:
    """Take a scan with the lot that a person chose and typed twice."""
    form, code = LotByHandForm(), request.form.get("code", "")
    bag = get_bag(worksheet_id, bag_id)
    form.offer(queries.list_expected_lots(queries.read_bag_state(session(), bag.worksheet, bag, at=now())))

    def act() -> None:
        bag, lot = get_bag(worksheet_id, bag_id), form.lot.data
        actions.scan_container(session(), bag, code, lot_number=lot, product_id=_chosen(),
                               by=actor(), at=now())  # fmt: skip

    return submit_once(worksheet_id, form, act, page=lambda: _lot_page(worksheet_id, bag_id, code, form))
