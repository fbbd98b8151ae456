"""What the pages of the shelf cost: as many statements on one lot as on many."""

import pytest

from pharmacy.inventory.actions import count_lot, open_count_sheet
from tests.conftest import START
from tests.inventory.shelf import open_one, receive
from tests.statements import counted_statements
from tests.therapy.stock import location_called

SHELF = "High-alert cabinet, shelf 1"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_pages_of_the_shelf_cost_the_same_on_few_and_many(database, session, people, vial, sign_in, app):
    place = location_called(session, SHELF)
    lot_id, place_id, product = vial.id, place.id, vial.product
    sheet = open_count_sheet(session, place, by=people("tina"), at=START)
    pages = [f"/stock/lots/{lot_id}", f"/stock/locations/{place_id}", f"/stock/products/{product.id}"]
    pages += [f"/stock/count-sheets/{sheet.id}", "/stock", "/stock/lots", "/stock/low", "/stock/receipts"]
    pages += ["/stock/locations", "/stock/counts", "/stock/opened"]
    receive(session, people, product, number="FIRST")
    open_one(session, people, vial)
    count_lot(session, vial, place, counted=3, by=people("tina"), at=START)
    session.commit()
    client = sign_in("tina")

    def costs():
        found = {}
        for page in pages:
            with counted_statements(app.extensions["database"]) as seen:
                assert client.get(page).status_code == 200
            found[page] = len(seen)
        return found

    costs()
    before = costs()
    for number in range(12):
        lot = receive(session, people, product, number=f"MANY{number}")
        open_one(session, people, lot)
        count_lot(session, lot, place, counted=number, by=people("tina"), at=START)
    session.commit()

    assert costs() == before
    assert max(before.values()) <= 20, before
