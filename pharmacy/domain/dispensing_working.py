"""The working of a dispense plan: lines of plain English that a pharmacist can check by hand and sign."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from pharmacy.domain.dispensing_bags import Source
from pharmacy.domain.dispensing_plan import DispensePlan
from pharmacy.domain.dispensing_regimen import CloseDoses, list_close_doses
from pharmacy.domain.dispensing_settle import DeliveryPlan, Uncovered
from pharmacy.domain.formatting import clock, counted, day, moment, number


def working(plan: DispensePlan, zone: ZoneInfo) -> list[str]:
    """Write where each number of a plan comes from; `zone` is that of the patient's home."""
    close = list_close_doses(plan.regimen, zone=zone, starts=plan.starts, ends=plan.ends)
    bags = counted(len(plan.doses) * plan.bags_per_dose, "bag")
    return [
        f"Doses from {moment(plan.starts, zone)} up to, but not at, {moment(plan.ends, zone)}.",
        *_list_patterns(plan, zone),
        *(_say_close(pair, zone) for pair in close),
        f"In all {counted(len(plan.doses), 'dose')}, {counted(plan.bags_per_dose, 'bag')} a dose: {bags}.",
        *_list_stock(plan, zone),
        *_list_limits(plan),
        *_list_windows(plan, zone),
        *(f"No bag for the dose on {moment(dose, zone)}: {why}." for dose, why in plan.uncovered),
        *_list_sums(plan),
        _say_next_needed(plan, zone),
    ]


def _list_patterns(plan: DispensePlan, zone: ZoneInfo) -> Iterator[str]:
    for place, segment in enumerate(plan.regimen):
        effective = _say_local(segment.effective)
        if segment.frequency is None or segment.anchor is None:
            yield f"From {effective}: on hold, no doses."
            continue
        first, last = bisect_left(plan.patterns, place), bisect_left(plan.patterns, place + 1)
        reach = ""
        if first < last:
            reach = f", {moment(plan.doses[first], zone)} to {moment(plan.doses[last - 1], zone)}"
        yield (
            f"From {effective}: {segment.frequency.text}, with {_say_local(segment.anchor)} as day 1:"
            f" {counted(last - first, 'dose')}{reach}."
        )


def _say_local(local: datetime) -> str:
    return f"{day(local.date())} {clock(local)}"


def _say_close(pair: CloseDoses, zone: ZoneInfo) -> str:
    return (
        f"The change puts two doses {number(pair.hours_apart, 2)} hours apart,"
        f" on {moment(pair.earlier, zone)} and on {moment(pair.later, zone)}:"
        f" closer than the {number(pair.nominal_hours, 2)} hours of the new pattern ({pair.frequency.text})."
        " A pharmacist decides whether that is meant."
    )


def _list_stock(plan: DispensePlan, zone: ZoneInfo) -> Iterator[str]:
    served: dict[int, list[datetime]] = defaultdict(list)
    for bag in plan.serves:
        if bag.source is Source.ON_HAND:
            served[bag.index].append(bag.dose)
    for index, some in enumerate(plan.stock):
        doses, left = served[index], some.bags - len(served[index])
        line = f"On hand: {counted(some.bags, 'bag')} to be started before {moment(some.beyond_use, zone)}:"
        line += f" {len(doses)} used" + (f" (at {_say_times(doses, zone)})" if doses else "")
        if left and some.beyond_use > plan.ends:
            line += f", {left} left over that can still be started at the end"
        elif left:
            line += f", {left} cannot be started in time"
        yield line + "."


def _list_limits(plan: DispensePlan) -> Iterator[str]:
    if plan.spare_bags:
        yield (
            "Each delivery is topped up until, when its time ends,"
            f" {counted(plan.spare_bags, 'spare bag')} can still be started."
        )
    if plan.authorized_bags is not None:
        planned = sum(delivery.bags for delivery in plan.deliveries)
        yield (
            f"Authorized for all deliveries together: {counted(plan.authorized_bags, 'bag')};"
            f" planned {planned}, left {plan.authorized_bags - planned}."
        )


def _list_windows(plan: DispensePlan, zone: ZoneInfo) -> Iterator[str]:
    closings = [*(delivery.arrives for delivery in plan.deliveries), plan.ends]
    if plan.starts < closings[0]:
        doses, lacking = _count_doses(plan, plan.starts, closings[0])
        yield (
            f"Before any delivery, until {moment(closings[0], zone)}: {counted(doses, 'dose')},"
            f" {doses - lacking} from bags already there, {lacking} without a bag."
        )
    for place, delivery in enumerate(plan.deliveries):
        title, closes = f"Delivery {place + 1}", closings[place + 1]
        doses, lacking = _count_doses(plan, delivery.arrives, closes)
        new = (delivery.bags - delivery.spares) // plan.bags_per_dose
        yield (
            f"{title} arrives {moment(delivery.arrives, zone)}, its bags to be started before"
            f" {moment(delivery.beyond_use, zone)}. Until {moment(closes, zone)}: {counted(doses, 'dose')},"
            f" {doses - new - lacking} from bags already there, {new} from new bags, {lacking} without a bag."
            f" {_say_bags(delivery, new, plan.bags_per_dose)}"
        )
        if delivery.covers:
            yield f"{title} serves the doses at {_say_times(delivery.covers, zone)}."


def _count_doses(plan: DispensePlan, opens: datetime, closes: datetime) -> tuple[int, int]:
    """Count the doses from one instant to another, and those of them without a bag."""
    return (
        bisect_left(plan.doses, closes) - bisect_left(plan.doses, opens),
        bisect_left(plan.uncovered, closes, key=_dose) - bisect_left(plan.uncovered, opens, key=_dose),
    )


def _dose(uncovered: Uncovered) -> datetime:
    return uncovered.dose


def _say_bags(delivery: DeliveryPlan, new: int, each: int) -> str:
    doses = f"{counted(new, 'dose')} x {counted(each, 'bag')}"
    return f"{doses} + {counted(delivery.spares, 'spare')} = {counted(delivery.bags, 'bag')}."


def _list_sums(plan: DispensePlan) -> Iterator[str]:
    use = plan.on_hand
    yield (
        f"Check of the bags on hand: {use.used} used + {use.spare} spare + {use.expires_unused} that expire"
        f" unused = {counted(sum(some.bags for some in plan.stock), 'bag')}."
    )
    with_bag = len(plan.doses) - len(plan.uncovered)
    yield (
        f"Check of the doses: {with_bag} with bags + {len(plan.uncovered)} without"
        f" = {counted(len(plan.doses), 'dose')}."
    )


def _say_next_needed(plan: DispensePlan, zone: ZoneInfo) -> str:
    if plan.next_needed is None:
        return "The bags on hand alone serve every dose."
    return (
        "With the bags on hand alone, the first dose without a bag is on"
        f" {moment(plan.next_needed, zone)}: a delivery is needed by then."
    )


def _say_times(doses: Iterable[datetime], zone: ZoneInfo) -> str:
    """Write dose times once each, those of one clock time together."""
    days: dict[str, list[str]] = defaultdict(list)
    for dose in dict.fromkeys(doses):
        local = dose.astimezone(zone)
        days[clock(local)].append(day(local.date()))
    return "; ".join(f"{time} on {', '.join(dates)}" for time, dates in days.items())


__all__ = ["working"]
