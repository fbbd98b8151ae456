"""domain.md 6.3, vector A, through actions with real records: daily becomes 2 of every 3 days at day 5."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from pharmacy.audit.models import AuditEntry
from pharmacy.changes.models import ChangeRecord
from pharmacy.changes.queries import read_numbers, show_change, write_numbers
from pharmacy.delivery.actions import record_not_delivered  # noqa: F401
from pharmacy.dispensing.actions import make_plan, open_worksheet_for, sign_plan
from pharmacy.dispensing.queries import count_bags_to_bring, list_covers, show_plan
from pharmacy.domain.statuses import OrderStatus, PlanStatus, SheetStatus, WorksheetStatus
from pharmacy.prescriptions.queries import list_open_tasks
from pharmacy.printing.queries import list_papers, list_papers_in_force
from pharmacy.sample.people import PASSWORD
from tests.therapy.changes import (
    REASON,
    entered_change,
    instant,
    nine_at_home,
    signed_change,
    tick_all,
)
from tests.therapy.plans import home_count, home_day

CHANGED_AT = instant(5, 9)
DUE = [5, 6, 8, 9, 11, 12, 14, 15, 17, 18]


@pytest.fixture
def home(session, people):
    return nine_at_home(session, people)


@pytest.fixture
def change(session, people, home):
    version = entered_change(session, people, home.version, at=CHANGED_AT)
    signed_change(session, people, version, at=CHANGED_AT)
    return version


def test_six_on_hand_four_can_be_started_two_come_back_and_a_new_bag_is_needed(session, people, home, change):
    shown = show_change(session, change.id, site_id=1)
    numbers = shown.numbers
    serials = [bag.serial for bag in home.bags]

    assert [len(one.doses) for one in (numbers.before, numbers.after)] == [15, 10]
    assert [line.dose for line in numbers.before.doses] == [instant(day) for day in range(5, 20)]
    assert [line.dose for line in numbers.after.doses] == [instant(day) for day in DUE]
    assert [line.bag for line in numbers.after.doses] == [*serials[3:7], *["a new bag"] * 6]
    assert [(line.name, line.dose) for line in numbers.still_used] == [
        (serials[3], instant(5)),
        (serials[4], instant(6)),
        (serials[5], instant(8)),
        (serials[6], instant(9)),
    ]
    assert [line.name for line in numbers.expiring] == serials[7:]
    assert {line.beyond_use for line in numbers.home} == {instant(11, 9)}
    assert numbers.spare == ()
    assert numbers.before.next_needed == numbers.after.next_needed == instant(11)
    assert [(one.arrives, one.before, one.after) for one in numbers.deliveries] == [(instant(11, 12), 9, 6)]
    assert numbers.without_bag == ()
    assert (numbers.before.per_week, numbers.after.per_week) == ("7", "4.67")
    assert (numbers.before.per_30_days, numbers.after.per_30_days) == ("30", "20")
    assert (
        "0 counted + 9 delivered - 0 taken back - 3 used = 6 bags that should be left." in numbers.known_from
    )

    # What follows, each as a task of its own; nothing of it can only be done before new bags are made.
    asked = [(one.task.subject_type, one.task.kind) for one in shown.tasks]
    assert asked == [
        *[("bag at home", "carries old directions")] * 4,
        *[("bag at home", "expires unused")] * 2,
        ("pump sheet", "void"),
        ("calendar", "void"),
        ("planned delivery", "changed"),
    ]  # fmt: skip
    assert [one.task.subject_id for one in shown.tasks[:6]] == [bag.id for bag in home.bags[3:]]
    assert [one.task.position for one in shown.tasks] == list(range(1, 10))
    assert not any(one.task.blocks for one in shown.tasks)
    assert "was planned with 9 bags and now needs 6." in shown.tasks[8].task.sentence

    # The old order, its plan, its sheet and its papers no longer hold; the version is as it was signed.
    old = home.version
    assert (old.status, old.frequency, old.version) == (OrderStatus.REPLACED, "daily", 1)
    assert (change.status, change.replaces, change.version) == (OrderStatus.IN_FORCE, old, 2)
    assert home.plan.status is PlanStatus.REPLACED
    assert home.sheet.status is SheetStatus.REPLACED
    printed = list_papers(session, "program_sheet", home.sheet.id)
    printed += list_papers(session, "worksheet", home.plan.deliveries[0].worksheet_id)
    assert {paper.kind for paper in printed} == {
        "pump programming sheet", "infusion calendar", "bag labels",
    }  # fmt: skip
    assert {paper.replaced_because for paper in printed} == {
        f"version 2 of Rx {old.order.rx_number} holds from Fri 13 Nov 2026 00:00 EST: 2 of every 3 days"
    }
    assert list_papers_in_force(session, old.id) == []
    kept = session.scalars(select(ChangeRecord)).one()
    assert write_numbers(read_numbers(kept.numbers)) == kept.numbers


def test_who_what_and_when_is_kept_and_signed_twice(session, people, home, change):
    shown = show_change(session, change.id, site_id=1)
    peter = people("peter")

    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "put a change in force")).one()
    assert (entry.person_id, entry.at, entry.reason) == (peter.id, CHANGED_AT, REASON)
    details = json.loads(entry.details)
    assert (details["was"], details["becomes"]) == ("daily", "2 of every 3 days")
    assert [one[3] for one in details["consequences"]] == [one.task.sentence for one in shown.tasks]
    assert details["digest"] == shown.signatures[0].digest
    assert [(one.person_id, one.signed_at) for one in (change.verification, *shown.signatures)] == [
        (peter.id, CHANGED_AT)
    ] * 2
    actions = set(session.scalars(select(AuditEntry.action).where(AuditEntry.at == CHANGED_AT)))
    assert actions >= {
        "recorded a change of an order",
        "verified an order",
        "replaced an order version",
        "replaced a dispense plan",
        "replaced a pump sheet",
        "replaced a printed paper",
    }


def test_the_whole_way_to_a_new_worksheet_and_the_page_stays_as_it_was(session, people, home, change):
    """Change, count, plan, sign, worksheet: the new quantity is what the dispense plan computes."""
    order, foreseen = change.order, show_change(session, change.id, site_id=1).numbers
    at = CHANGED_AT + timedelta(minutes=10)
    count = home_count(session, people, order, bags=6, at=at)

    plan = make_plan(
        session, order, home_count=count, starts=home_day(5, 10), ends=home_day(20, 9),
        arrivals=[home_day(11, 12)], by=people("tina"), at=at,
    )  # fmt: skip

    assert [(one.arrives_at, count_bags_to_bring(one)) for one in plan.deliveries] == [
        (one.arrives, one.after) for one in foreseen.deliveries
    ]
    shown = show_plan(plan)
    assert [(one.dose, one.serial) for one in shown.doses if one.serial] == [
        (line.dose, line.name) for line in foreseen.still_used
    ]
    assert [one.serial for one in shown.expiring] == [line.name for line in foreseen.expiring]
    assert plan.next_needed_at == foreseen.after.next_needed
    assert list_covers(plan.deliveries[0]) == [instant(day) for day in DUE[4:]]

    sign_plan(session, plan, password=PASSWORD, by=people("paula"), at=at)
    worksheet = open_worksheet_for(session, plan.deliveries[0], by=people("tina"), at=at)

    assert (worksheet.bag_count, worksheet.order_version, worksheet.status) == (
        6, change, WorksheetStatus.PROPOSED,
    )  # fmt: skip
    assert len(tick_all(session, people, order.id, at=at)) == 9
    assert list_open_tasks(session, order.id) == []
    after = show_change(session, change.id, site_id=1)
    assert after.numbers == foreseen
    assert (after.done, after.is_planned) == (9, True)
    assert {(one.task.done_by, one.task.done_at, one.task.note) for one in after.tasks} == {
        (people("theo"), at, "told by telephone")
    }
