"""Choose quantities, sign a plan, open its worksheets: within what is authorised, on what still stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from pharmacy.accounts.actions import WrongPassword
from pharmacy.accounts.models import Signature
from pharmacy.audit.chain import digest
from pharmacy.audit.models import AuditEntry
from pharmacy.compounding.actions import cancel_worksheet
from pharmacy.compounding.models import Worksheet
from pharmacy.dispensing import queries
from pharmacy.dispensing.actions import choose_quantity, open_worksheet_for, sign_plan
from pharmacy.dispensing.actions.signing import signed_content
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.local_time import to_instant
from pharmacy.domain.statuses import PlanStatus
from pharmacy.prescriptions.actions import enter_change
from pharmacy.sample.people import PASSWORD
from tests.conftest import START
from tests.therapy.orders import order_in_force, verified
from tests.therapy.plans import HOME, home_count, home_day, proposed_plan, signed_plan
from tests.therapy.worksheets import open_worksheet


def instant(day, hour=21):
    return to_instant(home_day(day, hour), HOME)


def days_of(doses):
    return [(dose - instant(1)).days + 1 for dose in doses]


@pytest.fixture
def version(session, people):
    return order_in_force(session, people, bags_authorised=10)


@pytest.fixture
def plan(session, people, version):
    """Two deliveries: for days 2 to 5 and for days 6 to 8; the dose of day 1 has no bag."""
    return proposed_plan(session, people, version, days=8, arrivals=[home_day(2, 12), home_day(6, 12)])


def count_rows(session, table):
    return session.scalar(select(func.count()).select_from(table))


def covers(plan):
    return [days_of(queries.list_covers(one)) for one in plan.deliveries]


def test_fewer_bags_name_the_doses_that_then_have_none(session, people, plan):
    assert covers(plan) == [[2, 3, 4, 5], [6, 7, 8]]

    choose_quantity(
        session, plan.deliveries[0], bags=3, reason=" short of vials ", by=people("tina"), at=START
    )

    assert covers(plan) == [[2, 3, 4], [6, 7, 8]]
    shown = queries.show_plan(plan)
    assert days_of([one.dose for one in shown.lost_by_choice]) == [5]
    assert [one.why for one in shown.without_bag] == ["no bag yet", "the quantity chosen"]
    first = plan.deliveries[0]
    assert (first.bags_proposed, first.bags_chosen, first.chosen_because) == (4, 3, "short of vials")
    entry = session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))
    assert (entry.action, entry.reason) == ("chose a quantity", "short of vials")
    assert '"new":3' in entry.details and '"old":4' in entry.details


def test_more_bags_are_spares_and_can_serve_later_doses(session, people, plan):
    choose_quantity(session, plan.deliveries[0], bags=6, reason="long weekend", by=people("tina"), at=START)

    # Earliest beyond-use date first: the bags of the first delivery also serve days 6 and 7.
    assert covers(plan) == [[2, 3, 4, 5, 6, 7], [8]]
    assert [one.spares for one in queries.show_plan(plan).deliveries] == [0, 2]


def test_the_proposed_number_brings_the_proposal_back(session, people, plan):
    before = queries.read_doses(plan)
    choose_quantity(session, plan.deliveries[1], bags=0, reason="travels", by=people("tina"), at=START)
    assert covers(plan) == [[2, 3, 4, 5], []]

    choose_quantity(session, plan.deliveries[1], bags=3, reason="", by=people("tina"), at=START)

    assert covers(plan) == [[2, 3, 4, 5], [6, 7, 8]] and plan.deliveries[1].chosen_because is None
    assert queries.read_chosen_doses(plan) == before == queries.read_doses(plan)


def test_a_quantity_is_refused_without_reason_or_authority(session, people, plan):
    first, second = plan.deliveries
    entries = count_rows(session, AuditEntry)

    def choose(delivery, bags, reason="because", by="tina"):
        choose_quantity(session, delivery, bags=bags, reason=reason, by=people(by), at=START)

    for bags in (3, 5):
        with pytest.raises(InvalidInput, match="proposes 4 bags. Give the reason") as caught:
            choose(first, bags, reason="  ")
        assert caught.value.field == "reason"
    with pytest.raises(InvalidInput, match="0 bags or more"):
        choose(first, -1)
    # Ten are authorised, three go with the second delivery.
    with pytest.raises(Refusal, match="authorises 10 bags: 3 for the other deliveries"):
        choose(first, 8)
    with pytest.raises(Forbidden):
        choose(first, 3, by="nora")
    assert (count_rows(session, AuditEntry), first.bags_chosen) == (entries, 4)
    choose(first, 7)

    sign_plan(session, plan, password=PASSWORD, by=people("paula"), at=START)
    with pytest.raises(Refusal, match="The plan is signed"):
        choose(second, 1)


def test_a_pharmacist_signs_all_of_it(session, people, plan):
    choose_quantity(session, plan.deliveries[0], bags=3, reason="short", by=people("tina"), at=START)
    at = START + timedelta(minutes=5)

    sign_plan(session, plan, password=PASSWORD, by=people("paula"), at=at)

    signature = plan.signature
    assert (signature.person_id, signature.signed_at) == (people("paula").id, at)
    assert signature.digest == digest(signed_content(plan))
    assert plan.status is PlanStatus.SIGNED
    assert queries.find_plan_in_force(session, plan.order_version.order_id) is plan
    entry = session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))
    assert (entry.action, entry.person_name, entry.at) == ("signed a dispense plan", "Paula Penhallow", at)
    content = signed_content(plan)
    for changed in ("working", "doses", "deliveries", "home_count", "authorised_left", "inputs"):
        assert digest(content | {changed: "else"}) != signature.digest


def test_signing_replaces_the_plan_that_was_in_force(session, people, version):
    first = signed_plan(session, people, version)
    second = proposed_plan(session, people, version, at=START + timedelta(hours=1))
    assert queries.find_plan_in_force(session, version.order_id) is first

    sign_plan(session, second, password=PASSWORD, by=people("peter"), at=START + timedelta(hours=1))

    assert (first.status, second.status) == (PlanStatus.REPLACED, PlanStatus.SIGNED)
    assert queries.find_plan_in_force(session, version.order_id) is second
    with pytest.raises(Refusal, match="is replaced; work by the plan in force"):
        queries.ensure_plan_in_force(first)


def sign(session, people, plan, *, by="paula", password=PASSWORD, at=START):
    sign_plan(session, plan, password=password, by=people(by), at=at)


def test_who_may_not_sign_and_what_no_longer_stands(session, people, version, plan):
    signatures, entries = count_rows(session, Signature), count_rows(session, AuditEntry)
    with pytest.raises(Forbidden):
        sign(session, people, plan, by="tina")
    with pytest.raises(WrongPassword):
        sign(session, people, plan, password="wrong")
    with pytest.raises(Refusal, match="The delivery on Tue 10 Nov 2026 12:00 EST is past"):
        sign(session, people, plan, at=instant(2, 12))
    with pytest.raises(Refusal, match="older than 7 days"):
        sign(session, people, plan, at=START + timedelta(days=8))
    assert (count_rows(session, Signature), count_rows(session, AuditEntry)) == (signatures, entries)
    assert plan.status is PlanStatus.PROPOSED

    home_count(session, people, version.order, at=START + timedelta(minutes=1))
    with pytest.raises(Refusal, match="is not the latest of this order"):
        sign(session, people, plan, at=START + timedelta(minutes=2))


def test_a_plan_is_made_again_when_bags_were_taken_into_work_meanwhile(session, people, version):
    in_force = signed_plan(session, people, version)
    plan = proposed_plan(session, people, version, at=START + timedelta(hours=1))
    worksheet = open_worksheet_for(
        session, in_force.deliveries[0], by=people("tina"), at=START + timedelta(hours=1)
    )

    with pytest.raises(Refusal, match="so that nothing is made twice"):
        sign(session, people, plan, at=START + timedelta(hours=2))
    assert plan.status is PlanStatus.PROPOSED
    cancel_worksheet(session, worksheet, reason="plan again", by=people("paula"), at=START)
    sign(session, people, plan, at=START + timedelta(hours=2))


def test_a_plan_under_a_replaced_version_cannot_be_signed(session, people, version, plan):
    change = enter_change(
        session, version, frequency_as_written="every other day", anchor=home_day(3, 21),
        effective=home_day(3, 0), reason="less needed", received_how="telephone", read_back=True,
        by=people("paula"), at=START,
    )  # fmt: skip
    verified(session, people, change, by="peter")

    with pytest.raises(Refusal, match="was replaced by version 2"):
        sign(session, people, plan)


def test_a_signed_plan_is_never_changed(session, people, version):
    plan = signed_plan(session, people, version)
    session.flush()
    plan.working = "something else"
    with pytest.raises(DBAPIError, match="dispense_plan is signed and does not change"):
        session.flush()


def test_a_worksheet_is_opened_for_the_bags_chosen(session, people, version, plan):
    first, second = plan.deliveries
    with pytest.raises(Refusal, match="not signed by a pharmacist yet"):
        open_worksheet_for(session, first, by=people("tina"), at=START)
    choose_quantity(session, first, bags=0, reason="has enough", by=people("tina"), at=START)
    choose_quantity(session, second, bags=5, reason="spares", by=people("tina"), at=START)
    sign(session, people, plan)

    worksheet = open_worksheet_for(session, second, by=people("tina"), at=START)

    assert (worksheet.bag_count, worksheet.needed_at) == (5, instant(5, 12))
    assert [bag.planned_dose_at for bag in worksheet.bags] == [instant(6), instant(7), instant(8), None, None]
    assert second.worksheet is worksheet and queries.has_worksheet(second)
    entry = session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))
    assert (entry.action, entry.record_id) == ("opened the worksheet of a delivery", second.id)

    sheets, entries = count_rows(session, Worksheet), count_rows(session, AuditEntry)
    with pytest.raises(Refusal, match=f"has worksheet {worksheet.serial} already"):
        open_worksheet_for(session, second, by=people("tina"), at=START)
    with pytest.raises(Refusal, match="No new bag is planned"):
        open_worksheet_for(session, first, by=people("tina"), at=START)
    with pytest.raises(Forbidden):
        open_worksheet_for(session, second, by=people("nora"), at=START)
    assert (count_rows(session, Worksheet), count_rows(session, AuditEntry)) == (sheets, entries)

    cancel_worksheet(session, worksheet, reason="wrong lot", by=people("paula"), at=START)
    with pytest.raises(Refusal, match="The delivery on Sat 14 Nov 2026 12:00 EST is past"):
        open_worksheet_for(session, second, by=people("tina"), at=instant(6, 12))
    assert open_worksheet_for(session, second, by=people("tina"), at=START).id != worksheet.id


def test_worksheets_never_exceed_what_is_authorised(session, people, version, plan):
    sign(session, people, plan)
    open_worksheet(session, people, version, bags=4)
    open_worksheet_for(session, plan.deliveries[0], by=people("tina"), at=START)

    with pytest.raises(Refusal, match="still authorises 2 bags, and 3 are planned"):
        open_worksheet_for(session, plan.deliveries[1], by=people("tina"), at=START)
