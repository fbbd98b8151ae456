"""A change meets worksheets, packed boxes and loose labels: nothing old leaves, and nothing locks itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pharmacy.changes.actions import tick_task
from pharmacy.changes.queries import show_change
from pharmacy.compounding import actions as compounding
from pharmacy.delivery import actions as delivery
from pharmacy.dispensing.actions import make_plan, open_worksheet_for, sign_plan
from pharmacy.dispensing.queries import count_bags_to_bring, list_ready
from pharmacy.domain.errors import Refusal, ScanRefused
from pharmacy.domain.formatting import dose
from pharmacy.domain.statuses import BagStatus, WorksheetStatus
from pharmacy.printing.queries import list_papers
from pharmacy.pumps.actions import verify_sheet
from pharmacy.sample.people import PASSWORD
from tests.conftest import START
from tests.therapy.bags import print_labels, reprint_label
from tests.therapy.changes import change_in_force, instant, tick_all
from tests.therapy.deliveries import describe_box, opened_stop, packed_stop, released_delivery
from tests.therapy.orders import order_in_force
from tests.therapy.plans import at_home, home_count, home_day, signed_plan
from tests.therapy.sheets import prepared_sheet
from tests.therapy.worksheets import make_bag, start

AT = START + timedelta(hours=2)
LATER = START + timedelta(hours=3)
FROM_DAY_2 = {"anchor": home_day(2, 21)}


@pytest.fixture
def old(session, people):
    return order_in_force(session, people, anchor=home_day(2, 21), effective=home_day(2, 21))


def tasks_of(session, version, subject):
    shown = show_change(session, version.id, site_id=1)
    return [one for one in shown.tasks if one.task.subject_type == subject]


def new_plan(session, people, version, *, arrivals, ends):
    count = home_count(session, people, version.order, at=LATER)
    plan = make_plan(
        session, version.order, home_count=count, starts=at_home(LATER), ends=ends, arrivals=arrivals,
        by=people("tina"), at=LATER,
    )  # fmt: skip
    return sign_plan(session, plan, password=PASSWORD, by=people("paula"), at=LATER)


def test_a_worksheet_that_is_not_started_is_opened_anew_for_what_the_new_plan_needs(session, people, old):
    arrives = home_day(3, 12)
    plan = signed_plan(session, people, old, days=9, arrivals=[arrives], at=START)
    worksheet = open_worksheet_for(session, plan.deliveries[0], by=people("tina"), at=START)
    assert worksheet.bag_count == 7

    new = change_in_force(session, people, old, at=AT, **FROM_DAY_2)

    shown = show_change(session, new.id, site_id=1)
    (line,) = shown.numbers.deliveries
    assert (line.arrives, line.before, line.after) == (instant(3, 12), 7, 5)
    (asked,) = tasks_of(session, new, "worksheet")
    assert asked.task.sentence == (
        f"Worksheet {worksheet.serial} is for 7 bags; the delivery of Wed 11 Nov 2026 12:00 EST needs"
        " 5 of them."
    )
    assert asked.task.action.startswith("Reduce it to 5 bags: cancel it and open a new one")
    assert (asked.place.endpoint, asked.place.arguments) == (
        "compounding.cancel_worksheet", {"worksheet_id": worksheet.id},
    )  # fmt: skip

    # The new plan can be made and signed; its worksheet waits for the old one to be dealt with.
    signed = new_plan(session, people, new, arrivals=[arrives], ends=home_day(10, 9))
    assert count_bags_to_bring(signed.deliveries[0]) == 5
    with pytest.raises(Refusal, match=f"this is still to be done: Worksheet {worksheet.serial}"):
        open_worksheet_for(session, signed.deliveries[0], by=people("tina"), at=LATER)
    with pytest.raises(Refusal, match="is not cancelled yet. Reduce it to 5 bags"):
        tick_task(session, asked.task, note=None, by=people("theo"), at=LATER)
    with pytest.raises(Refusal, match="was replaced by version 2"):
        compounding.check_worksheet(session, worksheet, password=PASSWORD, by=people("paula"), at=LATER)

    compounding.cancel_worksheet(session, worksheet, reason="the order changed", by=people("tina"), at=LATER)
    tick_task(session, asked.task, note="", by=people("theo"), at=LATER)
    opened = open_worksheet_for(session, signed.deliveries[0], by=people("tina"), at=LATER)

    assert (opened.bag_count, opened.order_version_id) == (5, new.id)
    assert asked.task.note is None
    with pytest.raises(Refusal, match="done already, by Theo Thimble"):
        tick_task(session, asked.task, note=None, by=people("tina"), at=LATER)


def test_a_packed_box_is_unpacked_relabelled_and_only_the_new_plan_leaves(session, people, old):
    planned = released_delivery(session, people, old, days=6, arrivals=[home_day(2, 12)])
    stop = packed_stop(session, people, planned, at=START + timedelta(hours=1))
    manifest = delivery.print_manifest(
        session, stop, draw=lambda _: b"manifest", reason=None, by=people("tina"), at=AT
    )
    bags = planned.worksheet.bags
    assert [bag.status for bag in bags] == [BagStatus.PACKED] * 5

    new = change_in_force(session, people, old, at=AT, **FROM_DAY_2)

    asked = tasks_of(session, new, "bag")
    assert [(one.task.subject_id, one.task.kind, one.task.blocks) for one in asked] == [
        *[(bag.id, "carries old directions", True) for bag in bags[:4]],
        (bags[4].id, "too many", True),
    ]  # fmt: skip
    assert all(one.task.action.startswith("Take it out of the packed delivery.") for one in asked)
    assert {one.place.endpoint for one in asked} == {"delivery.show_stop"}
    assert {one.not_done for one in asked} == {f"Bag {bag.serial} still lies in its box." for bag in bags}
    (changed,) = tasks_of(session, new, "planned delivery")
    assert "was planned with 5 bags and now needs 4." in changed.task.sentence
    assert (manifest.replaced_at, list_papers(session, "delivery_stop", stop.id)) == (AT, [manifest])

    # Nothing of it leaves, and no tick says that it was dealt with before it was.
    with pytest.raises(Refusal, match="may not leave. Version 1 of Rx 1000002 was replaced by version 2"):
        delivery.send_out(session, stop.batch, by=people("tina"), at=LATER)
    for one in (*asked, changed):
        with pytest.raises(Refusal, match=r"still lies in its box|is not cancelled yet"):
            tick_task(session, one.task, note=None, by=people("theo"), at=LATER)
    delivery.cancel_stop(session, stop, reason="the order changed", by=people("tina"), at=LATER)
    with pytest.raises(Refusal, match="No label with the new directions was scanned"):
        tick_task(session, asked[0].task, note=None, by=people("theo"), at=LATER)
    for bag in bags[:4]:
        paper = reprint_label(session, people, bag, reason="the order changed", at=LATER)
        compounding.apply_label(session, bag.worksheet, bag.serial, by=people("paula"), at=LATER)
        assert (paper.order_version_id, paper.replaced_at) == (new.id, None)
    assert len(tick_all(session, people, new.order_id, at=LATER)) == len(
        show_change(session, new.id, site_id=1).tasks
    )

    # The new plan brings the very bags that were relabelled; the surplus one is refused where it is scanned.
    signed = new_plan(session, people, new, arrivals=[home_day(2, 12)], ends=home_day(7, 9))
    (again,) = signed.deliveries
    assert [serial for serial, _ in list_ready(again)] == [bag.serial for bag in bags[:4]]
    assert [dose for _, dose in list_ready(again)] == [instant(day) for day in (2, 3, 5, 6)]
    reason = f"{bags[4].serial} is not sent"
    sheet = prepared_sheet(session, people, new, planned.worksheet, flag_reason=reason, at=LATER)
    verify_sheet(session, sheet, password=PASSWORD, by=people("peter"), at=LATER)
    box = opened_stop(session, people, again, at=LATER)
    with pytest.raises(
        ScanRefused, match=f"directions on bag {bags[4].serial} no longer hold. .* replaced by"
    ):
        delivery.pack_bag(session, box, bags[4].serial, by=people("tina"), at=LATER)
    for bag, day in zip(bags[:4], (2, 3, 5, 6), strict=True):
        packed = delivery.pack_bag(session, box, bag.serial, by=people("tina"), at=LATER)
        assert packed.dose_at == instant(day)
    delivery.pack_pump(session, box, sheet.pump.asset_number, by=people("tina"), at=LATER)
    describe_box(session, people, box, at=LATER)
    delivery.finish_packing(session, box, by=people("tina"), at=LATER)
    delivery.check_packing(session, box, by=people("theo"), at=LATER)
    delivery.send_out(session, box.batch, by=people("tina"), at=LATER)
    assert [bag.status for bag in bags] == [*[BagStatus.PACKED] * 4, BagStatus.RELEASED]


def test_a_preparation_that_was_begun_ends_with_what_is_made(session, people, old):
    arrives = home_day(2, 12)
    plan = signed_plan(session, people, old, days=6, arrivals=[arrives], at=START)
    worksheet = open_worksheet_for(session, plan.deliveries[0], by=people("tina"), at=START)
    compounding.check_worksheet(session, worksheet, password=PASSWORD, by=people("paula"), at=START)
    start(session, people, worksheet)
    print_labels(session, people, worksheet, at=START)
    for bag in worksheet.bags[:3]:
        make_bag(session, people, bag, at=START)
        compounding.apply_label(session, worksheet, bag.serial, by=people("tina"), at=START)

    new = change_in_force(session, people, old, at=AT, **FROM_DAY_2)

    # Five for daily; of the four for 2 of every 3 days three are made, and one is for a new worksheet.
    (line,) = show_change(session, new.id, site_id=1).numbers.deliveries
    assert (line.before, line.after) == (5, 4)
    surplus, relabel = tasks_of(session, new, "worksheet")
    assert (surplus.task.kind, relabel.task.kind) == ("too many", "to be checked again")
    assert surplus.task.sentence.startswith(
        f"Worksheet {worksheet.serial} is for 5 bags, 3 of them made; the"
    )
    assert surplus.task.sentence.endswith("needs 3 of these.")
    assert surplus.not_done == f"2 bags of worksheet {worksheet.serial} not given up yet."
    labels = tasks_of(session, new, "label")
    said = f"(“Infuse ONE bag ({dose(2000)}) subcutaneously over"
    assert [said in one.task.sentence for one in labels] == [True, True]
    assert [one.not_done for one in labels] == ["The label is not destroyed yet."] * 2
    with pytest.raises(Refusal, match="was replaced by version 2"):
        make_bag(session, people, worksheet.bags[3], at=LATER)

    for bag in worksheet.bags[3:]:
        compounding.discard_bag(session, bag, reason="the order changed", by=people("tina"), at=LATER)
        compounding.destroy_label(session, bag, reason="the order changed", by=people("tina"), at=LATER)
    compounding.finish_preparation(session, worksheet, by=people("tina"), at=LATER)
    tick_all(session, people, new.order_id, at=LATER)
    signed = new_plan(session, people, new, arrivals=[arrives], ends=home_day(7, 9))

    assert count_bags_to_bring(signed.deliveries[0]) == line.after
    assert signed.deliveries[0].bags_chosen == 1
    assert worksheet.status is WorksheetStatus.AWAITING_RELEASE
