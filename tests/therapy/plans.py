"""Bring an order to a home count and a dispense plan, through actions, by the people whose steps they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.compounding.queries import list_bags_of_order
from pharmacy.dispensing.actions import (
    CountedBags,
    CountEntry,
    make_plan,
    record_home_count,
    sign_plan,
)
from pharmacy.dispensing.models import DispensePlan, HomeCount
from pharmacy.domain.statuses import BagStatus
from pharmacy.prescriptions.models import Order, OrderVersion
from pharmacy.sample.people import PASSWORD
from tests.conftest import START

People = Callable[[str], Person]
HOME = ZoneInfo("America/New_York")


def at_home(at: datetime) -> datetime:
    """Return what the clock at home says at an instant."""
    return at.astimezone(HOME).replace(tzinfo=None)


def home_day(number: int, hour: int = 0, minute: int = 0) -> datetime:
    """Return a clock time at home on a day of the therapy; day 1 is Monday 9 November 2026."""
    return datetime.combine(date(2026, 11, 9) + timedelta(days=number - 1), time(hour, minute))


def count_entry(at: datetime = START, **changes: Any) -> CountEntry:
    """Return a count as the patient told it: no bags, consent given."""
    values: dict[str, Any] = {
        "told_by": "Rosalind Sample",
        "told_by_relationship": "the patient",
        "counted_at": at_home(at),
        "lines": (),
        "missed_doses": "none",
        "consent_to_ship": True,
        "note": "",
    }
    return CountEntry(**values | changes)


def home_count(
    session: Session,
    people: People,
    order: Order,
    *,
    bags: int = 0,
    consent: bool = True,
    at: datetime = START,
) -> HomeCount:
    """Return a count, taken by Tina, of so many delivered bags by serial, the longest lasting of them."""
    delivered = list_bags_of_order(session, order.id, {BagStatus.DELIVERED})
    assert len(delivered) >= bags, f"only {len(delivered)} bags were delivered"
    lines = [CountedBags(serial=bag.serial) for bag in delivered[len(delivered) - bags :]]
    entry = count_entry(at, lines=lines, consent_to_ship=consent)
    return record_home_count(session, order, entry, by=people("tina"), at=at)


def proposed_plan(
    session: Session,
    people: People,
    version: OrderVersion,
    *,
    bags: int = 0,
    consent: bool = True,
    days: int = 7,
    arrivals: Sequence[datetime] | None = None,
    at: datetime = START,
) -> DispensePlan:
    """Return Tina's plan from a count made now; without `arrivals`, one delivery at noon of the next day."""
    starts = at_home(at)
    tomorrow = datetime.combine(starts.date() + timedelta(days=1), time(12))
    return make_plan(
        session,
        version.order,
        home_count=home_count(session, people, version.order, bags=bags, consent=consent, at=at),
        starts=starts,
        ends=starts + timedelta(days=days),
        arrivals=[tomorrow] if arrivals is None else arrivals,
        by=people("tina"),
        at=at,
    )


def signed_plan(
    session: Session,
    people: People,
    version: OrderVersion,
    *,
    bags: int = 0,
    consent: bool = True,
    days: int = 7,
    arrivals: Sequence[datetime] | None = None,
    at: datetime = START,
) -> DispensePlan:
    """Return a plan that Paula signed."""
    plan = proposed_plan(
        session, people, version, bags=bags, consent=consent, days=days, arrivals=arrivals, at=at
    )
    return sign_plan(session, plan, password=PASSWORD, by=people("paula"), at=at)
