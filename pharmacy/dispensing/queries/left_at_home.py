"""How many bags should be left at home, from records and the calendar alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.compounding.models import Bag
from pharmacy.dispensing.models import HomeCount
from pharmacy.dispensing.queries.counts import (
    HomeBag,
    count_bags,
    find_latest_count,
    list_home_bags,
)
from pharmacy.domain.dispensing import list_doses
from pharmacy.domain.dispensing_assign import Assignment, BagThere, assign_bags
from pharmacy.domain.formatting import counted, moment
from pharmacy.domain.local_time import find_zone
from pharmacy.prescriptions.models import Order
from pharmacy.prescriptions.queries import list_segments


@dataclass(frozen=True, slots=True)
class LeftBag:
    """Hold a bag that should be at home; one that was counted by number is not known by its serial."""

    bag: Bag | None
    beyond_use: datetime


@dataclass(frozen=True, slots=True)
class ExpectedBags:
    """Hold how many bags should be at home, how many of them are past their date, the working, and which."""

    bags: int
    past_beyond_use: int
    lines: tuple[str, ...]
    left: tuple[LeftBag, ...] = ()


def expected_bags(session: Session, order_id: int, *, at: datetime) -> ExpectedBags:
    """Say how many bags should be at home: those of the last count, plus delivered, minus doses due.

    Counts from the count before `at`, else from the first delivery. A dose takes the bag with the earliest
    beyond-use date that can be started; a dose that found none takes nothing away.
    """
    zone = find_zone(session.get_one(Order, order_id).patient.time_zone)
    home = list_home_bags(session, order_id, at=at)
    count = find_latest_count(session, order_id, before=at)
    if count is None and not home:
        return ExpectedBags(0, 0, ("No bag of this order has been delivered yet: 0 bags should be there.",))
    since = count.counted_at if count else home[0].delivered_at
    later = [one for one in home if count is None or one.delivered_at > since]
    gone = [one for one in home if one.gone_at is not None and one.gone_at > since]
    there = _list_counted(count, gone)
    there += [(one.bag, BagThere(one.delivered_at, _known(one.bag))) for one in later if one.gone_at is None]
    bags = [bag for _, bag in there]
    due = list_doses(list_segments(session, order_id), zone=zone, starts=since, ends=at)
    used = assign_bags([dose for dose, _ in due], bags)
    past = sum(bags[place].beyond_use <= at for place in used.unused)
    starting = count_bags(count) if count else 0
    lines = (
        _say_start(count, since, zone),
        *_say_delivered(later, zone),
        *([f"Taken back or destroyed since: {counted(len(gone), 'bag')}."] if gone else []),
        *_say_doses(used, since, at, zone),
        _say_sum(starting, len(later), starting + len(later) - len(bags), used, past),
    )
    left = tuple(LeftBag(there[place][0], bags[place].beyond_use) for place in used.unused)
    return ExpectedBags(len(used.unused), past, lines, left)


def _known(bag: Bag) -> datetime:
    """Return the beyond-use date of a bag that was made."""
    if bag.beyond_use_at is None:
        raise ValueError(f"{bag.serial} left the pharmacy without a beyond-use date")
    return bag.beyond_use_at


def label_minute(bag: Bag) -> datetime:
    """Return the beyond-use date of a bag as its label says it: to the minute, never later than it is."""
    return _known(bag).replace(second=0, microsecond=0)


def _list_counted(count: HomeCount | None, gone: Sequence[HomeBag]) -> list[tuple[Bag | None, BagThere]]:
    """List the bags of a count that have not gone since: one by its serial, else by the date on its label."""
    if count is None:
        return []
    named = {line.bag_id for line in count.lines}
    ids = {one.bag.id for one in gone}
    dates = Counter(label_minute(one.bag) for one in gone if one.bag.id not in named)
    bags: list[tuple[Bag | None, BagThere]] = []
    for line in count.lines:
        if line.bag_id is None:
            left = max(0, line.bags - dates[line.beyond_use_at])
            dates[line.beyond_use_at] -= line.bags - left
        else:
            left = 0 if line.bag_id in ids else line.bags
        bags += [(line.bag, BagThere(count.counted_at, line.beyond_use_at))] * left
    return bags


def _say_start(count: HomeCount | None, since: datetime, zone: ZoneInfo) -> str:
    if count is None:
        return f"Counted from the first delivery on {moment(since, zone)}."
    return f"The count of {moment(since, zone)} found {counted(count_bags(count), 'bag')}."


def _say_delivered(later: Sequence[HomeBag], zone: ZoneInfo) -> Iterator[str]:
    deliveries = Counter(one.delivered_at for one in later)
    for delivered_at, bags in sorted(deliveries.items()):
        yield f"Delivered on {moment(delivered_at, zone)}: {counted(bags, 'bag')}."


def _say_doses(used: Assignment, since: datetime, at: datetime, zone: ZoneInfo) -> Iterator[str]:
    times = f": {', '.join(moment(dose, zone) for dose, _ in used.served)}" if used.served else ""
    due = counted(len(used.served), "dose")
    yield f"Due from {moment(since, zone)} up to {moment(at, zone)}: {due}{times}."
    if used.without_bag:
        without = ", ".join(moment(dose, zone) for dose in used.without_bag)
        yield f"No bag that could be started was there for {without}; these doses take no bag away."


def _say_sum(counted_bags: int, delivered: int, gone: int, used: Assignment, past: int) -> str:
    taken = len(used.served) - len(used.without_bag)
    left = len(used.unused)
    date = f", {past} of them past the beyond-use date" if past else ""
    return (
        f"{counted_bags} counted + {delivered} delivered - {gone} taken back - {taken} used"
        f" = {counted(left, 'bag')} that should be left{date}."
    )
