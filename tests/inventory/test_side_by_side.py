"""Two people at the same shelf at the same moment: the sums hold, and one of them is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import select

from pharmacy.inventory.models import StockLocation
from pharmacy.inventory.queries import get_balances, list_standings
from tests.therapy.worksheets import GS, code_of

SHELF = "High-alert cabinet, shelf 1"


def at_once(*acts):
    """Do several acts at the same moment and return their answers."""
    start = Barrier(len(acts))

    def run(act):
        start.wait(timeout=30)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [answer.status_code for answer in pool.map(run, acts)]


def shelf_of(session, vial):
    """Return the number of the lot and of the locations, and let go of the database."""
    found = vial.id, {one.name: one.id for one in session.scalars(select(StockLocation))}
    session.rollback()
    return found


def standing(database, lot_id):
    with database.reading() as reading:
        return {one.location.name: one.containers for one in list_standings(reading, [lot_id])}


def test_the_same_containers_are_moved_away_once(database, session, vial, sign_in):
    lot_id, places = shelf_of(session, vial)
    tina, theo = sign_in("tina"), sign_in("theo")
    address = f"/stock/lots/{lot_id}/move?from={places[SHELF]}"

    def move(client, to):
        typed = {"containers": "10", "location": str(places[to]), "reason": "tidying"}
        return lambda: client.post(address, data=typed)

    codes = at_once(move(tina, "High-alert cabinet, shelf 2"), move(theo, "High-alert cabinet, shelf 3"))

    assert sorted(codes) == [303, 409]
    assert sorted(standing(database, lot_id).values()) == [5, 10]


def test_a_second_count_sent_twice_books_the_difference_once(database, session, vial, sign_in):
    lot_id, places = shelf_of(session, vial)
    tina, theo, peter = sign_in("tina"), sign_in("theo"), sign_in("peter")
    count = tina.post(
        f"/stock/lots/{lot_id}/locations/{places[SHELF]}/count", data={"counted": "12"}
    ).location
    tina.post(f"{count}/explain", data={"reason_code": "lost", "reason": "not there"})

    codes = at_once(
        *(lambda one=one: one.post(f"{count}/again", data={"counted": "12"}) for one in (theo, peter))
    )

    assert sorted(codes) == [303, 409]
    assert standing(database, lot_id) == {SHELF: 12}


def test_the_same_serial_is_received_once(database, session, vial, sign_in):
    code = code_of(vial) + GS + "21ONLY"
    lot_id, places = shelf_of(session, vial)
    clients = [sign_in("tina"), sign_in("theo")]
    typed = {"supplier": "Somebody", "document": "PS-9", "received_on": "2026-11-09"}
    receipt = clients[0].post("/stock/receipts/new", data=typed).location
    data = {"code": code, "location": str(places[SHELF]), "containers": "1"}

    codes = at_once(*(lambda one=one: one.post(f"{receipt}/scan", data=data) for one in clients))

    assert sorted(codes) == [303, 409]
    with database.reading() as reading:
        assert get_balances(reading, [lot_id])[lot_id].containers == 16
