"""What follows from a change: what is in circulation, as the rule takes it, and the rule's answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from pharmacy.changes.queries.impact import Outlook, Prospect, list_home_doses, list_without_bag
from pharmacy.compounding.models import Bag, Worksheet
from pharmacy.compounding.queries import say_directions
from pharmacy.dispensing.models import PlannedDelivery
from pharmacy.dispensing.queries import count_bags_to_bring, list_ready
from pharmacy.domain import change_impact as rule
from pharmacy.domain.formatting import quantity
from pharmacy.domain.local_time import to_instant
from pharmacy.domain.quantities import round_half_up
from pharmacy.domain.statuses import BagStatus, OrderStatus, WorksheetStatus
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.prescriptions.queries import running_rate
from pharmacy.pumps.actions import CALENDAR

_STARTED = (WorksheetStatus.IN_PREPARATION, WorksheetStatus.AWAITING_RELEASE)


def list_consequences(session: Session, prospect: Prospect) -> list[rule.Consequence]:
    """List what a change makes of everything in circulation, what concerns the patient first."""
    worksheets = list(_list_worksheets(prospect))
    return rule.list_consequences(
        _terms(prospect, prospect.old, status=prospect.old.status),
        _terms(prospect, prospect.new, status=OrderStatus.IN_FORCE),
        out=rule.InCirculation(
            bags_at_home=list(_list_home(prospect)),
            worksheets=worksheets,
            bags_at_pharmacy=list(_list_released(prospect)),
            labels=list(_list_labels(session, prospect)),
            pump_sheets=[
                rule.Paper(one.id, f"version {one.version} of pump {one.pump.asset_number}")
                for one in prospect.out.sheets
            ],
            calendars=[rule.Paper(one.id, one.serial) for one in prospect.out.papers if one.kind == CALENDAR],
        ),
        before=_numbers(prospect, prospect.before, worksheets, as_signed=True),
        after=_numbers(prospect, prospect.after, worksheets, as_signed=False),
        zone=prospect.zone,
    )


def _terms(prospect: Prospect, version: OrderVersion, *, status: OrderStatus) -> rule.OrderTerms:
    return rule.OrderTerms(
        frequency=version.frequency,
        anchor=version.anchor,
        dose_mg=version.dose_mg,
        diluent=f"{quantity(version.diluent_volume_ml, 'mL')} of {version.diluent}",
        rate_ml_per_h=round_half_up(running_rate(version.formula, version.infusion_hours), 6),
        route=version.route,
        status=status,
        effective=to_instant(version.effective, prospect.zone),
    )


def _numbers(
    prospect: Prospect, outlook: Outlook, worksheets: list[rule.OpenWorksheet], *, as_signed: bool
) -> rule.PlanNumbers:
    """Return a plan's numbers; what the plan in force brings is what was signed.

    Where no delivery is planned nothing says how many bags are needed: worksheets keep their number.
    """
    deliveries = [
        rule.PlannedDelivery(one.arrives_at, count_bags_to_bring(one) if as_signed else bags, one.id)
        for one, bags in zip(prospect.out.upcoming, outlook.bags, strict=True)
    ]
    if not deliveries:
        wanted: dict[datetime, int] = {}
        for one in worksheets:
            wanted[one.arrives] = wanted.get(one.arrives, 0) + one.bags
        for bag in _list_released(prospect):
            wanted[bag.arrives] = wanted.get(bag.arrives, 0) + 1
        deliveries = [rule.PlannedDelivery(arrives, bags) for arrives, bags in wanted.items()]
    return rule.PlanNumbers(
        ends=prospect.ends,
        deliveries=deliveries,
        next_needed=outlook.proposal.plan.next_needed,
        uncovered=list_without_bag(prospect),
    )


def _list_home(prospect: Prospect) -> Iterator[rule.BagAtHome]:
    doses = list_home_doses(prospect.after)
    for place, (name, one) in enumerate(zip(prospect.names, prospect.out.home, strict=True)):
        yield rule.BagAtHome(one.bag.id if one.bag else None, name, one.beyond_use, doses.get(place))


def _list_worksheets(prospect: Prospect) -> Iterator[rule.OpenWorksheet]:
    """List the worksheets with bags that are made or planned; one in quarantine is decided on its own."""
    for worksheet in prospect.out.worksheets:
        made = [bag for bag in worksheet.bags if bag.status in (BagStatus.MADE, BagStatus.REWORK)]
        planned = [bag for bag in worksheet.bags if bag.status is BagStatus.PLANNED]
        if made or planned:
            brought = [bag for bag in made if _is_brought(prospect, bag)]
            yield rule.OpenWorksheet(
                worksheet.id,
                worksheet.serial,
                len(made) + len(planned),
                started=worksheet.status in _STARTED,
                arrives=_find_arrival(prospect, worksheet.bags, worksheet, brought=bool(brought)),
                made=len(made),
                brought=len(brought),
            )


def _list_released(prospect: Prospect) -> Iterator[rule.BagAtPharmacy]:
    for bag in prospect.out.released:
        box = prospect.out.boxes.get(bag.id)
        brought = _is_brought(prospect, bag)
        arrives = _find_arrival(prospect, [bag], bag.worksheet, brought=brought)
        if box is not None and not brought:
            arrives = box.stop.planned_delivery.arrives_at
        yield rule.BagAtPharmacy(bag.id, bag.serial, box is not None, arrives, brought)


def _is_brought(prospect: Prospect, bag: Bag) -> bool:
    """Tell whether the new plan brings a bag; without a delivery nothing speaks against it."""
    return not prospect.out.upcoming or bag.serial in prospect.after.brought


def _find_arrival(prospect: Prospect, bags: list[Bag], worksheet: Worksheet, *, brought: bool) -> datetime:
    """Find the arrival of the delivery that bags are for; what the new plan brings comes with its first."""
    upcoming = prospect.out.upcoming
    if not upcoming:
        return worksheet.needed_at
    serials = {bag.serial for bag in bags}
    own: PlannedDelivery | None = None
    if not brought:
        own = next((one for one in upcoming if one.worksheet_id == worksheet.id), None) or next(
            (one for one in upcoming if serials & _list_brought(one)), None
        )
    return (own or upcoming[0]).arrives_at


def _list_brought(delivery: PlannedDelivery) -> set[str]:
    """List the bags that a delivery brings and that are not made for it: ready ones, and those of stock."""
    return {serial for serial, _ in list_ready(delivery)} | {bag.serial for bag in delivery.allocated}


def _list_labels(session: Session, prospect: Prospect) -> Iterator[rule.PrintedLabel]:
    """List the loose labels with the directions on them; the rate is all that bags differ in."""
    said: dict[Decimal, str] = {}
    for copy, bag in prospect.out.labels:
        rate = bag.get_rate()
        if rate not in said:
            said[rate] = say_directions(session, prospect.old, rate)
        yield rule.PrintedLabel(copy.id, f"copy {copy.copy_number} of bag {bag.serial}", said[rate])
