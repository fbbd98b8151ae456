"""The prescriber's change as a new version, and the tasks that a change leaves."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pharmacy.audit.models import AuditEntry
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.statuses import OrderStatus
from pharmacy.prescriptions.actions import (
    correct_order,
    enter_change,
    send_back,
    tick_task,
    withdraw_order,
)
from pharmacy.prescriptions.models import ChangeTask, OrderVersion
from pharmacy.prescriptions.queries import (
    ensure_in_force,
    ensure_no_blocking_task,
    find_version_in_force,
    list_open_tasks,
    list_segments,
    list_tasks,
)
from tests.conftest import START
from tests.therapy.orders import FIRST_DOSE, entered_order, order_entry, order_in_force, verified

LATER = START + timedelta(days=3)
FOURTH_DAY = FIRST_DOSE + timedelta(days=3)


def change(session, people, old, *, by="petra", **changes):
    values = {
        "frequency_as_written": "two of every three days",
        "anchor": FOURTH_DAY,
        "effective": FOURTH_DAY,
        "reason": "Magnesium is normal",
        "received_how": "telephone",
        "read_back": True,
    } | changes
    return enter_change(session, old, **values, by=people(by), at=LATER)


def test_a_change_is_a_new_version_and_the_old_one_holds_until_it_is_verified(session, people):
    old = order_in_force(session, people)

    new = change(session, people, old)

    assert (new.version, new.status, new.replaces_id) == (2, OrderStatus.ENTERED, old.id)
    assert (new.frequency, new.dose_mg, new.bags_authorised) == ("2 of every 3 days", old.dose_mg, 90)
    assert old.status is OrderStatus.IN_FORCE and old.frequency == "daily"
    entry = session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))
    assert (entry.action, entry.person_name) == ("recorded a change of an order", "Petra Quillfeather")
    details = json.loads(entry.details)
    assert (details["was"], details["becomes"], details["read_back"]) == ("daily", "2 of every 3 days", True)
    assert len(list_segments(session, old.order_id)) == 1

    verified(session, people, new, at=LATER)

    assert (old.status, new.status) == (OrderStatus.REPLACED, OrderStatus.IN_FORCE)
    assert find_version_in_force(session, old.order_id) is new
    with pytest.raises(
        Refusal, match=r"Version 1 of Rx 1000002 was replaced by version 2 on Thu 12 Nov 2026"
    ):
        ensure_in_force(session, old, at=LATER)
    segments = list_segments(session, old.order_id)
    assert [(one.effective, one.frequency.text) for one in segments] == [
        (FIRST_DOSE, "daily"),
        (FOURTH_DAY, "2 of every 3 days"),
    ]
    session.commit()


def test_who_recorded_a_change_does_not_verify_it(session, people):
    new = change(session, people, order_in_force(session, people), by="peter")

    with pytest.raises(Refusal, match="another pharmacist verifies"):
        verified(session, people, new, by="peter", at=LATER)


PROBLEMS = [
    ({"reason": " "}, "reason"),
    ({"reason": "MgSO4 is enough at 2 g QOD"}, "reason"),
    ({"frequency_as_written": "QOD"}, "frequency_as_written"),
    (
        {"frequency_as_written": "daily", "anchor": FIRST_DOSE, "effective": FIRST_DOSE},
        "frequency_as_written",
    ),
    ({"frequency_as_written": "every 8 hours"}, "infusion_hours"),
    ({"effective": FIRST_DOSE - timedelta(minutes=1), "anchor": FIRST_DOSE}, "effective"),
    ({"effective": FOURTH_DAY + timedelta(hours=1)}, "effective"),
    ({"anchor": FIRST_DOSE + timedelta(days=366)}, "anchor"),
    ({"read_back": False}, "read_back"),
    ({"received_how": "hearsay"}, "received_how"),
]


def test_a_change_with_a_problem_is_refused_and_nothing_is_kept(session, people):
    old = order_in_force(session, people)
    count = session.scalar(select(func.count()).select_from(OrderVersion))

    for changes, field in PROBLEMS:
        with pytest.raises(InvalidInput) as refused:
            change(session, people, old, **changes)
        assert refused.value.field == field

    assert session.scalar(select(func.count()).select_from(OrderVersion)) == count
    assert old.status is OrderStatus.IN_FORCE


def test_only_an_order_in_force_is_changed_and_only_one_change_waits(session, people):
    entered = entered_order(session, people)
    with pytest.raises(Refusal, match="Only an order in force"):
        change(session, people, entered)
    old = verified(session, people, entered)
    with pytest.raises(Forbidden):
        change(session, people, old, by="tina")
    first = change(session, people, old)
    with pytest.raises(Refusal, match="Version 2 still waits"):
        change(session, people, old)

    send_back(session, first, reason="which day?", by=people("paula"), at=LATER)
    with pytest.raises(Refusal, match="withdrawn and recorded again"):
        correct_order(session, first, order_entry(session), reason="x", by=people("tina"), at=LATER)
    withdraw_order(session, first, reason="recorded again", by=people("petra"), at=LATER)

    assert change(session, people, old).version == 3


def test_a_change_before_the_first_dose_takes_the_whole_place_of_the_old_version(session, people):
    old = order_in_force(session, people)
    new = verified(session, people, change(session, people, old, anchor=FIRST_DOSE, effective=FIRST_DOSE))

    assert [one.frequency.text for one in list_segments(session, new.order_id)] == ["2 of every 3 days"]


def task_of(session, version, *, blocks, position=1):
    task = ChangeTask(
        site_id=version.order.site_id, order_version_id=version.id, position=position, kind="sheet",
        subject_type="program_sheet", subject_id=1, sentence="The pump sheet is void.",
        action="Take it back.", blocks=blocks, created_at=LATER,
    )  # fmt: skip
    session.add(task)
    session.flush()
    return task


def test_a_task_is_ticked_once_with_who_and_when(session, people):
    version = order_in_force(session, people)
    ensure_no_blocking_task(session, version.order_id)
    second = task_of(session, version, blocks=False, position=2)
    first = task_of(session, version, blocks=True, position=1)

    assert list_tasks(session, version.id) == [first, second]
    with pytest.raises(Refusal, match="The pump sheet is void. Take it back."):
        ensure_no_blocking_task(session, version.order_id)
    with pytest.raises(Forbidden):
        tick_task(session, first, note=None, by=people("nora"), at=LATER)
    tick_task(session, first, note=" called the home ", by=people("tina"), at=LATER)

    assert (first.done_at, first.done_by.username, first.note) == (LATER, "tina", "called the home")
    assert list_open_tasks(session, version.order_id) == [second]
    ensure_no_blocking_task(session, version.order_id)
    with pytest.raises(Refusal, match="done already, by Tina Tallgrass"):
        tick_task(session, first, note=None, by=people("theo"), at=LATER)
