"""The dispense plan: how many bags, for which doses, with which delivery (calculators.md, dispense)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from pharmacy.domain.dispensing_bags import BagsOnHand
from pharmacy.domain.dispensing_regimen import Segment, ensure_in_time_order, expand_segments
from pharmacy.domain.dispensing_settle import (
    DeliveryPlan,
    OnHandUse,
    PlannedArrival,
    Served,
    Taken,
    Uncovered,
    list_served,
    settle,
)
from pharmacy.domain.errors import InvalidInput


@dataclass(frozen=True, slots=True, kw_only=True)
class DispensePlan:
    """Hold what was asked and what follows from it; all instants are UTC.

    `patterns` names the segment of the regimen that each of `doses` comes from. `next_needed` is the first
    dose that the bags on hand alone cannot serve, or None; `taken` are the bags used that were there already.
    """

    regimen: tuple[Segment, ...]
    starts: datetime
    ends: datetime
    stock: tuple[BagsOnHand, ...]
    bags_per_dose: int
    spare_bags: int
    authorized_bags: int | None
    doses: tuple[datetime, ...]
    patterns: tuple[int, ...]
    deliveries: tuple[DeliveryPlan, ...]
    on_hand: OnHandUse
    uncovered: tuple[Uncovered, ...]
    next_needed: datetime | None
    taken: tuple[Taken, ...]

    @property
    def serves(self) -> tuple[Served, ...]:
        """Name each bag used, in the order of the doses; `index` is a place in `stock` or in `deliveries`."""
        return list_served(self.taken, self.deliveries, self.bags_per_dose)


def plan_dispensing(
    *,
    zone: ZoneInfo,
    regimen: Sequence[Segment],
    starts: datetime,
    ends: datetime,
    on_hand: Sequence[BagsOnHand],
    deliveries: Sequence[PlannedArrival],
    bags_per_dose: int = 1,
    spare_bags: int = 0,
    authorized_bags: int | None = None,
) -> DispensePlan:
    """Plan which bag each dose of a course takes and what each delivery brings.

    Instants are aware, `starts` <= time < `ends`; the regimen's clock times are those of `zone`. A bag can
    serve a dose when it is there (arrived <= start) and start < beyond-use date. Raises InvalidInput for an
    empty course, a regimen out of time order, and arrivals that do not rise strictly inside the course.
    """
    starts, ends = starts.astimezone(UTC), ends.astimezone(UTC)
    stock = tuple(BagsOnHand(some.bags, some.beyond_use.astimezone(UTC)) for some in on_hand)
    arrivals = [
        PlannedArrival(one.arrives.astimezone(UTC), one.beyond_use.astimezone(UTC)) for one in deliveries
    ]
    _ensure_course(starts, ends, arrivals)
    _ensure_counts(stock, bags_per_dose, spare_bags, authorized_bags)
    ensure_in_time_order(regimen, zone=zone)
    doses: list[datetime] = []
    patterns: list[int] = []
    for place, instants in expand_segments(regimen, zone=zone, starts=starts, ends=ends):
        doses += instants
        patterns += [place] * len(instants)
    settled = settle(
        doses,
        starts=starts,
        ends=ends,
        on_hand=stock,
        deliveries=arrivals,
        bags_per_dose=bags_per_dose,
        spare_bags=spare_bags,
        authorized_bags=authorized_bags,
    )
    return DispensePlan(
        regimen=tuple(regimen),
        starts=starts,
        ends=ends,
        stock=stock,
        bags_per_dose=bags_per_dose,
        spare_bags=spare_bags,
        authorized_bags=authorized_bags,
        doses=tuple(doses),
        patterns=tuple(patterns),
        deliveries=settled.deliveries,
        on_hand=settled.on_hand,
        uncovered=settled.uncovered,
        next_needed=settled.next_needed,
        taken=settled.taken,
    )


def _ensure_course(starts: datetime, ends: datetime, arrivals: Sequence[PlannedArrival]) -> None:
    if ends <= starts:
        raise InvalidInput("until should be later than from.", field="until")
    for place, arrival in enumerate(arrivals):
        if not starts <= arrival.arrives < ends:
            field = f"deliveries[{place}].arrives"
            raise InvalidInput(f"{field} should lie at or after from and before until.", field=field)
    for place, (earlier, later) in enumerate(pairwise(arrivals), start=1):
        if later.arrives <= earlier.arrives:
            field = f"deliveries[{place}].arrives"
            raise InvalidInput(f"{field} should be later than the arrival before it.", field=field)


def _ensure_counts(
    stock: Sequence[BagsOnHand], bags_per_dose: int, spare_bags: int, authorized_bags: int | None
) -> None:
    if bags_per_dose < 1:
        raise InvalidInput("bags_per_dose should be 1 or more.", field="bags_per_dose")
    counts = {
        "spare_bags": spare_bags,
        "authorized_bags": authorized_bags or 0,
        **{f"on_hand[{place}].bags": some.bags for place, some in enumerate(stock)},
    }
    for field, count in counts.items():
        if count < 0:
            raise InvalidInput(f"{field} should be 0 or more.", field=field)


__all__ = ["DispensePlan", "plan_dispensing"]
