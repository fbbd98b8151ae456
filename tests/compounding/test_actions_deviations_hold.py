"""What an open deviation holds back: the bags it names, or every bag of its worksheet."""

import pytest

from pharmacy.compounding import actions, queries
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.statuses import BagStatus, WorksheetStatus
from tests.compounding.deviating import LATER, allow, close, investigate, opened, settle
from tests.compounding.fingerprint import refused
from tests.conftest import START
from tests.therapy.bags import (
    inspect,
    inspected_bags,
    labelled_bags,
    print_labels,
    release,
    released_bags,
)
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import make_bag, started_worksheet


@pytest.fixture
def version(session, people):
    return order_in_force(session, people)


def test_without_bags_every_bag_of_the_worksheet_is_held_back(session, people, version):
    worksheet = labelled_bags(session, people, version)
    deviation = opened(session, people, worksheet)
    for bag in worksheet.bags:
        inspect(session, people, bag)
    found = refused(session, Refusal, "It does not close", lambda: release(session, people, worksheet))
    assert found.sentence.count(f"open deviation {deviation.serial}") == 2

    investigate(session, people, deviation)
    close(session, people, deviation)
    release(session, people, worksheet)
    assert worksheet.status is WorksheetStatus.CLOSED


def test_a_bag_that_is_added_lifts_the_hold_of_no_other(session, people, version):
    worksheet = inspected_bags(session, people, version)
    stranger = released_bags(session, people, version, bags=1).bags[0]
    bag, other = worksheet.bags
    deviation = opened(session, people, worksheet)

    def extend(bag):
        return actions.extend_deviation(session, deviation, bag=bag, lot=None, by=people("tina"), at=LATER)

    refused(session, InvalidInput, f"Choose bags of worksheet {worksheet.serial} only",
            lambda: extend(stranger))  # fmt: skip
    extend(bag)

    assert [one.bag for one in deviation.bags] == [bag, other]
    assert {one.status for one in worksheet.bags} == {BagStatus.QUARANTINED}
    assert queries.list_holding(session, worksheet) == dict.fromkeys([bag.id, other.id], deviation.serial)
    refused(session, Refusal, "part of this deviation already", lambda: extend(other))
    investigate(session, people, deviation)
    refused(session, Refusal, f"Decide what becomes of bag {bag.serial}. .*{other.serial}",
            lambda: close(session, people, deviation))  # fmt: skip


def test_a_deviation_at_the_station_sets_a_made_bag_aside_until_after_the_release(session, people, version):
    worksheet = started_worksheet(session, people, version)
    aside, other = worksheet.bags
    make_bag(session, people, aside)
    deviation = opened(session, people, worksheet, bags=[aside])
    assert aside.status is BagStatus.QUARANTINED
    make_bag(session, people, other)
    actions.finish_preparation(session, worksheet, by=people("tina"), at=START)
    print_labels(session, people, worksheet)
    for bag in worksheet.bags:
        actions.apply_label(session, worksheet, bag.serial, by=people("tina"), at=START)
    inspect(session, people, other)
    investigate(session, people, deviation)
    allow(session, people, deviation.bags[0])
    close(session, people, deviation)
    refused(session, Refusal, "Sign the release of worksheet", lambda: settle(session, people, aside))
    release(session, people, worksheet, at=LATER)
    assert (aside.status, other.status) == (BagStatus.QUARANTINED, BagStatus.RELEASED)
    assert worksheet.status is WorksheetStatus.AWAITING_RELEASE

    settle(session, people, aside)
    assert (aside.status, worksheet.status) == (BagStatus.RELEASED, WorksheetStatus.CLOSED)


def test_a_bag_that_is_made_under_its_open_deviation_is_set_aside(session, people, version):
    worksheet = started_worksheet(session, people, version)
    bag, other = worksheet.bags
    deviation = opened(session, people, worksheet, bags=[bag], at=START)
    opened(session, people, worksheet, what="The hood alarmed.", at=START)
    assert bag.status is BagStatus.PLANNED

    for one in worksheet.bags:
        make_bag(session, people, one)

    assert (bag.status, other.status) == (BagStatus.QUARANTINED, BagStatus.MADE)
    investigate(session, people, deviation)
    refused(session, Refusal, "Decide what becomes of bag", lambda: close(session, people, deviation))
