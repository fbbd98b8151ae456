"""The dispense plan: exactly which bags to make, for which doses, with which delivery.

The door to the rule (calculators.md, dispense; domain.md 6.3): dose times come from the regimen, each dose
takes a bag that is there and can still be started, and a delivery brings the bags that are missing.
"""

from __future__ import annotations

from pharmacy.domain.dispensing_bags import BagsOnHand, Source
from pharmacy.domain.dispensing_plan import DispensePlan, plan_dispensing
from pharmacy.domain.dispensing_regimen import CloseDoses, Segment, count_doses, list_close_doses, list_doses
from pharmacy.domain.dispensing_settle import (
    DeliveryPlan,
    OnHandUse,
    PlannedArrival,
    Served,
    Settlement,
    Uncovered,
    Why,
    settle,
)
from pharmacy.domain.dispensing_working import working

__all__ = [
    "BagsOnHand",
    "CloseDoses",
    "DeliveryPlan",
    "DispensePlan",
    "OnHandUse",
    "PlannedArrival",
    "Segment",
    "Served",
    "Settlement",
    "Source",
    "Uncovered",
    "Why",
    "count_doses",
    "list_close_doses",
    "list_doses",
    "plan_dispensing",
    "settle",
    "working",
]
