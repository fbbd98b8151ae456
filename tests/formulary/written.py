"""Records, references and products as somebody would type them."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from pharmacy.domain.statuses import FormulaStatus
from pharmacy.formulary.actions import FormulaEntry, ProductEntry, StabilityEntry, StepEntry
from pharmacy.formulary.models import Formula, Product
from pharmacy.formulary.queries import list_approved_formulas, list_formulas
from tests.conftest import START

TODAY: date = START.date()
NEXT_YEAR = TODAY + timedelta(days=365)
DAY = timedelta(days=1)


def approved(session: Session) -> Formula:
    """Return the approved record of the sample."""
    (formula,) = list_approved_formulas(session, site_id=1)
    return formula


def drafted(session: Session) -> Formula:
    """Return the draft of the sample, which Peter wrote."""
    return next(one for one in list_formulas(session, site_id=1) if one.status is FormulaStatus.DRAFT)


def entry_of(formula: Formula, **changes: Any) -> FormulaEntry:
    """Return a record as it would be typed again, with changes."""
    values = {field.name: getattr(formula, field.name) for field in fields(FormulaEntry)}
    values["steps"] = tuple(
        StepEntry(instruction=one.instruction, stage=one.stage, photo=one.photo) for one in formula.steps
    )
    return FormulaEntry(**values | changes)


def reference(**changes: Any) -> StabilityEntry:
    """Return a stability reference of 9 days in a refrigerator."""
    values: dict[str, Any] = {
        "reference": "Own study 7, 2026", "storage": "refrigerator", "days": 9, "hours": 0, "container": "",
        "least_mg_per_ml": Decimal(10), "most_mg_per_ml": Decimal(40), "review_by": NEXT_YEAR,
    }  # fmt: skip
    return StabilityEntry(**values | changes)


def product_entry(product: Product, **changes: Any) -> ProductEntry:
    """Return a product as it would be typed again, with changes."""
    return ProductEntry(
        **{field.name: getattr(product, field.name) for field in fields(ProductEntry)} | changes
    )
