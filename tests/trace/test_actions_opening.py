"""Opening a recall holds back all that is here, in one transaction; a drill moves nothing."""

from datetime import timedelta

import pytest

from pharmacy.accounts.actions import WrongPassword
from pharmacy.compounding.actions import complete_bag, scan_container
from pharmacy.compounding.models import Bag
from pharmacy.delivery.actions import send_out
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal, ScanRefused
from pharmacy.domain.recall import Standing
from pharmacy.domain.statuses import BagStatus, LotStatus, RecallStatus, StopStatus
from pharmacy.trace import actions, queries
from tests.conftest import START
from tests.therapy.worksheets import code_of, started_worksheet
from tests.trace.fingerprint import refused, traces
from tests.trace.recalling import entry, opened_recall, standings, vial_lot

S, B = Standing, BagStatus


def statuses(session, lot):
    session.flush()
    return [bag.status for bag in queries.list_reached_bags(session, [lot.id])]


def test_a_lot_that_reached_bags_in_every_state(session, people, everywhere):
    assert statuses(session, everywhere) == [
        *(B.USED, B.DELIVERED, B.RELEASED, B.QUARANTINED, B.DESTROYED, B.MADE, B.PLANNED, B.CANCELLED)
    ]

    recall = opened_recall(session, people, everywhere)

    assert everywhere.status is LotStatus.RECALLED
    assert statuses(session, everywhere) == [
        *(B.USED, B.DELIVERED, B.QUARANTINED, B.QUARANTINED, B.DESTROYED, B.QUARANTINED, B.PLANNED),
        B.CANCELLED,
    ]
    assert standings(session, recall) == [
        *(S.USED, S.AT_HOME, S.HERE, S.HERE, S.DESTROYED, S.HERE, S.IN_WORK, S.NOT_MADE)
    ]
    count = queries.get_recall_page(session, recall).count
    assert (count.affected, count.accounted, count.open) == (8, 3, 5)
    assert recall.status is RecallStatus.OPEN
    assert recall.opening.printed_name == "Paula Penhallow"


def test_a_box_that_has_not_left_is_opened_and_the_bags_are_taken_out(session, people, packed):
    recall = opened_recall(session, people, vial_lot(packed))

    assert {bag.status for bag in packed.planned_delivery.worksheet.bags} == {B.QUARANTINED}
    assert packed.status is StopStatus.OPEN
    assert (packed.checked_at, packed.packed_at) == (None, None)
    assert all(one.taken_out_at == START for one in packed.packed_bags)
    assert set(standings(session, recall)) == {S.HERE}
    with pytest.raises(Refusal, match="may not leave"):
        send_out(session, packed.batch, by=people("tina"), at=START)


def test_a_bag_in_work_stops_with_a_sentence(session, people, version):
    worksheet = started_worksheet(session, people, version, bags=1)
    lot = vial_lot(worksheet)
    opened_recall(session, people, lot)

    with pytest.raises(ScanRefused):
        scan_container(session, worksheet.bags[0], code_of(lot), by=people("tina"), at=START)
    with pytest.raises(Refusal):
        complete_bag(session, worksheet.bags[0], by=people("tina"), at=START)


def test_a_drill_moves_nothing(session, people, everywhere):
    before = traces(session)

    drill = opened_recall(session, people, everywhere, is_drill=True)

    assert everywhere.status is LotStatus.AVAILABLE
    assert traces(session)[2] == before[2]
    assert standings(session, drill) == [
        *(S.USED, S.TO_LOCATE, S.TO_LOCATE, S.TO_LOCATE, S.DESTROYED, S.TO_LOCATE, S.TO_LOCATE, S.NOT_MADE)
    ]
    opened_recall(session, people, everywhere)


def test_a_lot_that_was_recalled_on_the_shelf_gets_its_recall(session, people, delivered):
    lot = vial_lot(delivered)
    lot.status = LotStatus.RECALLED

    recall = opened_recall(session, people, lot)

    assert standings(session, recall) == [S.AT_HOME, S.AT_HOME]


def test_several_lots_are_one_recall_and_a_bag_of_both_counts_once(session, people, delivered):
    lots = [one.lot for one in delivered.planned_delivery.worksheet.proposed_lots]
    assert len(lots) >= 2

    recall = opened_recall(session, people, *lots)

    assert standings(session, recall) == [S.AT_HOME, S.AT_HOME]
    assert {lot.status for lot in lots} == {LotStatus.RECALLED}


def open_as(session, people, lots, *, by="paula", password="sample pharmacy 1", **changes):
    return lambda: actions.open_recall(
        session, lots, entry(**changes), password=password, by=people(by), at=START + timedelta(hours=1)
    )


def test_what_is_not_opened_changes_nothing(session, people, packed):
    lot = vial_lot(packed)
    refused(session, Forbidden, "open and close recalls", open_as(session, people, [lot], by="tina"))
    refused(session, Forbidden, "open and close recalls", open_as(session, people, [lot], by="ada"))
    refused(session, InvalidInput, "Give the reason", open_as(session, people, [lot], reason=" "))
    refused(session, InvalidInput, "what is to be done", open_as(session, people, [lot], instructions=" "))
    refused(session, InvalidInput, "Name the lot", open_as(session, people, []))
    refused(session, InvalidInput, "each lot of this site once", open_as(session, people, [lot, lot]))


def test_a_wrong_password_opens_nothing(session, people, packed):
    lot = vial_lot(packed)
    session.commit()
    with pytest.raises(WrongPassword):
        open_as(session, people, [lot], password="wrong")()
    session.rollback()
    assert lot.status is LotStatus.AVAILABLE
    assert {bag.status for bag in session.query(Bag)} == {B.PACKED}


def test_one_lot_is_in_one_open_recall(session, people, delivered):
    lot = vial_lot(delivered)
    recall = opened_recall(session, people, lot)

    refused(session, Refusal, f"{recall.name} of lot {lot.number}", open_as(session, people, [lot]))
