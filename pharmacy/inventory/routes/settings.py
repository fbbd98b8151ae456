"""Pages on which a pharmacist settles the limits of stock and how each product is stocked."""

from __future__ import annotations

from typing import Any

from flask import render_template

from pharmacy.accounts.permissions import Permission
from pharmacy.domain.stock_locations import StorageNeed
from pharmacy.formulary.queries import get_product
from pharmacy.inventory import actions, queries
from pharmacy.inventory.forms import PolicyForm, RuleForm
from pharmacy.inventory.routes.blueprint import blueprint
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session


@blueprint.get("/stock/limits")
@requires(Permission.SET_UP_STOCK)
def set_policy() -> str:
    """Ask what holds for all stock of the site."""
    policy = queries.find_policy(session(), site_id=actor().site_id)
    return render_template("inventory/set_policy.html", form=PolicyForm(obj=policy), policy=policy)


@blueprint.post("/stock/limits")
@requires(Permission.SET_UP_STOCK)
def submit_set_policy() -> Any:
    """Settle what holds for all stock of the site."""
    form = PolicyForm()

    def act() -> Any:
        values = {name: form[name].data for name in ("short_dated_days", "large_difference")}
        actions.set_policy(session(), **values, by=actor(), at=now())
        return go("inventory.list_low")

    page = "inventory/set_policy.html"
    return submit(
        form, act, page=lambda: render_template(page, form=form, policy=None), said="The limits are settled."
    )


@blueprint.get("/stock/products/<int:product_id>/rule")
@requires(Permission.SET_UP_STOCK)
def set_rule(product_id: int) -> str:
    """Ask how a product is kept and when it is ordered."""
    rule = queries.find_rule(session(), product_id, site_id=actor().site_id)
    values = {"storage": rule.storage.value, "reorder_level": rule.reorder_level} if rule else {}
    return _rule_page(product_id, RuleForm(formdata=None, **values))


def _rule_page(product_id: int, form: RuleForm) -> str:
    product = get_product(session(), product_id, site_id=actor().site_id)
    return render_template("inventory/set_rule.html", product=product, form=form)


@blueprint.post("/stock/products/<int:product_id>/rule")
@requires(Permission.SET_UP_STOCK)
def submit_set_rule(product_id: int) -> Any:
    """Settle how a product is kept and when it is ordered."""
    form = RuleForm()

    def act() -> Any:
        product = get_product(session(), product_id, site_id=actor().site_id)
        storage, level = StorageNeed(form.storage.data), form.reorder_level.data
        actions.set_rule(session(), product, storage=storage, reorder_level=level, by=actor(), at=now())
        return go("inventory.show_product", product_id=product_id)

    return submit(form, act, page=lambda: _rule_page(product_id, form), said="It is settled.")
