"""Every write of the formulary: one function for each intent."""

from __future__ import annotations

from pharmacy.formulary.actions.adopting import adopt_entry
from pharmacy.formulary.actions.approving import (
    accept_delivered_part,
    approve_formula,
    retire_formula,
    say_delivered,
    signed_content,
)
from pharmacy.formulary.actions.completeness import ensure_draft
from pharmacy.formulary.actions.products import (
    GTIN,
    NDC,
    ProductEntry,
    add_code,
    add_product,
    correct_product,
    digest_product,
    retire_code,
    retire_product,
)
from pharmacy.formulary.actions.stability import (
    StabilityEntry,
    add_stability,
    change_stability,
    remove_stability,
    review_stability,
)
from pharmacy.formulary.actions.writing import (
    FormulaEntry,
    StepEntry,
    draft_formula,
    edit_formula,
    write_formula,
    write_version,
)

__all__ = [
    "GTIN",
    "NDC",
    "FormulaEntry",
    "ProductEntry",
    "StabilityEntry",
    "StepEntry",
    "accept_delivered_part",
    "add_code",
    "add_product",
    "add_stability",
    "adopt_entry",
    "approve_formula",
    "change_stability",
    "correct_product",
    "digest_product",
    "draft_formula",
    "edit_formula",
    "ensure_draft",
    "remove_stability",
    "retire_code",
    "retire_formula",
    "retire_product",
    "review_stability",
    "say_delivered",
    "signed_content",
    "write_formula",
    "write_version",
]
