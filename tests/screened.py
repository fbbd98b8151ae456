"""The seed order and chart to be screened: magnesium sulfate 2 g for a patient with low magnesium."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pharmacy.domain.findings import Finding
from pharmacy.domain.routes import Route
from pharmacy.domain.screening import (
    ChartFacts,
    Condition,
    LabResult,
    OrderFacts,
    Weight,
    get_screening_limits,
    screen_order,
)

AT = datetime(2026, 11, 9, 14, 0, tzinfo=UTC)
LIMITS = get_screening_limits("magnesium-sulfate")
RANK = {"note": 0, "flag": 1, "refuse": 2}


def lab(value: str, unit: str = "mg/dL", *, days: int = 5, low: str = "1.7", high: str = "2.4") -> LabResult:
    return LabResult(
        value=Decimal(value),
        unit=unit,
        collected_at=AT - timedelta(days=days),
        low=Decimal(low) if low else None,
        high=Decimal(high) if high else None,
    )


ORDER = OrderFacts(
    substances=("magnesium sulfate", "sodium chloride"),
    dose_mg=Decimal(2000),
    volume_ml=Decimal(100),
    rate_ml_per_h=Decimal(10),
    gap_hours=Fraction(24),
    mg_per_ml=Decimal(20),
    mosm_per_l=Decimal("458.1"),
    route=Route.SUBCUTANEOUS,
    sites=1,
    off_label_reason="renal wasting; oral magnesium failed",
    literature="Kidney Medicine, April 2023",
    premixes=(),
    premix_reason="",
    renal_acknowledgement="",
)
CHART = ChartFacts(
    allergies=(),
    conditions=(Condition("E83.42", "Hypomagnesemia, renal magnesium wasting suspected"),),
    medications=(),
    is_pregnant=False,
    weight=Weight(Decimal("64.5"), AT - timedelta(days=6)),
    egfr=lab("92", "mL/min/1.73 m2", low="60", high=""),
    magnesium=lab("1.8"),
    potassium=lab("3.8", "mmol/L", low="3.5", high="5"),
)


def screened(**changes: Any) -> list[Finding]:
    """Screen the seed order with changes to the order or the chart, whichever has the field."""
    of_order = {name: value for name, value in changes.items() if name in OrderFacts.__slots__}
    of_chart = {name: value for name, value in changes.items() if name in ChartFacts.__slots__}
    assert len(of_order) + len(of_chart) == len(changes)
    return screen_order(replace(ORDER, **of_order), replace(CHART, **of_chart), limits=LIMITS, at=AT)


def heard(rule: str, **changes: Any) -> list[str]:
    return [str(finding.severity) for finding in screened(**changes) if finding.rule == rule]
