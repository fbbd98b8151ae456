"""Small cases of settling, whose times are whole hours from a start."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pharmacy.domain.dispensing_bags import BagsOnHand, Source
from pharmacy.domain.dispensing_settle import PlannedArrival, Settlement, Why, list_served, settle

START = datetime(2026, 11, 9, tzinfo=UTC)
OLD, CAP, NONE = Why.BEYOND_USE_DATE, Why.AUTHORIZED_QUANTITY, Why.NO_BAG_YET


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def run(
    doses: list[int],
    on_hand: list[tuple[int, int]] | None = None,
    deliveries: list[tuple[int, int]] | None = None,
    *,
    ends: int = 100,
    each: int = 1,
    spare: int = 0,
    cap: int | None = None,
) -> Settlement:
    """Settle small cases whose times are whole hours from the start."""
    return settle(
        [at(dose) for dose in doses],
        starts=at(0),
        ends=at(ends),
        on_hand=[BagsOnHand(bags, at(beyond_use)) for bags, beyond_use in on_hand or []],
        deliveries=[PlannedArrival(at(arrives), at(beyond_use)) for arrives, beyond_use in deliveries or []],
        bags_per_dose=each,
        spare_bags=spare,
        authorized_bags=cap,
    )


def hour(instant: datetime) -> int:
    return (instant - START) // timedelta(hours=1)


def taken(plan: Settlement, each: int = 1) -> list[tuple[int, Source, int]]:
    served = list_served(plan.taken, plan.deliveries, each)
    return [(hour(one.dose), one.source, one.index) for one in served]


def left_out(plan: Settlement) -> list[tuple[int, Why]]:
    return [(hour(dose), why) for dose, why in plan.uncovered]


def brought(plan: Settlement) -> list[tuple[int, int, list[int]]]:
    return [(one.bags, one.spares, [hour(dose) for dose in one.covers]) for one in plan.deliveries]
