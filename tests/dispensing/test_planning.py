"""Dispense plans: from a count and typed deliveries to bags for doses, and nothing made twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pharmacy.audit.models import AuditEntry, StatusChange
from pharmacy.compounding.actions import cancel_worksheet
from pharmacy.dispensing import queries
from pharmacy.dispensing.actions import make_plan, open_worksheet_for
from pharmacy.dispensing.models import DispensePlan
from pharmacy.dispensing.queries import Origin
from pharmacy.domain.errors import Forbidden, Refusal
from pharmacy.domain.local_time import to_instant
from pharmacy.domain.statuses import BagStatus, PlanStatus
from pharmacy.prescriptions.actions import enter_change
from tests.conftest import START
from tests.therapy.at_home import bags_at_home, move_bags
from tests.therapy.bags import released_bags
from tests.therapy.deliveries import delivered_stop
from tests.therapy.orders import entered_order, order_in_force, verified
from tests.therapy.plans import HOME, home_count, home_day, proposed_plan, signed_plan


def instant(day, hour=21):
    return to_instant(home_day(day, hour), HOME)


def days_of(doses):
    return [(dose - instant(1)).days + 1 for dose in doses]


def numbers(plan):
    """The bags to make, of them spares, and the days of their doses, for each delivery."""
    return [(one.bags_proposed, one.spares, days_of(queries.list_covers(one))) for one in plan.deliveries]


def origins(plan):
    return {days_of([one.dose])[0]: one.origin for one in queries.read_doses(plan)}


@pytest.fixture
def version(session, people):
    return order_in_force(session, people)


def test_a_plan_from_nothing_at_home(session, people, version):
    plan = proposed_plan(session, people, version, days=14, arrivals=[home_day(2, 12), home_day(9, 12)])

    assert numbers(plan) == [(7, 0, [2, 3, 4, 5, 6, 7, 8]), (6, 0, [9, 10, 11, 12, 13, 14])]
    assert [one.bags_chosen for one in plan.deliveries] == [7, 6]
    # Prepared from 24 hours before the arrival, in the refrigerator for 10 days from then.
    assert [one.prepare_from for one in plan.deliveries] == [instant(1, 12), instant(8, 12)]
    assert [one.beyond_use_at for one in plan.deliveries] == [instant(11, 12), instant(18, 12)]
    assert (plan.status, plan.dose_count, plan.next_needed_at) == (PlanStatus.PROPOSED, 14, instant(1))
    assert (plan.used_on_hand, plan.spare_on_hand, plan.expires_unused) == (0, 0, 0)
    shown = queries.show_plan(plan)
    assert [(one.dose, one.why) for one in shown.without_bag] == [(instant(1), "no bag yet")]
    assert all(one.dose < one.beyond_use for one in shown.doses[1:])
    assert (
        "Authorised: 90 bags - 0 dispensed - 0 made or in work: 90 bags that may still be made."
        in shown.working
    )
    assert any("the soonest limit is the category: Category 2" in line for line in shown.working)
    assert any("The lots are not chosen yet." in line for line in shown.working)
    assert shown.working[-1].startswith("With the bags on hand alone, the first dose without a bag")


def test_making_a_plan_is_recorded_and_replaces_the_older_proposal(session, people, version):
    first = proposed_plan(session, people, version)
    at = START + timedelta(hours=1)

    second = proposed_plan(session, people, version, at=at)

    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(2)).all()
    assert [(one.action, one.person_id, one.at) for one in entries] == [
        ("proposed a dispense plan", people("tina").id, at),
        ("replaced a dispense plan", people("tina").id, at),
    ]
    assert (first.status, second.status) == (PlanStatus.REPLACED, PlanStatus.PROPOSED)
    wanted = select(StatusChange).where(StatusChange.record_type == "dispense_plan")
    changes = session.scalars(wanted.order_by(StatusChange.id))
    assert [(one.record_id, one.to_status) for one in changes] == [
        (first.id, "proposed"), (first.id, "replaced"), (second.id, "proposed"),
    ]  # fmt: skip
    assert queries.list_plans(session, version.order_id) == [second, first]
    assert queries.find_plan_in_force(session, version.order_id) is None


def test_the_frequency_changes_while_bags_are_at_home(session, people):
    """domain.md 6.3, vector A: of six bags at home four can be started; the next is needed on day 11."""
    old = order_in_force(session, people, anchor=home_day(2, 21), effective=home_day(2, 21))
    days = [instant(one) for one in range(2, 11)]
    bags = bags_at_home(session, people, old, bags=9, doses=days, made_at=START, at=instant(1, 18))
    at = instant(4, 9)
    change = enter_change(
        session, old, frequency_as_written="2 of every 3 days", anchor=home_day(5, 21),
        effective=home_day(5, 0), reason="magnesium in range", received_how="telephone", read_back=True,
        by=people("paula"), at=at,
    )  # fmt: skip
    new = verified(session, people, change, by="peter", at=at)
    count = home_count(session, people, new.order, bags=6, at=instant(5, 9))

    plan = make_plan(
        session, new.order, home_count=count, starts=home_day(5, 9), ends=home_day(13),
        arrivals=[home_day(10, 12)], by=people("tina"), at=instant(5, 9),
    )  # fmt: skip

    assert count.expected_bags == 6
    assert origins(plan) == dict.fromkeys([5, 6, 8, 9], Origin.HOME) | dict.fromkeys([11, 12], Origin.NEW)
    assert (plan.used_on_hand, plan.spare_on_hand, plan.expires_unused) == (4, 0, 2)
    assert numbers(plan) == [(2, 0, [11, 12])]
    assert plan.next_needed_at == instant(11)
    shown = queries.show_plan(plan)
    assert [one.serial for one in shown.expiring] == [bags[7].serial, bags[8].serial]
    assert {one.serial for one in shown.doses[:4]} == {bag.serial for bag in bags[3:7]}
    assert plan.order_version is new


def test_what_is_in_work_is_not_made_twice(session, people, version):
    first = signed_plan(session, people, version, days=8)
    worksheet = open_worksheet_for(session, first.deliveries[0], by=people("tina"), at=START)
    assert numbers(first) == [(7, 0, [2, 3, 4, 5, 6, 7, 8])]

    plan = proposed_plan(session, people, version, days=10, at=START + timedelta(hours=1))

    assert numbers(plan) == [(2, 0, [9, 10])]
    serials = [bag.serial for bag in worksheet.bags]
    assert [serial for serial, _ in queries.list_ready(plan.deliveries[0])] == serials
    assert queries.count_bags_to_bring(plan.deliveries[0]) == 9
    assert queries.list_doses_of(plan.deliveries[0]) == [instant(day) for day in range(2, 11)]
    assert plan.authorised_left == 90 - 7
    assert (plan.used_on_hand, plan.spare_on_hand, plan.expires_unused) == (0, 0, 0)
    named = f"{', '.join(serials)} (worksheet {worksheet.serial})."
    assert f"Made or in work, to go with the first delivery: {named}" in plan.working
    # Not started yet, the worksheet's bags are dated as though started when they are due: at noon of day 1.
    assert {bag.beyond_use for bag in queries.read_inputs(plan).ready} == {instant(11, 12)}


def test_only_bags_that_can_still_leave_are_counted_on(session, people, version):
    ready = released_bags(session, people, version, bags=2, doses=[instant(2), instant(3)], at=START).bags
    held = released_bags(session, people, version, bags=1, doses=[instant(4)], at=START).bags
    move_bags(session, people, held, BagStatus.QUARANTINED, at=START)
    at = START + timedelta(hours=1)

    plan = proposed_plan(session, people, version, days=4, at=at)

    assert [serial for serial, _ in queries.list_ready(plan.deliveries[0])] == [bag.serial for bag in ready]
    assert numbers(plan) == [(1, 0, [4])] and plan.authorised_left == 87
    assert f"In quarantine, not counted on: {held[0].serial}" in plan.working
    until = ready[0].beyond_use_at
    assert len(queries.read_supply(session, version, at=until - timedelta(seconds=1)).ready) == 2
    assert len(queries.read_supply(session, version, at=until).too_old) == 3
    # Ten days on the released bags are past their date: no supply, and nothing against what is authorised.
    late = START + timedelta(days=11)
    plan = proposed_plan(session, people, version, days=4, at=late)
    assert queries.list_ready(plan.deliveries[0]) == [] and plan.authorised_left == 90
    assert f"Past the beyond-use date, not sent: {ready[0].serial}, {ready[1].serial}" in plan.working


def test_bags_of_a_replaced_version_that_are_not_made_are_not_counted_on(session, people, version):
    plan = signed_plan(session, people, version, days=8)
    worksheet = open_worksheet_for(session, plan.deliveries[0], by=people("tina"), at=START)
    change = enter_change(
        session, version, frequency_as_written="2 of every 3 days", anchor=home_day(2, 21),
        effective=home_day(2, 0), reason="magnesium in range", received_how="telephone", read_back=True,
        by=people("paula"), at=START,
    )  # fmt: skip
    new = verified(session, people, change, by="peter")

    plan = proposed_plan(session, people, new, days=8, at=START + timedelta(hours=1))

    assert numbers(plan) == [(5, 0, [2, 3, 5, 6, 8])]
    serials = ", ".join(bag.serial for bag in worksheet.bags)
    assert f"On worksheets of a version that was replaced, not counted on: {serials}" in plan.working


def test_ready_bags_without_a_dose_stay_behind_unless_the_site_keeps_spares(session, people, version):
    doses = [instant(day) for day in range(2, 6)]
    bags = released_bags(session, people, version, bags=4, doses=doses, at=START).bags
    plan = proposed_plan(session, people, version, days=3, at=START + timedelta(hours=1))
    assert queries.list_ready(plan.deliveries[0]) == [
        (bags[0].serial, instant(2)),
        (bags[1].serial, instant(3)),
    ]
    assert queries.show_plan(plan).not_sent == (bags[2].serial, bags[3].serial)

    people("tina").site.spare_bags = 1
    plan = proposed_plan(session, people, version, days=3, at=START + timedelta(hours=2))

    assert queries.list_ready(plan.deliveries[0])[2:] == [(bags[2].serial, None)]
    assert numbers(plan) == [(0, 0, [])]


def test_spares_and_the_quantity_authorised(session, people):
    people("tina").site.spare_bags = 2
    version = order_in_force(session, people, bags_authorised=4)

    plan = proposed_plan(session, people, version, days=4)
    assert numbers(plan) == [(4, 1, [2, 3, 4])]

    plan = proposed_plan(session, people, version, days=7, at=START + timedelta(hours=1))
    assert numbers(plan) == [(4, 0, [2, 3, 4, 5])]
    why = [one.why for one in queries.show_plan(plan).without_bag]
    assert why == ["no bag yet", "authorized quantity", "authorized quantity"]


def test_a_plan_without_a_delivery_says_how_far_the_bags_go(session, people, version):
    bags = bags_at_home(session, people, version, bags=2, doses=[instant(1), instant(2)], made_at=START,
                     at=START + timedelta(hours=1))  # fmt: skip

    plan = proposed_plan(session, people, version, bags=2, days=3, arrivals=[], at=START + timedelta(hours=2))

    assert origins(plan) == {1: Origin.HOME, 2: Origin.HOME, 3: None}
    assert plan.deliveries == [] and plan.next_needed_at == instant(3)
    assert {one.serial for one in queries.show_plan(plan).doses} == {*(bag.serial for bag in bags), None}


def propose(session, people, order, count, *, by="tina", at=START, **changes):
    dates = {"starts": home_day(1, 9), "ends": home_day(8, 9), "arrivals": [home_day(2, 12)]} | changes
    return make_plan(session, order, home_count=count, by=people(by), at=at, **dates)


def test_dates_that_do_not_fit_together_are_refused(session, people, version):
    order = version.order
    count = home_count(session, people, order)
    cases = [
        ({"ends": home_day(1, 9)}, "should end after it starts", "ends"),
        ({"ends": home_day(368, 10)}, "at most 366 days", "ends"),
        ({"arrivals": [home_day(1, 8)]}, "between the start and the end", "arrivals"),
        ({"arrivals": [home_day(8, 9)]}, "between the start and the end", "arrivals"),
        ({"arrivals": [home_day(1, 9)]}, "should lie in the future", "arrivals"),
        ({"arrivals": [home_day(3), home_day(3)]}, "in time order, each once", "arrivals"),
        ({"arrivals": [home_day(3), home_day(2)]}, "in time order, each once", "arrivals"),
        ({"starts": home_day(1, 22)}, r"lie doses \(Mon 9 Nov 2026 21:00 EST\)", "starts"),
        (
            {"ends": home_day(367, 9), "arrivals": [home_day(366 + 1, 1)]},
            "after the order expires",
            "arrivals",
        ),
    ]
    entries = session.scalar(select(func.count()).select_from(AuditEntry))

    for changes, sentence, field in cases:
        with pytest.raises(Refusal, match=sentence) as caught:
            propose(session, people, order, count, **changes)
        assert caught.value.field == field
    for username in ("nora", "dan", "ada", "arlo"):
        with pytest.raises(Forbidden):
            propose(session, people, order, count, by=username)

    assert session.scalar(select(func.count()).select_from(DispensePlan)) == 0
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == entries


def test_a_start_before_the_count_is_refused_only_when_a_dose_lies_between(session, people, version):
    count = home_count(session, people, version.order, at=instant(2, 9))
    propose(session, people, version.order, count, starts=home_day(2, 1), at=instant(2, 9))

    with pytest.raises(Refusal, match="lie doses"):
        propose(session, people, version.order, count, starts=home_day(1, 20), at=instant(2, 9))


def test_a_count_serves_one_signed_plan_while_it_is_fresh(session, people, version):
    order = version.order
    older = home_count(session, people, order)
    count = home_count(session, people, order, at=START + timedelta(hours=1))
    with pytest.raises(Refusal, match="is not the latest of this order"):
        propose(session, people, order, older)

    week = count.counted_at + timedelta(days=7)
    late = {"starts": home_day(1, 10), "ends": home_day(12), "arrivals": [home_day(10)]}
    propose(session, people, order, count, at=week, **late)
    with pytest.raises(Refusal, match="older than 7 days"):
        propose(session, people, order, count, at=week + timedelta(seconds=1), **late)

    plan = signed_plan(session, people, version, at=START + timedelta(hours=2))
    with pytest.raises(Refusal, match="A plan was signed on the home count"):
        propose(session, people, order, plan.home_count, starts=home_day(1, 11), ends=home_day(9))
    bags_at_home(session, people, version, bags=1, doses=[instant(2)], made_at=START, at=instant(1, 13))
    count = home_count(session, people, order, at=instant(1, 12))
    with pytest.raises(Refusal, match="bags were delivered or taken back"):
        propose(session, people, order, count, starts=home_day(1, 12), at=instant(1, 14))


def test_nothing_is_planned_while_bags_are_on_their_way_or_no_order_is_in_force(session, people, version):
    bags = released_bags(session, people, version, bags=1, doses=[instant(2)], at=START).bags
    move_bags(session, people, bags, BagStatus.PACKED, at=START)
    count = home_count(session, people, version.order)
    with pytest.raises(Refusal, match=f"1 bag of this order packed and not delivered: {bags[0].serial}"):
        propose(session, people, version.order, count)

    waiting = entered_order(session, people)
    with pytest.raises(Refusal, match=f"No version of Rx {waiting.order.rx_number} is in force"):
        propose(session, people, waiting.order, home_count(session, people, waiting.order))
    with pytest.raises(Refusal, match="expired on"):
        propose(session, people, version.order, count, at=START + timedelta(days=366))


def test_a_cancelled_worksheet_is_no_supply(session, people, version):
    plan = signed_plan(session, people, version, days=4)
    worksheet = open_worksheet_for(session, plan.deliveries[0], by=people("tina"), at=START)
    cancel_worksheet(session, worksheet, reason="wrong day", by=people("paula"), at=START)

    again = proposed_plan(session, people, version, days=4, at=START + timedelta(hours=1))

    assert numbers(again) == [(3, 0, [2, 3, 4])] and again.authorised_left == 90


def test_the_next_plan_rests_on_what_the_delivery_brought(session, people, version):
    stop = delivered_stop(session, people, version)
    bags = stop.planned_delivery.worksheet.bags
    at = instant(3, 9)

    # The bag of day 2 was used, the one of day 3 is there; by records and by the patient.
    plan = proposed_plan(session, people, version, bags=1, days=4, arrivals=[home_day(4, 12)], at=at)

    assert plan.home_count.expected_bags == 1
    assert origins(plan) == {3: Origin.HOME} | dict.fromkeys([4, 5, 6], Origin.NEW)
    assert queries.show_plan(plan).doses[0].serial == bags[1].serial
    assert plan.authorised_left == 88 and "Authorised: 90 bags - 2 dispensed" in plan.working
