"""Reads of products, master formulation records and adopted reference data."""

from __future__ import annotations

from pharmacy.formulary.queries.adopted import (
    AdoptedKind,
    adopted_limits_table,
    adopted_pump_profile,
    adopted_screening_limits,
    adopted_subcutaneous_limits,
    as_reference_entry,
    find_adopted,
    get_adopted,
    get_adopted_last,
    list_adopted,
    list_adopted_pump_profiles,
)
from pharmacy.formulary.queries.formulas import (
    compute_bag_of,
    date_bag_of,
    find_newest_version,
    get_formula,
    list_approved_formulas,
    list_formulas,
    list_versions_of,
    preparation_of,
)
from pharmacy.formulary.queries.products import (
    find_products_by_code,
    get_product,
    list_premixes,
    list_products,
)

__all__ = [
    "AdoptedKind",
    "adopted_limits_table",
    "adopted_pump_profile",
    "adopted_screening_limits",
    "adopted_subcutaneous_limits",
    "as_reference_entry",
    "compute_bag_of",
    "date_bag_of",
    "find_adopted",
    "find_newest_version",
    "find_products_by_code",
    "get_adopted",
    "get_adopted_last",
    "get_formula",
    "get_product",
    "list_adopted",
    "list_adopted_pump_profiles",
    "list_approved_formulas",
    "list_formulas",
    "list_premixes",
    "list_products",
    "list_versions_of",
    "preparation_of",
]
