"""Reads of products and their codes."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, selectinload

from pharmacy.audit.models import AuditEntry
from pharmacy.domain.errors import NotFound
from pharmacy.domain.statuses import FormulaStatus
from pharmacy.formulary.models import Formula, Product, ProductCode, ProductKind
from pharmacy.formulary.queries.formulas import PAGE

_MOST_WORDS = 10


def get_product(session: Session, product_id: int, *, site_id: int) -> Product:
    """Return a product of a site."""
    product = session.get(Product, product_id)
    if product is None or product.site_id != site_id:
        raise NotFound("No product is recorded under this number.")
    return product


def get_product_code(session: Session, code_id: int, *, site_id: int) -> ProductCode:
    """Return a code of a product of a site."""
    code = session.get(ProductCode, code_id)
    if code is None or code.product.site_id != site_id:
        raise NotFound("No product code is recorded under this number.")
    return code


def _of_site(site_id: int) -> Select[Product]:
    return (
        select(Product)
        .where(Product.site_id == site_id)
        .options(selectinload(Product.codes))
        .order_by(Product.kind, Product.drug, Product.volume_ml, Product.id)
    )


def list_products(session: Session, *, site_id: int) -> list[Product]:
    """List the products that a site uses by name, with their codes."""
    return list(session.scalars(_of_site(site_id).where(Product.retired_at.is_(None))))


def search_products(
    session: Session, *, site_id: int, page: int, search: str, retired: bool
) -> list[Product]:
    """List a page of a site's products, in use or retired, and one more where another page follows.

    Each word of `search` is part of the drug, the strength, the container or a code as it is printed or held.
    """
    wanted = _of_site(site_id).where(
        Product.retired_at.is_not(None) if retired else Product.retired_at.is_(None)
    )
    for word in search.split()[:_MOST_WORDS]:
        wanted = wanted.where(
            or_(
                Product.drug.icontains(word, autoescape=True),
                Product.strength.icontains(word, autoescape=True),
                Product.container.icontains(word, autoescape=True),
                Product.codes.any(ProductCode.shown.icontains(word, autoescape=True)),
                Product.codes.any(ProductCode.value.icontains(word, autoescape=True)),
            )
        )
    return list(session.scalars(wanted.offset((page - 1) * PAGE).limit(PAGE + 1)))


def list_premixes(session: Session, drug: str, *, site_id: int) -> list[Product]:
    """List the ready-made bags of a drug that a site knows and uses."""
    return list(
        session.scalars(
            select(Product)
            .where(
                Product.site_id == site_id,
                Product.kind == ProductKind.PREMIX,
                Product.drug == drug,
                Product.retired_at.is_(None),
            )
            .order_by(Product.id)
        )
    )


def find_products_by_code(session: Session, system: str, value: str, *, site_id: int) -> list[Product]:
    """Find the products of a site that a code in use stands on: `ndc` in 11 digits, `gtin` in 14."""
    return list(
        session.scalars(
            select(Product)
            .join(Product.codes)
            .where(
                Product.site_id == site_id,
                ProductCode.system == system,
                ProductCode.value == value,
                ProductCode.retired_at.is_(None),
            )
            .order_by(Product.id)
        )
    )


def list_signed_formulas_with(session: Session, product: Product) -> list[Formula]:
    """List the versions of records that were signed with a product, the newest first."""
    signed = _made_with(product).where(Formula.approval_id.is_not(None))
    return list(session.scalars(signed.order_by(Formula.id.desc())))


def list_drafts_with(session: Session, product: Product) -> list[Formula]:
    """List the drafts of records that use a product, the oldest first."""
    drafts = _made_with(product).where(Formula.status == FormulaStatus.DRAFT)
    return list(session.scalars(drafts.order_by(Formula.id)))


def _made_with(product: Product) -> Select[Formula]:
    return select(Formula).where(or_(Formula.additive_id == product.id, Formula.diluent_id == product.id))


def list_product_entries(session: Session, product: Product) -> list[tuple[AuditEntry, list[str]]]:
    """List what was done to a product and its codes, oldest first, with the values in words."""
    codes = [code.id for code in product.codes]
    found = session.scalars(
        select(AuditEntry)
        .where(
            ((AuditEntry.record_type == Product.__tablename__) & (AuditEntry.record_id == product.id))
            | ((AuditEntry.record_type == ProductCode.__tablename__) & AuditEntry.record_id.in_(codes))
        )
        .order_by(AuditEntry.number)
    )
    return [(one, _say_details(json.loads(one.details))) for one in found]


def _say_details(details: dict[str, Any]) -> list[str]:
    """Say the changed values of an entry, or the code that it is about."""
    if "shown" in details:
        return [f"{details['system'].upper()} {details['shown']}"]
    changed: dict[str, list[Any]] = details.get("changed", {})
    return [f"{name.replace('_', ' ')}: {_say(was)}, now {_say(now)}" for name, (was, now) in changed.items()]


def _say(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value in (None, "") else str(value)
