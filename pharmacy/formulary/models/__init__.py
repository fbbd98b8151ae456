"""Tables of the formulary, by what they keep."""

from __future__ import annotations

from pharmacy.formulary.models.adopted import AdoptedEntry
from pharmacy.formulary.models.formulas import Formula, FormulaEdit, FormulaStep
from pharmacy.formulary.models.products import Product, ProductCode, ProductKind
from pharmacy.formulary.models.stability import StabilityReference, StabilityReview

__all__ = [
    "AdoptedEntry",
    "Formula",
    "FormulaEdit",
    "FormulaStep",
    "Product",
    "ProductCode",
    "ProductKind",
    "StabilityReference",
    "StabilityReview",
]
