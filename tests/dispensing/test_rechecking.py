"""The plan checked again with real bags; consent; and what the lists of this room show."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pharmacy.dispensing import queries
from pharmacy.dispensing.actions import open_worksheet_for
from pharmacy.domain.errors import NotFound, Refusal
from pharmacy.domain.formatting import moment
from pharmacy.domain.local_time import to_instant
from tests.conftest import START
from tests.statements import counted_statements
from tests.therapy.orders import order_in_force
from tests.therapy.plans import HOME, home_count, home_day, proposed_plan, signed_plan


def instant(day, hour=21):
    return to_instant(home_day(day, hour), HOME)


def days_of(doses):
    return [None if dose is None else (dose - instant(1)).days + 1 for dose in doses]


@pytest.fixture
def version(session, people):
    return order_in_force(session, people)


@pytest.fixture
def delivery(session, people, version):
    """One delivery at noon of day 2 for the doses of days 2, 3 and 4, with a worksheet."""
    plan = signed_plan(session, people, version, days=4)
    open_worksheet_for(session, plan.deliveries[0], by=people("tina"), at=START)
    return plan.deliveries[0]


def dated(delivery, *untils):
    """Return the bags of a delivery with these real beyond-use dates, in memory."""
    bags = delivery.worksheet.bags[: len(untils)]
    for bag, until in zip(bags, untils, strict=True):
        bag.beyond_use_at = until
    return bags


def check(session, delivery, bags):
    found = queries.recheck_delivery(session, delivery, bags)
    assert [one.bag for one in found] == list(bags)
    return [(days_of([one.dose])[0], one.ok) for one in found]


# The case; beyond-use dates of the bags; the dose of each and whether it may go; days without a bag.
CASES = [
    ("as planned", [(9, 12)] * 3, [(2, True), (3, True), (4, True)], []),
    ("earliest date first", [(9, 12), (3, 12), (4, 12)], [(4, True), (2, True), (3, True)], []),
    ("at the dose: too old", [(2, 21), (9, 12), (9, 12)], [(None, False), (2, True), (3, True)], [4]),
    ("an hour after the dose", [(2, 22), (9, 12), (9, 12)], [(2, True), (3, True), (4, True)], []),
    ("one too old for its turn", [(3, 12), (3, 12), (9, 12)], [(2, True), (None, False), (3, True)], [4]),
    ("one bag short", [(9, 12), (9, 12)], [(2, True), (3, True)], [4]),
    ("an empty box", [], [], [2, 3, 4]),
    ("not made", [None, (9, 12)], [(None, False), (2, True)], [3, 4]),
]


def test_each_bag_against_its_dose(session, delivery):
    with session.no_autoflush:
        for case, untils, expected, without in CASES:
            bags = dated(delivery, *(until and instant(*until) for until in untils))
            assert check(session, delivery, bags) == expected, case
            doses = queries.recheck_doses(delivery, bags)
            assert [days_of([one.dose])[0] for one in doses if one.bag is None] == without, case


def test_the_sentences_name_bag_and_dose(session, delivery):
    bags = dated(delivery, instant(2, 21), instant(9), instant(9))
    with session.no_autoflush:
        old, good, _ = (one.sentence for one in queries.recheck_delivery(session, delivery, bags))
        *_, last = (one.sentence for one in queries.recheck_doses(delivery, bags))

    until, dose = moment(instant(9), HOME), moment(instant(2), HOME)
    assert good == f"{bags[1].serial} for the dose on {dose}: can be started before {until}."
    assert old == (
        f"{bags[0].serial} can be started only before {dose}, and the dose that would be its turn is on"
        f" {dose}. Leave it out."
    )
    assert last == f"No bag in the box can be started for the dose on {moment(instant(4), HOME)}."


def test_spares_go_along_only_as_planned(session, people):
    people("tina").site.spare_bags = 1
    version = order_in_force(session, people)
    plan = signed_plan(session, people, version, days=3)
    delivery = plan.deliveries[0]
    open_worksheet_for(session, delivery, by=people("tina"), at=START)
    bags = dated(delivery, instant(9), instant(9), instant(9))

    with session.no_autoflush:
        assert check(session, delivery, bags) == [(2, True), (3, True), (None, True)]
        assert "is a spare" in queries.recheck_delivery(session, delivery, bags)[2].sentence
        found = queries.recheck_delivery(session, delivery, [*bags, bags[2]])
        assert not found[3].ok and "one too many: the plan has 3 bags" in found[3].sentence
        bags = dated(delivery, instant(2, 12), instant(9), instant(9))
        assert check(session, delivery, bags) == [(None, False), (2, True), (3, True)]


def test_nothing_is_shipped_without_consent_on_the_latest_count(session, people, version):
    plan = signed_plan(session, people, version, consent=False)
    with pytest.raises(Refusal, match="home count of Mon 9 Nov 2026 09:00 EST does not record consent"):
        queries.ensure_consent_to_ship(plan)

    home_count(session, people, version.order, consent=True, at=START + timedelta(hours=1))
    queries.ensure_consent_to_ship(plan)

    home_count(session, people, version.order, consent=False, at=START + timedelta(hours=2))
    with pytest.raises(Refusal, match="10:00|11:00 EST does not record consent"):
        queries.ensure_consent_to_ship(plan)


def test_deliveries_of_a_day_are_those_of_signed_plans_by_the_clock_of_the_site(session, people, version):
    arrivals = [home_day(2, 0), home_day(2, 23, 59), home_day(3, 0)]
    plan = signed_plan(session, people, version, arrivals=arrivals)
    site_id = plan.site_id

    def arriving(day):
        return [one.arrives_at for one in queries.list_planned_deliveries(session, site_id=site_id, day=day)]

    assert arriving(date(2026, 11, 10)) == [one.arrives_at for one in plan.deliveries[:2]]
    assert arriving(date(2026, 11, 11)) == [plan.deliveries[2].arrives_at]
    proposed_plan(session, people, version, at=START + timedelta(hours=1), arrivals=[home_day(4)])
    assert arriving(date(2026, 11, 12)) == []


def test_what_waits_in_this_room(session, people, version):
    site_id = version.order.site_id

    def waits():
        return (
            version in queries.list_versions_to_plan(session, site_id=site_id),
            len(queries.list_plans_to_sign(session, site_id=site_id)),
            len(queries.list_deliveries_to_prepare(session, site_id=site_id, at=START)),
        )

    assert waits() == (True, 0, 0)
    proposed_plan(session, people, version)
    assert waits() == (False, 1, 0)
    plan = signed_plan(session, people, version, at=START + timedelta(hours=1))
    assert waits() == (False, 0, 1)
    assert queries.list_deliveries_to_prepare(session, site_id=site_id, at=instant(2, 12)) == []
    open_worksheet_for(session, plan.deliveries[0], by=people("tina"), at=START)
    assert waits() == (False, 0, 0)


def test_records_of_another_site_are_not_there(session, people, version):
    plan = signed_plan(session, people, version)
    for get, number in (
        (queries.get_plan, plan.id),
        (queries.get_delivery, plan.deliveries[0].id),
        (queries.get_count, plan.home_count_id),
    ):
        assert get(session, number, site_id=plan.site_id).id == number
        with pytest.raises(NotFound):
            get(session, number, site_id=plan.site_id + 1)
        with pytest.raises(NotFound):
            get(session, 999_999, site_id=plan.site_id)


def test_lists_cost_the_same_on_one_row_and_on_many(session, database, people, version):
    def cost():
        session.flush()
        session.expire_all()
        with counted_statements(database) as sent:
            for plan in queries.list_plans(session, version.order_id):
                assert [one.worksheet for one in plan.deliveries] and plan.patient.name
                assert plan.home_count.taken_by.name
            for count in queries.list_counts(session, version.order_id):
                assert [line.bag for line in count.lines] == [] and count.taken_by.name
            for one in queries.list_planned_deliveries(session, site_id=1, day=date(2026, 11, 10)):
                assert one.plan.patient.name and one.worksheet is None
            queries.expected_bags(session, version.order_id, at=START + timedelta(days=1))
        return len(sent)

    signed_plan(session, people, version)
    one = cost()
    for hour in (1, 2, 3):
        signed_plan(session, people, version, at=START + timedelta(hours=hour),
                    arrivals=[home_day(2, 12), home_day(2, 13), home_day(3)])  # fmt: skip

    assert cost() == one
