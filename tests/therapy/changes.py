"""Bring the main patient's order to a change of frequency, through actions, by the right people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.changes.actions import put_change_in_force, tick_task
from pharmacy.changes.models import ChangeRecord
from pharmacy.compounding.models import Bag
from pharmacy.dispensing.models import DispensePlan
from pharmacy.domain.findings import Severity
from pharmacy.domain.local_time import to_instant
from pharmacy.prescriptions.actions import enter_change
from pharmacy.prescriptions.models import ChangeTask, OrderVersion
from pharmacy.prescriptions.queries import list_open_tasks, screen_version
from pharmacy.pumps.actions import print_sheet
from pharmacy.pumps.models import ProgramSheet
from pharmacy.pumps.queries import find_verified_sheet
from pharmacy.sample.people import PASSWORD
from tests.conftest import START
from tests.therapy.deliveries import delivered_stop
from tests.therapy.orders import order_in_force
from tests.therapy.plans import HOME, home_day

People = Callable[[str], Person]
REASON = "Magnesium 2.1 mg/dL, within range"


def instant(day: int, hour: int = 21) -> datetime:
    """Return an instant by the clock at home on a day of the therapy; day 1 is Monday 9 November 2026."""
    return to_instant(home_day(day, hour), HOME)


def entered_change(
    session: Session, people: People, old: OrderVersion, *, at: datetime, by: str = "paula", **changes: Any
) -> OrderVersion:
    """Return a change that Paula took by telephone: 2 of every 3 days, from the evening of `at` on."""
    today = at.astimezone(HOME).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    values: dict[str, Any] = {
        "frequency_as_written": "every two out of three days",
        "anchor": today.replace(hour=21),
        "effective": max(today, old.effective),
        "reason": REASON,
        "received_how": "telephone",
        "read_back": True,
    }
    return enter_change(session, old, **values | changes, by=people(by), at=at)


def answers_to(session: Session, version: OrderVersion, *, at: datetime) -> dict[str, str]:
    """Return an answer to each finding that says stop."""
    found = screen_version(session, version, at=at)
    return {one.message: "Discussed with the prescriber." for one in found if one.severity is Severity.REFUSE}


def signed_change(
    session: Session,
    people: People,
    version: OrderVersion,
    *,
    at: datetime,
    by: str = "peter",
    **changes: Any,
) -> ChangeRecord:
    """Return a change that Peter put in force."""
    values = {
        "list_checked": True,
        "acknowledged": answers_to(session, version, at=at),
        "password": PASSWORD,
    }
    return put_change_in_force(session, version, **values | changes, by=people(by), at=at)


def change_in_force(
    session: Session, people: People, old: OrderVersion, *, at: datetime, **changes: Any
) -> OrderVersion:
    """Return the version that a change put in force, recorded by Paula and signed by Peter."""
    version = entered_change(session, people, old, at=at, **changes)
    signed_change(session, people, version, at=at)
    return version


def tick_all(
    session: Session, people: People, order_id: int, *, at: datetime, only_blocking: bool = False
) -> list[ChangeTask]:
    """Tick what the changes of an order still ask for, by Theo."""
    tasks = [one for one in list_open_tasks(session, order_id) if one.blocks or not only_blocking]
    return [tick_task(session, one, note="told by telephone", by=people("theo"), at=at) for one in tasks]


@dataclass(frozen=True)
class AtHome:
    """Hold an order with nine bags at home, daily from day 2, and the next delivery planned for day 11."""

    version: OrderVersion
    plan: DispensePlan
    bags: Sequence[Bag]
    sheet: ProgramSheet


def nine_at_home(session: Session, people: People, **order: Any) -> AtHome:
    """Return vector A of domain.md 6.3 before the change: prepared on day 1 at 09:00, delivered on day 2.

    Nine bags to be started before day 11 at 09:00, for the doses at 21:00 of days 2 to 10; sheet and calendar
    are printed; the plan goes on to day 20 with one more delivery.
    """
    values = {"anchor": home_day(2, 21), "effective": home_day(2, 21)} | order
    old = order_in_force(session, people, **values)
    stop = delivered_stop(session, people, old, days=19, arrivals=[home_day(2, 12), home_day(11, 12)])
    plan = stop.planned_delivery.plan
    worksheet = plan.deliveries[0].worksheet
    sheet = find_verified_sheet(session, old.id)
    assert worksheet is not None
    assert sheet is not None
    print_sheet(
        session,
        sheet,
        draw_sheet=lambda _: b"sheet",
        draw_calendar=lambda _: b"calendar",
        reason=None,
        by=people("tina"),
        at=START,
    )
    return AtHome(old, plan, worksheet.bags, sheet)
