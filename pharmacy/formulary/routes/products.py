"""Products and their codes: the list, one product, and what is done to it."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from pharmacy.accounts.forms import ReasonForm
from pharmacy.accounts.permissions import Permission
from pharmacy.formulary import actions, queries
from pharmacy.formulary.forms import CodeForm, CorrectProductForm, ProductForm, values_of_product
from pharmacy.formulary.models import Product, ProductCode
from pharmacy.formulary.routes.door import blueprint
from pharmacy.web.doors import requires
from pharmacy.web.paging import page_number
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session


@blueprint.get("/products")
@requires(Permission.READ_FORMULARY)
def list_products() -> str:
    """List the products of the site with their codes, found by any part of their name or a code."""
    page, search = page_number(request.args.get("page")), request.args.get("search", "").strip()
    retired = request.args.get("retired") == "yes"
    found = queries.search_products(
        session(), site_id=actor().site_id, page=page, search=search, retired=retired
    )
    return render_template(
        "formulary/list_products.html",
        products=found[: queries.PAGE],
        page=page,
        more=len(found) > queries.PAGE,
        search=search,
        retired=retired,
    )


def _product(product_id: int) -> Product:
    return queries.get_product(session(), product_id, site_id=actor().site_id)


def _code(code_id: int) -> ProductCode:
    return queries.get_product_code(session(), code_id, site_id=actor().site_id)


@blueprint.get("/products/<int:product_id>")
@requires(Permission.READ_FORMULARY)
def show_product(product_id: int) -> str:
    """Show a product: what its label says, its codes, what is made with it, and what was done to it."""
    return _product_page(product_id, CodeForm())


def _product_page(product_id: int, form: CodeForm) -> str:
    product = _product(product_id)
    return render_template(
        "formulary/show_product.html",
        product=product,
        form=form,
        formulas=queries.list_signed_formulas_with(session(), product),
        entries=queries.list_product_entries(session(), product),
    )


@blueprint.get("/products/new")
@requires(Permission.WRITE_FORMULAS)
def new_product() -> str:
    """Ask what the label of a new product says."""
    return _new_page(ProductForm())


def _new_page(form: ProductForm) -> str:
    return render_template("formulary/new_product.html", form=form)


@blueprint.post("/products/new")
@requires(Permission.WRITE_FORMULAS)
def submit_new_product() -> Any:
    """Record a new product."""
    form = ProductForm()

    def act() -> Any:
        product = actions.add_product(session(), form.entry(), by=actor(), at=now())
        return go("formulary.show_product", product_id=product.id)

    return submit(form, act, page=lambda: _new_page(form), said="The product is recorded. Now add its codes.")


@blueprint.get("/products/<int:product_id>/correct")
@requires(Permission.WRITE_FORMULAS)
def correct_product(product_id: int) -> str:
    """Show what is recorded of a product, to be put right."""
    return _correct_page(product_id, CorrectProductForm(data=values_of_product(_product(product_id))))


def _correct_page(product_id: int, form: CorrectProductForm) -> str:
    return render_template("formulary/correct_product.html", form=form, product=_product(product_id))


@blueprint.post("/products/<int:product_id>/correct")
@requires(Permission.WRITE_FORMULAS)
def submit_correct_product(product_id: int) -> Any:
    """Correct what is recorded of a product."""
    product, form = _product(product_id), CorrectProductForm()

    def act() -> Any:
        actions.correct_product(
            session(),
            product,
            form.entry(),
            shown=form.shown.data or "",
            reason=form.reason.data or "",
            by=actor(),
            at=now(),
        )
        return go("formulary.show_product", product_id=product_id)

    return submit(form, act, page=lambda: _correct_page(product_id, form), said="The product is corrected.")


@blueprint.get("/products/<int:product_id>/retire")
@requires(Permission.WRITE_FORMULAS)
def retire_product(product_id: int) -> str:
    """Ask why a product goes out of use."""
    return _retire_page(product_id, ReasonForm())


def _retire_page(product_id: int, form: ReasonForm) -> str:
    return render_template("formulary/retire_product.html", form=form, product=_product(product_id))


@blueprint.post("/products/<int:product_id>/retire")
@requires(Permission.WRITE_FORMULAS)
def submit_retire_product(product_id: int) -> Any:
    """Take a product out of use."""
    product, form = _product(product_id), ReasonForm()

    def act() -> Any:
        actions.retire_product(session(), product, reason=form.reason.data or "", by=actor(), at=now())
        return go("formulary.show_product", product_id=product_id)

    return submit(form, act, page=lambda: _retire_page(product_id, form), said="The product is retired.")


@blueprint.post("/products/<int:product_id>/codes")
@requires(Permission.WRITE_FORMULAS)
def submit_code(product_id: int) -> Any:
    """Record a code that stands on a product."""
    product, form = _product(product_id), CodeForm()

    def act() -> Any:
        actions.add_code(
            session(), product, system=form.system.data, text=form.text.data or "", by=actor(), at=now()
        )
        return go("formulary.show_product", product_id=product_id)

    return submit(form, act, page=lambda: _product_page(product_id, form), said="The code is recorded.")


@blueprint.get("/product-codes/<int:code_id>/retire")
@requires(Permission.WRITE_FORMULAS)
def retire_code(code_id: int) -> str:
    """Ask why a code goes out of use."""
    return _retire_code_page(code_id, ReasonForm())


def _retire_code_page(code_id: int, form: ReasonForm) -> str:
    return render_template("formulary/retire_code.html", form=form, code=_code(code_id))


@blueprint.post("/product-codes/<int:code_id>/retire")
@requires(Permission.WRITE_FORMULAS)
def submit_retire_code(code_id: int) -> Any:
    """Take a code out of use."""
    code, form = _code(code_id), ReasonForm()
    product_id = code.product_id

    def act() -> Any:
        actions.retire_code(session(), code, reason=form.reason.data or "", by=actor(), at=now())
        return go("formulary.show_product", product_id=product_id)

    return submit(form, act, page=lambda: _retire_code_page(code_id, form), said="The code is retired.")
