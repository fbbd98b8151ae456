"""The dispense plan when bags are made already, or in work, and come with the first delivery.

Windows are settled in time order and what is left over is there for the next (calculators.md, dispense). So
the course is planned up to the first arrival with the bags at home alone, and from it on with what they left
and the bags that are ready. No ready bag serves a dose before it arrives, and none is made twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pharmacy.domain.dispensing_bags import BagsOnHand, Source
from pharmacy.domain.dispensing_plan import DispensePlan, plan_dispensing
from pharmacy.domain.dispensing_regimen import Segment
from pharmacy.domain.dispensing_settle import OnHandUse, PlannedArrival, Taken
from pharmacy.domain.dispensing_working import working

_ON_HAND = "On hand:"
_READY = "Made or in work, comes with delivery 1:"


def plan_with_ready_bags(
    *,
    zone: ZoneInfo,
    regimen: Sequence[Segment],
    starts: datetime,
    ends: datetime,
    at_home: Sequence[BagsOnHand],
    ready: Sequence[BagsOnHand],
    deliveries: Sequence[PlannedArrival],
    spare_bags: int,
    authorized_bags: int,
) -> DispensePlan:
    """Plan a course, one bag a dose, in which the `ready` bags come with the first delivery.

    The answer's `stock` lists the bags at home, then the ready ones; `next_needed` looks at those at home
    alone. Without a delivery the ready bags stay out of the plan. Refusals are those of `plan_dispensing`.
    """
    course: dict[str, Any] = {"zone": zone, "regimen": regimen}
    limits: dict[str, Any] = {
        "deliveries": deliveries,
        "spare_bags": spare_bags,
        "authorized_bags": authorized_bags,
    }
    whole = plan_dispensing(**course, starts=starts, ends=ends, on_hand=at_home, **limits)
    if not ready or not deliveries:
        return whole
    arrives, before, left = whole.deliveries[0].arrives, None, whole.stock
    if whole.starts < arrives:
        before = plan_dispensing(**course, starts=starts, ends=arrives, on_hand=at_home, deliveries=())
        left = _take_off(whole.stock, before.taken)
    after = plan_dispensing(**course, starts=arrives, ends=ends, on_hand=[*left, *ready], **limits)
    taken = (before.taken if before else ()) + after.taken
    stock = (*whole.stock, *after.stock[len(left) :])
    return replace(
        whole,
        stock=stock,
        deliveries=after.deliveries,
        on_hand=count_use(stock, taken, whole.ends),
        uncovered=(before.uncovered if before else ()) + after.uncovered,
        taken=taken,
    )


def _count_taken(taken: Iterable[Taken]) -> Counter[int]:
    return Counter(index for _, source, index in taken if source is Source.ON_HAND)


def _take_off(stock: Sequence[BagsOnHand], taken: Iterable[Taken]) -> tuple[BagsOnHand, ...]:
    used = _count_taken(taken)
    return tuple(BagsOnHand(some.bags - used[place], some.beyond_use) for place, some in enumerate(stock))


def count_use(stock: Sequence[BagsOnHand], taken: Iterable[Taken], ends: datetime) -> OnHandUse:
    """Count what becomes of the bags of a stock: the first entries of a plan's own, as many as are given."""
    left = _take_off(stock, taken)
    unused = sum(some.bags for some in left)
    spare = sum(some.bags for some in left if some.beyond_use > ends)
    return OnHandUse(
        used=sum(some.bags for some in stock) - unused, spare=spare, expires_unused=unused - spare
    )


def working_with_ready_bags(plan: DispensePlan, zone: ZoneInfo, *, at_home: int) -> list[str]:
    """Write the working of such a plan; `at_home` says how many entries of its `stock` are at home."""
    lines = working(plan, zone)
    first = next((place for place, line in enumerate(lines) if line.startswith(_ON_HAND)), len(lines))
    for place in range(first + at_home, first + len(plan.stock)):
        lines[place] = _READY + lines[place].removeprefix(_ON_HAND)
    return lines


__all__ = ["count_use", "plan_with_ready_bags", "working_with_ready_bags"]
