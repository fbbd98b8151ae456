"""Pages of the shelf: what they show, what they keep of what was typed, and what they refuse."""

import pytest
from sqlalchemy import func, select

from pharmacy.audit.models import Refusal
from pharmacy.domain.statuses import LotStatus
from pharmacy.inventory.models import Lot, StockMovement
from tests.therapy.worksheets import code_of

TYPED = {
    "number": "NEW1",
    "expiry": "2027-03",
    "containers": "5",
    "supplier": "Somebody & Sons",
    "location": "A",
}


@pytest.fixture
def vial(session):
    lot = session.scalar(select(Lot).where(Lot.number == "SMG4417"))
    found = (lot.id, lot.product_id, code_of(lot))
    session.rollback()
    return found


def test_the_shelf_shows_numbers_and_says_late_in_words(sign_in, clock, vial):
    client = sign_in("tina")

    page = client.get("/stock").text
    assert "SNC0821" in page and "expires soon, in 6 days" in page
    assert "150\xa0mL" in page and "High-alert" in page
    assert "SNC0821" not in client.get("/stock?search=magnesium&status=available").text
    assert "No lot is like that" in client.get("/stock?search=nothing").text
    clock.advance(days=8)
    assert "expired 1 day ago" in sign_in("tina").get("/stock").text


def test_a_lot_shows_its_movements_and_its_history(sign_in, vial):
    page = sign_in("arlo").get(f"/stock/lots/{vial[0]}").text

    assert "15 containers" in page and "received" in page and "Tina Tallgrass" in page
    assert "Put this lot in quarantine" not in page
    assert sign_in("tina").get("/stock/lots/999").status_code == 404


def test_a_scan_fills_in_what_its_code_says(sign_in, vial):
    client = sign_in("tina")
    _, product_id, code = vial

    page = client.get("/stock/receive", query_string={"code": code}).text
    assert 'value="SMG4417"' in page and f'<option selected value="{product_id}">' in page
    assert 'value="2027-05-28"' in page
    refused = client.get("/stock/receive", query_string={"code": "hello"})
    assert "This is not a product code" in refused.text and refused.status_code == 200


def test_receiving_in_the_browser(sign_in, database, vial):
    client = sign_in("tina")
    typed = TYPED | {"product": str(vial[1])}

    answer = client.post("/stock/receive", data=typed | {"containers": "0", "expiry": ""})
    assert answer.status_code == 422
    assert "Enter a whole number from 1" in answer.text and "Enter the expiry." in answer.text
    assert "Somebody &amp; Sons" in answer.text
    answer = client.post("/stock/receive", data=typed | {"expiry": "2026-10"})
    assert answer.status_code == 409 and "expired Sat 31 Oct 2026" in answer.text
    answer = client.post("/stock/receive", data=typed | {"product": "999"})
    assert answer.status_code == 422
    assert client.post("/stock/receive", data=typed).status_code == 303
    with database.reading() as session:
        lot = session.scalar(select(Lot).where(Lot.number == "NEW1"))
        assert session.scalar(select(func.count()).where(StockMovement.lot_id == lot.id)) == 1
        assert "expired Sat 31 Oct 2026" in session.scalar(select(Refusal)).sentence


def test_quarantine_in_the_browser(sign_in, database, vial):
    address = f"/stock/lots/{vial[0]}"
    tina, paula = sign_in("tina"), sign_in("paula")

    assert "until a pharmacist lifts" in tina.get(f"{address}/quarantine").text
    assert tina.post(f"{address}/quarantine", data={"reason": ""}).status_code == 422
    assert tina.post(f"{address}/quarantine", data={"reason": "leak"}).status_code == 303
    assert "Lift the quarantine" not in tina.get(address).text
    assert tina.get(f"{address}/lift").status_code == 403
    assert "Lift the quarantine" in paula.get(address).text
    assert paula.post(f"{address}/lift", data={"reason": "carton only"}).status_code == 303
    assert paula.post(f"{address}/lift", data={"reason": "again"}).status_code == 409
    with database.reading() as session:
        assert session.get(Lot, vial[0]).status is LotStatus.AVAILABLE


def test_a_wrong_expiry_is_corrected_in_the_browser(sign_in, database, vial):
    address = f"/stock/lots/{vial[0]}"
    paula = sign_in("paula")

    assert "The expiry was typed wrongly" in paula.get(address).text
    assert "The expiry was typed wrongly" not in sign_in("tina").get(address).text
    assert "received with 2027-05-28" in paula.get(f"{address}/expiry").text
    typed = {"expiry": "2027-04", "reason": "misread"}
    assert paula.post(f"{address}/expiry", data=typed | {"expiry": "04-2027"}).status_code == 400
    assert paula.post(f"{address}/expiry", data=typed).status_code == 303
    with database.reading() as session:
        assert session.get(Lot, vial[0]).expiry == "2027-04"
