"""The dispense plan with the fewest deliveries: the dates are chosen, then the plan is settled with them.

calculators.md, deliveries: the choice knows no cap and no spares; the plan is settled once with both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from pharmacy.domain.delivery_dates import ChosenDelivery, choose_deliveries
from pharmacy.domain.delivery_days import DeliveryDays, list_possible_arrivals
from pharmacy.domain.dispensing_bags import BagsOnHand
from pharmacy.domain.dispensing_plan import DispensePlan, plan_dispensing
from pharmacy.domain.dispensing_regimen import Segment
from pharmacy.domain.dispensing_settle import PlannedArrival
from pharmacy.domain.dispensing_working import working as plan_working
from pharmacy.domain.formatting import counted, day, moment, quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class FewestDeliveries:
    """Hold the plan for the dates chosen; `chosen` names them in the order of the plan's deliveries."""

    days: DeliveryDays
    possible: tuple[PlannedArrival, ...]
    chosen: tuple[ChosenDelivery, ...]
    plan: DispensePlan


def plan_fewest_deliveries(
    *,
    zone: ZoneInfo,
    regimen: Sequence[Segment],
    starts: datetime,
    ends: datetime,
    on_hand: Sequence[BagsOnHand],
    days: DeliveryDays,
    bags_per_dose: int = 1,
    spare_bags: int = 0,
    authorized_bags: int | None = None,
) -> FewestDeliveries:
    """Choose the dates of the deliveries and plan what each brings.

    Of all sets of dates: the fewest uncovered doses, then the fewest deliveries, then the fewest bags, then
    the earlier first date, and so on. Raises InvalidInput as `plan_dispensing` does.
    """

    def settle(arrivals: Sequence[PlannedArrival]) -> DispensePlan:
        return plan_dispensing(
            zone=zone,
            regimen=regimen,
            starts=starts,
            ends=ends,
            on_hand=on_hand,
            deliveries=arrivals,
            bags_per_dose=bags_per_dose,
            spare_bags=spare_bags,
            authorized_bags=authorized_bags,
        )

    without = settle([])
    possible = list_possible_arrivals(days, zone=zone, starts=without.starts, ends=without.ends)
    chosen = choose_deliveries(
        without.doses, on_hand=without.stock, arrivals=possible, bags_per_dose=bags_per_dose
    )
    return FewestDeliveries(
        days=days,
        possible=tuple(possible),
        chosen=tuple(chosen),
        plan=settle([one.arrival for one in chosen]) if chosen else without,
    )


def say_needed(plan: FewestDeliveries, place: int, zone: ZoneInfo) -> str:
    """Say why a delivery of the plan is needed, by its place from 0."""
    one = plan.chosen[place]
    without = f"Without it the dose on {moment(one.first_dose, zone)} has no bag:"
    if one.relies_on is not None:
        before = moment(one.relies_on.beyond_use, zone)
        reason = f"the bags of delivery {place} have to be started before {before}."
    elif any(some.bags for some in plan.plan.stock):
        reason = "the bags on hand are used, or too old, by then."
    else:
        reason = "no bags are on hand."
    if not plan.plan.deliveries[place].bags:
        reason += " The authorized quantity leaves no bag for it."
    return f"{without} {reason}"


def working(plan: FewestDeliveries, zone: ZoneInfo) -> list[str]:
    """Write how the dates were chosen, then where each number of the plan comes from."""
    return [*_say_choice(plan, zone), *plan_working(plan.plan, zone)]


def _say_choice(plan: FewestDeliveries, zone: ZoneInfo) -> Iterator[str]:
    days = plan.days
    closed = "".join(f", not on {day(on)}" for on in sorted(days.closed))
    possible = counted(len(plan.possible), "possible arrival")
    weekdays = ", ".join(days.weekday_names)
    yield f"Deliveries arrive on {weekdays} at {days.arrival_time:%H:%M}{closed}: {possible}."
    yield (
        f"A bag is prepared {quantity(days.lead_hours, 'h')} before it arrives and has to be started within"
        f" {quantity(days.beyond_use_hours, 'h')} of the start of preparation."
    )
    dates = ", ".join(moment(one.arrival.arrives, zone) for one in plan.chosen)
    chosen = counted(len(plan.chosen), "delivery", "deliveries") + (f": {dates}" if dates else "")
    yield (
        f"Chosen: {chosen}. Before spares and the authorized quantity, no other choice of dates leaves fewer"
        " doses without a bag; of those that leave as few, none has fewer deliveries, then fewer bags, then"
        " earlier dates."
    )


__all__ = ["FewestDeliveries", "plan_fewest_deliveries", "say_needed", "working"]
