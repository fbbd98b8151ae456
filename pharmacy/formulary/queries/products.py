"""Reads of products and their codes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from pharmacy.domain.errors import NotFound
from pharmacy.formulary.models import Product, ProductCode, ProductKind


def get_product(session: Session, product_id: int, *, site_id: int) -> Product:
    """Return a product of a site."""
    product = session.get(Product, product_id)
    if product is None or product.site_id != site_id:
        raise NotFound("No product is recorded under this number.")
    return product


def list_products(session: Session, *, site_id: int) -> list[Product]:
    """List the products of a site by name, with their codes."""
    return list(
        session.scalars(
            select(Product)
            .where(Product.site_id == site_id)
            .options(selectinload(Product.codes))
            .order_by(Product.kind, Product.drug, Product.volume_ml, Product.id)
        )
    )


def list_premixes(session: Session, drug: str, *, site_id: int) -> list[Product]:
    """List the ready-made bags of a drug that a site knows."""
    return list(
        session.scalars(
            select(Product)
            .where(Product.site_id == site_id, Product.kind == ProductKind.PREMIX, Product.drug == drug)
            .order_by(Product.id)
        )
    )


def find_products_by_code(session: Session, system: str, value: str, *, site_id: int) -> list[Product]:
    """Find the products of a site that a code stands on: `ndc` in 11 digits, `gtin` in 14."""
    return list(
        session.scalars(
            select(Product)
            .join(Product.codes)
            .where(
                Product.site_id == site_id,
                ProductCode.system == system,
                ProductCode.value == value,
            )
            .order_by(Product.id)
        )
    )
