"""Putting a change in force: refusals that change nothing, an increase, and orders without a plan."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pharmacy.accounts.actions import WrongPassword
from pharmacy.audit.models import AuditEntry, StatusChange
from pharmacy.changes.actions import put_change_in_force, tick_task
from pharmacy.changes.models import ChangeRecord
from pharmacy.changes.queries import foresee, list_consequences, show_change
from pharmacy.dispensing.queries import find_plan_in_force
from pharmacy.domain.errors import Forbidden, InvalidInput, NotFound, Refusal
from pharmacy.domain.statuses import OrderStatus
from pharmacy.prescriptions.actions import send_back
from pharmacy.prescriptions.models import ChangeTask
from pharmacy.prescriptions.queries import ensure_no_blocking_task
from pharmacy.sample.people import PASSWORD
from tests.conftest import START
from tests.therapy.changes import (
    answers_to,
    entered_change,
    instant,
    signed_change,
)
from tests.therapy.deliveries import delivered_stop
from tests.therapy.orders import order_in_force
from tests.therapy.plans import home_day, signed_plan

AT = START + timedelta(hours=2)


def counts(session):
    session.flush()
    kinds = (AuditEntry, StatusChange, ChangeRecord, ChangeTask)
    return [session.scalar(select(func.count()).select_from(kind)) for kind in kinds]


def test_refusals_change_nothing(session, people):
    old = order_in_force(session, people)
    plan = signed_plan(session, people, old)
    change = entered_change(session, people, old, at=AT)
    good = {"list_checked": True, "acknowledged": answers_to(session, change, at=AT), "password": PASSWORD}
    before = counts(session)

    for by, changes, kind, words in (
        ("paula", {}, Refusal, "You entered or corrected this order"),
        ("tina", {}, Forbidden, "may not verify orders"),
        ("peter", {"password": "wrong"}, WrongPassword, "nothing was signed"),
        ("peter", {"list_checked": False}, InvalidInput, "Check the medication list"),
    ):
        with pytest.raises(kind, match=words):
            put_change_in_force(session, change, **good | changes, by=people(by), at=AT)
        assert counts(session) == before
        assert (old.status, change.status) == (OrderStatus.IN_FORCE, OrderStatus.ENTERED)
        assert find_plan_in_force(session, old.order_id) is plan
    with pytest.raises(Refusal, match="This version replaces none"):
        put_change_in_force(session, old, **good, by=people("peter"), at=AT)
    with pytest.raises(NotFound):
        show_change(session, change.id, site_id=1)

    send_back(session, change, reason="which day is day 1?", by=people("peter"), at=AT)
    with pytest.raises(Refusal, match="An order that is sent back cannot become in force"):
        put_change_in_force(session, change, **good, by=people("peter"), at=AT)
    assert (old.status, counts(session)[2:]) == (OrderStatus.IN_FORCE, [0, 0])


def test_more_often_leaves_doses_without_a_bag_and_still_locks_nothing(session, people):
    old = order_in_force(
        session, people, frequency_as_written="2 of every 3 days", anchor=home_day(2, 21),
        effective=home_day(2, 21),
    )  # fmt: skip
    stop = delivered_stop(session, people, old, days=9, arrivals=[home_day(2, 12)])
    serials = [bag.serial for bag in stop.planned_delivery.worksheet.bags]
    assert len(serials) == 6
    at = instant(4, 9)

    new = entered_change(session, people, old, at=at, frequency_as_written="daily")
    rule = list_consequences(session, foresee(session, new, at=at))
    signed_change(session, people, new, at=at)

    shown = show_change(session, new.id, site_id=1)
    numbers = shown.numbers
    assert (len(numbers.before.doses), len(numbers.after.doses)) == (4, 6)
    assert [(one.name, one.dose, one.was_for) for one in numbers.home] == [
        (serials[2], instant(4), instant(5)),
        (serials[3], instant(5), instant(6)),
        (serials[4], instant(6), instant(8)),
        (serials[5], instant(7), instant(9)),
    ]
    assert numbers.without_bag == (instant(8), instant(9))
    assert (numbers.before.next_needed, numbers.after.next_needed) == (None, instant(8))
    assert [(one.task.subject_type, one.task.kind) for one in shown.tasks] == [
        ("doses", "without a bag"),
        ("doses", "needed sooner"),
        *[("bag at home", "carries old directions")] * 4,
        ("pump sheet", "void"),
    ]
    assert shown.tasks[0].place.endpoint == "dispensing.list_plans"
    # The rule blocks on doses and sheets; here these wait for the new plan, which must not wait for them.
    assert [one.blocks for one in rule] == [True, True, False, False, False, False, True]
    assert [one.sentence for one in rule] == [one.task.sentence for one in shown.tasks]
    assert not any(one.task.blocks for one in shown.tasks)
    ensure_no_blocking_task(session, new.order_id)
    with pytest.raises(Forbidden, match="may not do what a change of an order asks for"):
        tick_task(session, shown.tasks[0].task, note=None, by=people("nora"), at=at)


def test_without_a_plan_nothing_was_promised(session, people):
    old = order_in_force(session, people)
    new = entered_change(session, people, old, at=AT, anchor=home_day(3, 21), effective=home_day(3))

    signed_change(session, people, new, at=AT)

    shown = show_change(session, new.id, site_id=1)
    numbers = shown.numbers
    assert (numbers.has_plan, numbers.deliveries, numbers.home, shown.tasks) == (False, (), (), ())
    assert (numbers.without_bag, shown.is_planned) == ((), False)
    assert numbers.ends == numbers.effective + timedelta(days=30)
    # The doses of days 1 and 2 keep the old frequency.
    assert [line.dose for line in numbers.after.doses][:5] == [instant(day) for day in (1, 2, 3, 4, 6)]
    assert len(numbers.after.doses) == 22
    assert len(numbers.before.doses) == 32
