"""Counting, moving, adjusting and discarding in the browser: blind, with words, and by two people."""

import pytest
from sqlalchemy import select

from pharmacy.inventory.models import OpenedContainer, StockCount, StockLocation
from pharmacy.inventory.queries import get_balances
from pharmacy.sample.people import PASSWORD
from tests.conftest import START
from tests.inventory.shelf import open_one


@pytest.fixture
def places(session):
    found = {one.name: one.id for one in session.scalars(select(StockLocation))}
    session.rollback()
    return found


@pytest.fixture
def lot_id(session, vial):
    found = vial.id
    session.rollback()
    return found


def on_hand(database, lot_id):
    with database.reading() as session:
        return get_balances(session, [lot_id])[lot_id].containers


def test_a_count_is_blind_for_both_people(sign_in, database, lot_id, places):
    tina, theo = sign_in("tina"), sign_in("theo")
    address = f"/stock/lots/{lot_id}/locations/{places['High-alert cabinet, shelf 1']}/count"

    assert "15" not in tina.get(address).text.split("<main")[1].split("shelf 1")[1]
    assert tina.post(address, data={"counted": ""}).status_code == 422
    assert tina.post(address, data={"counted": "-1"}).status_code == 422
    answer = tina.post(address, data={"counted": "13"})
    assert answer.status_code == 303
    page = tina.get(answer.location).text
    assert "2 containers fewer than booked" in page and "15 containers" in page and "received" in page
    assert "this is a high-alert drug" in page

    wrong = {"reason_code": "found", "reason": "x"}
    assert tina.post(f"{answer.location}/explain", data=wrong).status_code == 400
    assert tina.post(f"{answer.location}/explain", data={"reason_code": "lost"}).status_code == 422
    right = {"reason_code": "lost", "reason": "not there"}
    assert tina.post(f"{answer.location}/explain", data=right).status_code == 303
    assert "waits for a second person" in tina.get(answer.location).text
    waiting = "Count again as the second person: lot SMG4417"
    assert waiting in theo.get("/").text and waiting not in tina.get("/").text
    page = theo.get(answer.location).text
    assert "as the second person" in page and "13 containers" not in page and "15 containers" not in page
    assert "count it yourself first" in theo.get("/stock/counts").text
    assert tina.post(f"{answer.location}/again", data={"counted": "13"}).status_code == 409
    assert theo.post(f"{answer.location}/again", data={"counted": "x"}).status_code == 422
    assert on_hand(database, lot_id) == 15
    assert theo.post(f"{answer.location}/again", data={"counted": "13"}).status_code == 303
    assert "You both counted the same" in theo.get(answer.location).text
    assert on_hand(database, lot_id) == 13


def test_a_second_count_that_differs_books_nothing(sign_in, database, lot_id, places):
    tina, theo = sign_in("tina"), sign_in("theo")
    address = f"/stock/lots/{lot_id}/locations/{places['High-alert cabinet, shelf 1']}/count"
    answer = tina.post(address, data={"counted": "13"})
    tina.post(f"{answer.location}/explain", data={"reason_code": "lost", "reason": "not there"})

    assert theo.post(f"{answer.location}/again", data={"counted": "14"}).status_code == 303

    page = theo.get(answer.location).text
    assert "You counted another number: nothing is booked" in page and "Count it again" in page
    assert on_hand(database, lot_id) == 15
    assert "No count stands there" in theo.get("/stock/counts?status=settled").text


def test_a_sheet_for_a_location(sign_in, database, lot_id, places):
    tina, place = sign_in("tina"), places["High-alert cabinet, shelf 1"]
    answer = tina.post(f"/stock/locations/{place}/count-sheets")
    assert answer.status_code == 303
    sheet = answer.location
    page = tina.get(sheet).text
    assert "0 of 2 lots counted" in page and "count-box" in page
    # Nothing of what is booked is on the sheet.
    assert ">15<" not in page and ">50<" not in page
    again = tina.post(f"/stock/locations/{place}/count-sheets")
    assert again.status_code == 409 and "is open already" in again.text
    number = sheet.rsplit("/", 1)[1]
    count = f"/stock/lots/{lot_id}/locations/{place}/count?sheet={number}"
    assert tina.post(count, data={"counted": "15"}).location == sheet
    assert "1 of 2 lots counted" in tina.get(sheet).text
    refused = tina.post(f"{sheet}/close")
    assert refused.status_code == 409 and "1 lot of this sheet not counted yet" in refused.text
    refused = tina.post(f"{sheet}/lots", data={"number": "NOPE"})
    assert refused.status_code == 400 and "Lot NOPE was never received here" in refused.text
    assert tina.post(f"{sheet}/lots", data={"number": "SNC0934"}).status_code == 303
    assert "found here" in tina.get(sheet).text
    assert tina.get("/stock/count-sheets/999").status_code == 404
    with database.reading() as session:
        assert session.scalars(select(StockCount.sheet_id)).all() == [int(number)]


def test_moving_in_the_browser(sign_in, database, lot_id, places):
    tina = sign_in("tina")
    address = f"/stock/lots/{lot_id}/move?from={places['High-alert cabinet, shelf 1']}"
    typed = {"containers": "2", "location": str(places["Shelf B2"]), "reason": "short of space"}

    assert "Booked here: 15 containers" in tina.get(address).text
    assert tina.post(address, data={}).status_code == 422
    refused = tina.post(address, data=typed)
    assert refused.status_code == 409 and "This location is right for it" in refused.text
    assert 'value="short of space"' in refused.text
    assert tina.post(address, data=typed | {"accept_location": "y"}).status_code == 303
    page = tina.get(f"/stock/lots/{lot_id}").text
    assert "moved to Shelf B2" in page and "moved from High-alert cabinet, shelf 1" in page
    assert tina.get(f"/stock/lots/{lot_id}/move?from=999").status_code == 404


def test_adjusting_in_the_browser(sign_in, database, lot_id, places):
    tina = sign_in("tina")
    address = f"/stock/lots/{lot_id}/adjust?from={places['High-alert cabinet, shelf 1']}"
    typed = {"reason_code": "destroyed", "containers": "1", "reason": "seal broken"}

    assert tina.post(address, data={}).status_code == 422
    refused = tina.post(address, data=typed)
    assert refused.status_code == 400 and "A second person has to see this: destroyed" in refused.text
    refused = tina.post(address, data=typed | {"witness": "theo", "password": "not his password"})
    assert refused.status_code == 403 and "password is not right" in refused.text
    assert on_hand(database, lot_id) == 15
    assert tina.post(address, data=typed | {"witness": "theo", "password": PASSWORD}).status_code == 303
    page = tina.get(f"/stock/lots/{lot_id}").text
    assert "destroyed: destroyed" not in page and "Witness: Theo Thimble" in page
    assert on_hand(database, lot_id) == 14


def test_open_containers_in_the_browser(sign_in, database, session, people, vial, clock):
    opened_id = open_one(session, people, vial, at=START).id
    session.commit()
    tina = sign_in("tina")

    page = tina.get("/stock/opened").text
    assert "SMG4417" in page and "in 12 hours" in page and "10\xa0mL" in page
    clock.advance(hours=12)
    tina = sign_in("tina")
    assert "late, ended now: discard it" in tina.get("/stock/opened").text
    assert sign_in("arlo").get(f"/stock/opened/{opened_id}/discard").status_code == 403
    assert tina.post(f"/stock/opened/{opened_id}/discard", data={"reason": ""}).status_code == 422
    assert tina.post(f"/stock/opened/{opened_id}/discard", data={"reason": "late"}).status_code == 303
    assert "Nothing is open" in tina.get("/stock/opened").text
    assert tina.post(f"/stock/opened/{opened_id}/discard", data={"reason": "late"}).status_code == 409
    with database.reading() as reading:
        assert reading.get(OpenedContainer, opened_id).left_ml == 0


def test_locations_in_the_browser(sign_in, places, lot_id):
    paula = sign_in("paula")

    assert sign_in("tina").get("/stock/locations/new").status_code == 403
    assert (
        paula.post("/stock/locations/new", data={"name": "Shelf B2", "kind": "refrigerator"}).status_code
        == 400
    )
    assert paula.post("/stock/locations/new", data={"name": "Shelf D", "kind": "cellar"}).status_code == 422
    assert (
        paula.post("/stock/locations/new", data={"name": "Shelf D", "kind": "refrigerator"}).status_code
        == 303
    )
    assert "Shelf D" in paula.get("/stock/locations").text
    full = f"/stock/locations/{places['Shelf B2']}"
    assert "SNC0934" in paula.get(full).text
    refused = paula.post(f"{full}/close", data={"reason": "x"})
    assert refused.status_code == 409 and "still holds stock" in refused.text
    empty = f"/stock/locations/{places['Freezer 1']}"
    changed = {"name": "Freezer 2", "kind": "freezer", "reason": "new sign"}
    assert paula.post(f"{empty}/change", data=changed).status_code == 303
    assert paula.post(f"{empty}/close", data={"reason": "sold"}).status_code == 303
    assert "Closed" in paula.get(empty).text
    sign_in("tina").post(f"/stock/lots/{lot_id}/quarantine", data={"reason": "leak"})
    page = paula.get(f"/stock/locations/{places['Quarantine shelf']}").text
    assert "These lots may not be used. Move them here." in page and "SMG4417" in page


def test_limits_and_rules_in_the_browser(sign_in, session, vial, places):
    product_id = vial.product_id
    session.rollback()
    paula, rule = sign_in("paula"), f"/stock/products/{product_id}/rule"

    assert 'value="30"' in paula.get("/stock/limits").text and 'value="20"' in paula.get(rule).text
    assert (
        paula.post("/stock/limits", data={"short_dated_days": "0", "large_difference": "1"}).status_code
        == 422
    )
    assert (
        paula.post("/stock/limits", data={"short_dated_days": "60", "large_difference": "0"}).status_code
        == 303
    )
    assert paula.post(rule, data={"storage": "", "reorder_level": "5"}).status_code == 422
    typed = {"storage": "refrigerator, 2 to 8 °C", "reorder_level": ""}
    assert paula.post(rule, data=typed).status_code == 303
    assert "refrigerator, 2 to 8 °C" in paula.get(f"/stock/products/{product_id}").text
    assert sign_in("tina").post(rule, data=typed).status_code == 403
