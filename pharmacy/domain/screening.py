"""Screen an order at clinical verification: findings for the pharmacist, never decisions (domain.md 4.2, 8).

A flag goes on with the pharmacist's recorded reason; a refusal waits until what it names has changed.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from pharmacy.domain.findings import Finding, Severity
from pharmacy.domain.formatting import dose, quantity
from pharmacy.domain.pump_limits import SubcutaneousUse, check_subcutaneous, most_in_24_hours
from pharmacy.domain.routes import Route
from pharmacy.domain.screening_chart import (
    check_allergies,
    check_conditions,
    check_interactions,
    check_kidney,
    check_labs,
    check_weight,
)
from pharmacy.domain.screening_facts import ChartFacts, Condition, LabResult, OrderFacts, Premix, Weight
from pharmacy.domain.screening_limits import ScreeningLimits, get_screening_limits

_ORDER = (Severity.REFUSE, Severity.FLAG, Severity.NOTE)


def screen_order(
    order: OrderFacts, chart: ChartFacts, *, limits: ScreeningLimits, at: datetime
) -> list[Finding]:
    """Screen an order against a chart, gravest findings first.

    `at` is an aware instant, the moment of the verification: ages of results count from it.
    """
    found = [
        *_check_dose(order, limits=limits),
        *_check_use(order, limits=limits),
        *_check_route(order, limits=limits),
        *_check_premixes(order),
        *check_allergies(order, chart, limits=limits),
        *check_conditions(chart, limits=limits),
        *check_kidney(order, chart, limits=limits, at=at),
        *check_labs(chart, limits=limits, at=at),
        *check_weight(chart, limits=limits, at=at),
        *check_interactions(chart, limits=limits),
    ]
    return sorted(found, key=lambda finding: _ORDER.index(finding.severity))


def _check_dose(order: OrderFacts, *, limits: ScreeningLimits) -> list[Finding]:
    if order.dose_mg < limits.least_expected_mg:
        size = "small"
    elif limits.most_expected_mg is not None and order.dose_mg > limits.most_expected_mg:
        size = "large"
    else:
        return []
    message = f"A dose of {dose(order.dose_mg)} is unusually {size}: was g, mg or mEq mixed up?"
    return [Finding("dose", Severity.FLAG, message)]


def _check_use(order: OrderFacts, *, limits: ScreeningLimits) -> list[Finding]:
    """Check rate, volume, concentration and drug: by the house's limits under the skin, else by the label."""
    mg_per_hour = Fraction(order.rate_ml_per_h) * Fraction(order.mg_per_ml)
    if order.route is Route.SUBCUTANEOUS:
        return check_subcutaneous(_find_use(order, mg_per_hour), limits=limits.subcutaneous)
    found: list[Finding] = []
    if order.mg_per_ml > limits.label.mg_per_ml:
        shown, most = quantity(order.mg_per_ml, "mg/mL", 6), quantity(limits.label.mg_per_ml, "mg/mL")
        message = f"The concentration is {shown}; the label allows {most} at most."
        found.append(Finding("concentration", Severity.REFUSE, message))
    if mg_per_hour > limits.label.mg_per_hour:
        shown, most = quantity(mg_per_hour, "mg/h", 6), quantity(limits.label.mg_per_hour, "mg/h")
        message = f"The drug runs at {shown}; the label allows {most} at most."
        found.append(Finding("rate", Severity.REFUSE, message))
    return found


def _find_use(order: OrderFacts, mg_per_hour: Fraction) -> SubcutaneousUse:
    volume = Fraction(order.volume_ml)
    daily = most_in_24_hours(
        volume, gap_hours=order.gap_hours, run_hours=volume / Fraction(order.rate_ml_per_h)
    )
    return SubcutaneousUse(
        sites=order.sites,
        mg_per_ml=order.mg_per_ml,
        mosm_per_l=order.mosm_per_l,
        ml_per_hour=Fraction(order.rate_ml_per_h),
        ml_in_24_hours=daily,
        mg_per_hour=mg_per_hour,
        mg_in_24_hours=daily * Fraction(order.mg_per_ml),
    )


def _check_route(order: OrderFacts, *, limits: ScreeningLimits) -> list[Finding]:
    if order.route in limits.label.routes:
        return []
    off_label = f"The {order.route} route is off-label for {order.drug}"
    reason, literature = order.off_label_reason.strip(), order.literature.strip()
    missing = [name for name, text in (("a reason", reason), ("literature", literature)) if not text]
    if missing:
        return [Finding("off-label route", Severity.REFUSE, f"{off_label}: record {' and '.join(missing)}.")]
    message = f"{off_label}. Reason: {reason}. Literature: {literature}"
    return [Finding("off-label route", Severity.NOTE, message)]


def _check_premixes(order: OrderFacts) -> list[Finding]:
    reason = order.premix_reason.strip()
    found: list[Finding] = []
    for premix in order.premixes:
        if premix.mg != order.dose_mg:
            continue
        same = f"A ready-made bag, {premix.name}, holds the same dose"
        if reason:
            found.append(Finding("premix", Severity.NOTE, f"{same}. Why it is not used: {reason}"))
        else:
            message = f"{same}. Use it, or record why it is not suitable."
            found.append(Finding("premix", Severity.FLAG, message))
    return found


__all__ = [
    "ChartFacts",
    "Condition",
    "LabResult",
    "OrderFacts",
    "Premix",
    "ScreeningLimits",
    "Weight",
    "get_screening_limits",
    "screen_order",
]
