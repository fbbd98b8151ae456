"""The seed bag of pumps.md 4.3 for tests of the admixture: 2 g in 100 mL, prime 5 mL, residual 1 mL."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from pharmacy.domain.admixture import (
    Additive,
    BagArithmetic,
    Diluent,
    FillMethod,
    compute_bag,
)

MAGNESIUM = Additive(mg_per_ml=500, vial_ml=10, meq_per_ml=Decimal("4.06"), mosm_per_ml=Decimal("4.06"))
SALINE = Diluent(volume_ml=100, overfill_ml=0, mosm_per_ml=Decimal("0.308"))


def bag(method: str, overfill: str = "0", **changes: Any) -> BagArithmetic:
    """Compute the seed bag: 2 g in 100 mL, prime 5 mL, residual 1 mL (pumps.md 4.3)."""
    case: dict[str, Any] = {
        "dose_mg": 2000,
        "additive": MAGNESIUM,
        "diluent": replace(SALINE, overfill_ml=Decimal(overfill)),
        "method": FillMethod(method),
        "fill_ml": 106 if method == "exact" else None,
        "prime_ml": 5,
        "residual_ml": 1,
    }
    return compute_bag(**(case | changes))
