"""What the rule proposes for an order, one count and the deliveries typed; nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Site
from pharmacy.accounts.queries import get_site
from pharmacy.compounding.queries import date_new_bag, get_formula_to_make
from pharmacy.dispensing.models import HomeCount
from pharmacy.dispensing.queries.answer import (
    Arrival,
    KnownBag,
    Origin,
    PlanInputs,
    PlannedDose,
)
from pharmacy.dispensing.queries.counts import count_bags
from pharmacy.dispensing.queries.supply import (
    Supply,
    date_of_ready_bag,
    find_known_date,
    read_supply,
    say_supply,
)
from pharmacy.domain.beyond_use import BeyondUse, LimitsTable
from pharmacy.domain.dispensing import BagsOnHand, DispensePlan, PlannedArrival, Segment, Source
from pharmacy.domain.dispensing_ready import plan_with_ready_bags, working_with_ready_bags
from pharmacy.domain.formatting import counted, moment
from pharmacy.domain.local_time import find_zone
from pharmacy.formulary.queries import adopted_limits_table
from pharmacy.prescriptions.models import OrderVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAhead:
    """Hold what is to be settled: an order version, its regimen, the time ahead and the arrivals."""

    version: OrderVersion
    regimen: tuple[Segment, ...]
    starts: datetime
    ends: datetime
    arrivals: tuple[datetime, ...]

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone of the patient's home."""
        return find_zone(self.version.order.patient.time_zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course(TimeAhead):
    """Hold what a plan is asked for: the time ahead, and the home count that it rests on."""

    count: HomeCount


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Hold what the rule answers, from what, each dose with its bag, and the working."""

    plan: DispensePlan
    supply: Supply
    inputs: PlanInputs
    doses: tuple[PlannedDose, ...]
    working: tuple[str, ...]


def propose(session: Session, course: Course, *, at: datetime) -> Proposal:
    """Propose the bags to make for each delivery, with what is at home and what is made or in work."""
    supply = read_supply(session, course.version, at=at)
    settled = settle_ahead(session, course, home=tuple(_list_home(course.count)), supply=supply, at=at)
    basis = write_basis(course.version, course.count, course.regimen, supply)
    return replace(
        settled,
        inputs=replace(settled.inputs, basis=basis),
        working=(*_say_basis(course, supply), *settled.working),
    )


def settle_ahead(
    session: Session, ahead: TimeAhead, *, home: tuple[KnownBag, ...], supply: Supply, at: datetime
) -> Proposal:
    """Settle the doses ahead on the bags given, and count what each delivery must bring besides.

    `home` are the bags that are there at the start; the ready bags of `supply` come with the first delivery.
    """
    site, zone = get_site(session, ahead.version.order.site_id), ahead.zone
    table = adopted_limits_table(session, site_id=site.id)
    dated = _date_arrivals(session, ahead, site, table)
    inputs = PlanInputs(
        home=home,
        ready=tuple(_list_ready(supply, dated, table, zone=zone, at=at)),
        arrivals=tuple(
            Arrival(arrives, one.prepared_at, one.until)
            for arrives, one in zip(ahead.arrivals, dated, strict=True)
        ),
        spare_bags=site.spare_bags,
        lead_hours=site.preparation_lead_hours,
        basis={},
    )
    stock, places = _group(inputs)
    plan = _ask_the_rule(ahead, inputs, stock, authorised=supply.left)
    at_home = len(stock[Origin.HOME])
    return Proposal(
        plan=plan,
        supply=supply,
        inputs=inputs,
        doses=tuple(_name_bags(plan, places)),
        working=(
            *_say_dates(inputs, dated, site, zone),
            *working_with_ready_bags(plan, zone, at_home=at_home),
        ),
    )


def _date_arrivals(session: Session, ahead: TimeAhead, site: Site, table: LimitsTable) -> list[BeyondUse]:
    """Date the bags made for each arrival, as though their preparation starts the lead time before it."""
    lead = timedelta(hours=site.preparation_lead_hours)
    formula = get_formula_to_make(session, ahead.version)
    return [
        date_new_bag(formula, prepared_at=arrives - lead, table=table, zone=ahead.zone)
        for arrives in ahead.arrivals
    ]


def _ask_the_rule(
    ahead: TimeAhead, inputs: PlanInputs, stock: Mapping[Origin, Sequence[BagsOnHand]], *, authorised: int
) -> DispensePlan:
    return plan_with_ready_bags(
        zone=ahead.zone,
        regimen=ahead.regimen,
        starts=ahead.starts,
        ends=ahead.ends,
        at_home=stock[Origin.HOME],
        ready=stock[Origin.READY],
        deliveries=[PlannedArrival(one.arrives, one.beyond_use) for one in inputs.arrivals],
        spare_bags=inputs.spare_bags,
        authorized_bags=authorised,
    )


def write_basis(
    version: OrderVersion, count: HomeCount, regimen: Sequence[Segment], supply: Supply
) -> dict[str, Any]:
    """Write what a plan rests on: when any of it has changed, the plan is made again before it is signed."""
    return {
        "version": version.id,
        "count": count.id,
        "regimen": [
            [
                one.effective.isoformat(),
                one.frequency.text if one.frequency else "hold",
                one.anchor.isoformat() if one.anchor else None,
                str(one.infusion_hours),
            ]
            for one in regimen
        ],
        "ready": [
            [bag.serial, date.isoformat() if (date := find_known_date(bag)) else None] for bag in supply.ready
        ],
        "held": [bag.serial for bag in supply.held],
        "dispensed": supply.dispensed,
        "authorised": supply.authorised,
    }


def _list_home(count: HomeCount) -> Iterator[KnownBag]:
    """List the bags of a count one by one; a date that was shortened since the count holds."""
    for line in count.lines:
        until = line.beyond_use_at
        if line.bag is not None and line.bag.beyond_use_at is not None:
            until = min(until, line.bag.beyond_use_at)
        serial = line.bag.serial if line.bag else None
        yield from [KnownBag(serial, until)] * line.bags


def _list_ready(
    supply: Supply, dated: Sequence[BeyondUse], table: LimitsTable, *, zone: ZoneInfo, at: datetime
) -> Iterator[KnownBag]:
    if not dated:
        return
    for bag in supply.ready:
        until = date_of_ready_bag(bag, prepare_from=dated[0].prepared_at, table=table, zone=zone, at=at)
        yield KnownBag(bag.serial, until)


def _group(inputs: PlanInputs) -> tuple[dict[Origin, list[BagsOnHand]], list[tuple[Origin, list[int]]]]:
    """Put bags with one beyond-use date together, as the rule counts them, and keep which bags they are."""
    stock: dict[Origin, list[BagsOnHand]] = {}
    places: list[tuple[Origin, list[int]]] = []
    for origin, bags in ((Origin.HOME, inputs.home), (Origin.READY, inputs.ready)):
        together: dict[datetime, list[int]] = defaultdict(list)
        for place, bag in enumerate(bags):
            together[bag.beyond_use].append(place)
        stock[origin] = [BagsOnHand(len(some), until) for until, some in together.items()]
        places += [(origin, some) for some in together.values()]
    return stock, places


def _name_bags(plan: DispensePlan, places: Sequence[tuple[Origin, list[int]]]) -> Iterator[PlannedDose]:
    """Name the bag of each dose: bags with one date are taken in the order in which they were listed."""
    queues = [(origin, iter(some)) for origin, some in places]
    found: dict[datetime, PlannedDose] = {}
    for bag in plan.serves:
        if bag.source is Source.DELIVERY:
            found[bag.dose] = PlannedDose(bag.dose, Origin.NEW, bag.index, None)
        else:
            origin, queue = queues[bag.index]
            found[bag.dose] = PlannedDose(bag.dose, origin, next(queue), None)
    for dose, why in plan.uncovered:
        found[dose] = PlannedDose(dose, None, None, why.value)
    return (found[dose] for dose in plan.doses)


def _say_basis(course: Course, supply: Supply) -> Iterator[str]:
    count, version = course.count, course.version
    yield (
        f"Rx {version.order.rx_number}, version {version.version}. Home count of"
        f" {moment(count.counted_at, course.zone)}, {count.told_by} ({count.told_by_relationship}) to"
        f" {count.taken_by.name}: {counted(count_bags(count), 'bag')} at home;"
        f" {count.expected_bags} should be left by our records."
    )
    yield from say_supply(supply)


def _say_dates(inputs: PlanInputs, dated: Sequence[BeyondUse], site: Site, zone: ZoneInfo) -> Iterator[str]:
    for number, (arrival, date) in enumerate(zip(inputs.arrivals, dated, strict=True), start=1):
        yield (
            f"Delivery {number}: preparation from {moment(arrival.prepare_from, zone)},"
            f" {counted(site.preparation_lead_hours, 'hour')} before it arrives. A bag made then can be"
            f" started before {moment(date.until, zone)}; the soonest limit is the {date.limited_by}:"
            f" {date.limits[0].source}"
        )
    if dated:
        yield (
            "The lots are not chosen yet. The expiry of a component can bring a beyond-use date forward, so"
            " each bag is checked against its dose again when it is packed."
        )
