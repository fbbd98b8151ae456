"""A bag that is packed on a later day than it was last looked at is looked at again (domain.md 2.4)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pharmacy.audit.models import AuditEntry
from pharmacy.delivery import actions
from pharmacy.delivery.models import SecondLook
from pharmacy.delivery.queries import find_last_look, needs_second_look
from pharmacy.domain.errors import Forbidden, Refusal
from tests.compounding.fingerprint import refused
from tests.conftest import START
from tests.therapy.deliveries import opened_stop, released_delivery
from tests.therapy.orders import order_in_force

NEXT_DAY = START + timedelta(hours=20)


@pytest.fixture
def stop(session, people):
    return opened_stop(session, people, released_delivery(session, people, order_in_force(session, people)))


def bag_of(stop):
    return stop.planned_delivery.worksheet.bags[0]


def pack(session, people, stop, *, at):
    return actions.pack_bag(session, stop, bag_of(stop).serial, by=people("tina"), at=at)


def look(session, people, stop, *, by="tina", at=NEXT_DAY):
    return actions.look_again(session, stop, bag_of(stop).serial, by=people(by), at=at)


def test_a_bag_seen_today_is_packed_at_once(session, people, stop):
    assert pack(session, people, stop, at=START).bag is bag_of(stop)
    assert session.scalars(select(SecondLook)).all() == []


def test_a_bag_seen_yesterday_is_looked_at_again_and_that_is_kept(session, people, stop):
    bag = bag_of(stop)
    refused(session, Refusal, "was not looked at today. Look at it again",
            lambda: pack(session, people, stop, at=NEXT_DAY))  # fmt: skip
    refused(session, Forbidden, "may not pack", lambda: look(session, people, stop, by="nora"))

    kept = look(session, people, stop)

    assert (kept.bag_id, kept.stop_id, kept.person.username, kept.at) == (bag.id, stop.id, "tina", NEXT_DAY)
    entry = session.scalar(select(AuditEntry).where(AuditEntry.record_type == "second_look"))
    assert entry.action == "looked at a bag again before packing"
    assert find_last_look(session, bag) == NEXT_DAY and not needs_second_look(session, bag, at=NEXT_DAY)
    assert needs_second_look(session, bag, at=NEXT_DAY + timedelta(days=1))
    pack(session, people, stop, at=NEXT_DAY)


def test_the_station_asks_for_the_look_and_packs_the_bag(session, people, stop, sign_in, clock):
    address, serial = f"/deliveries/stops/{stop.id}", bag_of(stop).serial
    session.commit()
    clock.now = NEXT_DAY
    tina = sign_in("tina")

    asked = tina.post(f"{address}/scan", data={"code": serial})
    assert asked.status_code == 409 and "Look at the bag again" in asked.text
    sent = {"look-code": serial}
    assert "Look at the bag, and tick" in tina.post(f"{address}/look", data=sent).text
    assert tina.post(f"{address}/look", data=sent | {"look-as_it_must_be": "y"}).status_code == 303
    assert f"Right: {serial}" in tina.get(f"{address}/pack").text
    assert "Look at the bag again" not in tina.post(f"{address}/scan", data={"code": "B-NOSUCH"}).text
