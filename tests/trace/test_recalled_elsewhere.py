"""What a recall says at the door, in the home count, on the bag's page and at the top of the worklist."""

import pytest

from pharmacy.delivery.actions import record_not_delivered, record_proof
from pharmacy.dispensing.actions import CountedBags, CountEntry, record_home_count
from pharmacy.domain.errors import Refusal
from pharmacy.domain.recall import Standing
from pharmacy.domain.statuses import BagStatus
from pharmacy.sample.people import PASSWORD
from pharmacy.trace import actions
from pharmacy.worklist.queries import list_waiting
from tests.conftest import START
from tests.statements import counted_statements
from tests.therapy.deliveries import DRAWN, released_delivery, sent_stop
from tests.trace.fingerprint import refused
from tests.trace.recalling import ids_of, opened_recall, standings, vial_lot

S = Standing


@pytest.fixture
def on_the_way(session, people, version):
    """Give a stop that is on its way when its lot is recalled."""
    return sent_stop(session, people, released_delivery(session, people, version))


def hand_over(session, people, stop):
    return record_proof(
        session,
        stop,
        received_by="Basil Larkspur",
        relationship="husband",
        signature_kind="drawn",
        signature_content=DRAWN,
        by=people("dan"),
        at=START,
    )


def test_a_box_on_its_way_is_not_handed_over_and_comes_back(session, people, on_the_way):
    recall = opened_recall(session, people, vial_lot(on_the_way))
    assert standings(session, recall) == [S.IN_A_BOX, S.IN_A_BOX]

    refused(session, Refusal, "has stopped this box", lambda: hand_over(session, people, on_the_way))
    record_not_delivered(session, on_the_way, reason="Stopped by the pharmacy.", by=people("dan"), at=START)

    assert standings(session, recall) == [S.CAME_BACK, S.CAME_BACK]


def test_a_box_whose_bags_were_cleared_is_handed_over(session, people, on_the_way):
    recall = opened_recall(session, people, vial_lot(on_the_way))
    actions.clear_bags(session, recall, ids_of(session, recall, S.IN_A_BOX), reason="Another line.",
                       password=PASSWORD, by=people("paula"), at=START)  # fmt: skip
    session.flush()

    hand_over(session, people, on_the_way)

    assert {bag.status for bag in on_the_way.planned_delivery.worksheet.bags} == {BagStatus.DELIVERED}


def test_the_driver_sees_the_stopped_box_and_nothing_else_of_it(sign_in, session, people, on_the_way):
    number, stop_id = vial_lot(on_the_way).number, on_the_way.id
    session.commit()
    client = sign_in("dan")
    assert "Stopped" not in client.get("/my-stops").text
    opened_recall(session, people, vial_lot(on_the_way))
    session.commit()

    for page in ("/my-stops", f"/my-stops/{stop_id}"):
        text = client.get(page).text
        assert "topped" in text
        assert "recall" not in text.lower() and number not in text and "magnesium" not in text
    assert "sign" not in client.get(f"/my-stops/{stop_id}").text.split("<main")[1]


def test_the_home_count_says_which_bags_are_not_to_be_used(sign_in, session, people, delivered):
    order, bag = (
        delivered.planned_delivery.plan.order_version.order,
        delivered.planned_delivery.worksheet.bags[0],
    )
    opened_recall(session, people, vial_lot(delivered))
    local = START.replace(tzinfo=None)

    def count(line):
        entry = CountEntry(told_by="Basil", told_by_relationship="husband", counted_at=local, lines=[line],
                           missed_doses="none", consent_to_ship=True, note="")  # fmt: skip
        return lambda: record_home_count(session, order, entry, by=people("nora"), at=START.replace(day=12))

    refused(
        session, Refusal, f"{bag.serial} is recalled: do not use it", count(CountedBags(serial=bag.serial))
    )
    date = bag.beyond_use_at.astimezone(None).replace(tzinfo=None)
    refused(session, Refusal, "cannot be there", count(CountedBags(bags=1, beyond_use=date)))
    order_id, serial = order.id, bag.serial
    session.commit()

    page = sign_in("nora").get(f"/orders/{order_id}/counts/new").text

    assert "Recalled: do not use" in page
    assert serial in page


def test_a_scan_of_a_recalled_bag_says_so(sign_in, session, people, delivered):
    recall = opened_recall(session, people, vial_lot(delivered))
    serial, bags = delivered.planned_delivery.worksheet.bags[0].serial, ids_of(session, recall, S.AT_HOME)
    session.commit()
    client = sign_in("tina")

    answer = client.post("/find", data={"for": serial}, follow_redirects=True)

    assert "Recalled: do not use" in answer.text
    assert "Recall 1" in answer.text
    actions.clear_bags(
        session, recall, bags, reason="Another line.", password=PASSWORD, by=people("paula"), at=START
    )
    session.commit()
    page = client.get(f"/bags/{serial}").text
    assert "Recalled: do not use" not in page
    assert "The recall does not apply to this bag: Recall 1: Another line." in page


def test_an_open_recall_stands_above_everything_else(session, people, delivered, database):
    def first(username):
        session.flush()
        return next(iter(list_waiting(session, person=people(username), at=START)), None)

    with counted_statements(database) as before:
        list_waiting(session, person=people("paula"), at=START)
    opened_recall(session, people, vial_lot(delivered))
    session.flush()
    with counted_statements(database) as after:
        waiting = list_waiting(session, person=people("paula"), at=START)

    assert waiting[0].what == "Recall 1: call, and account for every bag"
    assert waiting[0].stands.startswith("Class 1")
    assert first("tina").what == waiting[0].what
    for username in ("nora", "dan", "ada", "arlo"):
        assert first(username) is None or "Recall" not in first(username).what
    drill = opened_recall(session, people, vial_lot(delivered), is_drill=True)
    session.flush()
    waiting = list_waiting(session, person=people("tina"), at=START)
    assert waiting[0].what == "Recall 1: call, and account for every bag"
    assert [one.stands for one in waiting if one.what == f"{drill.name}: locate every bag"] == ["DRILL"]
    with counted_statements(database) as more:
        list_waiting(session, person=people("paula"), at=START)
    assert len(after) <= len(before) + 2
    assert len(more) == len(after)
