"""Forms of the formulary: what is written, corrected, reviewed and signed."""

from __future__ import annotations

from pharmacy.formulary.forms.formulas import FormulaForm, VersionForm, values_of_formula
from pharmacy.formulary.forms.products import CodeForm, CorrectProductForm, ProductForm, values_of_product
from pharmacy.formulary.forms.signing import AcceptDeliveredForm, ApproveFormulaForm
from pharmacy.formulary.forms.stability import (
    RemoveStabilityForm,
    ReviewStabilityForm,
    StabilityForm,
    values_of_stability,
)
from pharmacy.formulary.forms.which_product import WhichProductForm

__all__ = [
    "AcceptDeliveredForm",
    "ApproveFormulaForm",
    "CodeForm",
    "CorrectProductForm",
    "FormulaForm",
    "ProductForm",
    "RemoveStabilityForm",
    "ReviewStabilityForm",
    "StabilityForm",
    "VersionForm",
    "WhichProductForm",
    "values_of_formula",
    "values_of_product",
    "values_of_stability",
]
