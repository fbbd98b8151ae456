"""Pages of the shelf: what they show, what they keep of what was typed, and what they refuse."""

import pytest
from sqlalchemy import select

from pharmacy.domain.statuses import LotStatus
from pharmacy.inventory.models import Lot
from tests.inventory.shelf import receive


@pytest.fixture
def vial_id(session, vial):
    found = vial.id
    session.rollback()
    return found


def test_the_shelf_by_product_says_what_is_low(sign_in, vial_id):
    page = sign_in("tina").get("/stock").text

    assert "magnesium sulfate 50% (500 mg/mL), 10 mL single-dose vial" in page and "High-alert" in page
    # 25 of the small vials, to be ordered below 30; 12 bags of saline stand in quarantine.
    assert page.count("low</span>") == 1 and "<td>100</td>" in page and "<td>12</td>" in page
    assert "sodium chloride" not in sign_in("tina").get("/stock?search=magnesium").text
    assert "No product is called like that" in sign_in("tina").get("/stock?search=nothing").text


def test_the_shelf_by_lot_shows_numbers_and_says_late_in_words(sign_in, clock, vial_id):
    client = sign_in("tina")

    page = client.get("/stock/lots").text
    assert "SNC0821" in page and "expires soon, in 6 days" in page
    assert "150\xa0mL" in page and "High-alert" in page and "<div>15 at <a" in page
    assert "SNC0821" not in client.get("/stock/lots?search=magnesium&status=available").text
    assert "SNC0977" in client.get("/stock/lots?status=quarantined").text
    assert "No lot is like that" in client.get("/stock/lots?search=nothing").text
    clock.advance(days=8)
    assert "expired 1 day ago" in sign_in("tina").get("/stock/lots").text


def test_what_is_taken_next_says_why(sign_in, session, vial_id):
    product_id = session.get(Lot, vial_id).product_id
    bag_id = session.scalar(select(Lot.product_id).where(Lot.number == "SNC0977"))
    session.rollback()
    client = sign_in("arlo")

    page = client.get(f"/stock/products/{product_id}").text
    assert "expires first of what may be used" in page and "expires later than those before it" in page
    page = client.get(f"/stock/products/{bag_id}").text
    assert "not taken" in page and "quarantined" in page
    assert client.get("/stock/products/999").status_code == 404


def test_low_and_expiring(sign_in, vial_id):
    page = sign_in("tina").get("/stock/low").text

    assert "2 mL single-dose vial" in page and "<td>30</td><td>5</td>" in page
    assert "SNC0821" in page and "SMG4417" not in page


def test_a_lot_shows_its_movements_and_its_history(sign_in, vial_id):
    page = sign_in("arlo").get(f"/stock/lots/{vial_id}").text

    assert "15 containers" in page and "received" in page and "Tina Tallgrass" in page
    assert "+15" in page and "<strong>15</strong>" in page and "scanned" in page
    assert "Put this lot in quarantine" not in page and "What bags it is in" in page
    assert sign_in("tina").get("/stock/lots/999").status_code == 404


def test_quarantine_in_the_browser(sign_in, database, vial_id):
    address = f"/stock/lots/{vial_id}"
    tina, paula = sign_in("tina"), sign_in("paula")

    assert "until a pharmacist lifts" in tina.get(f"{address}/quarantine").text
    assert tina.post(f"{address}/quarantine", data={"reason": ""}).status_code == 422
    assert tina.post(f"{address}/quarantine", data={"reason": "leak"}).status_code == 303
    page = tina.get(address).text
    assert "Lift the quarantine" not in page and "belongs into quarantine" in page
    assert tina.get(f"{address}/lift").status_code == 403
    assert "Lift the quarantine" in paula.get(address).text
    assert paula.post(f"{address}/lift", data={"reason": "carton only"}).status_code == 303
    assert paula.post(f"{address}/lift", data={"reason": "again"}).status_code == 409
    with database.reading() as session:
        assert session.get(Lot, vial_id).status is LotStatus.AVAILABLE


def test_a_lot_leads_a_pharmacist_to_its_recall(sign_in, vial_id):
    address = f"/stock/lots/{vial_id}"

    link = f"/recalls/new?lot={vial_id}"
    assert link not in sign_in("tina").get(address).text
    paula = sign_in("paula")
    assert link in paula.get(address).text
    assert paula.get(link).status_code == 200


def test_a_wrong_expiry_is_corrected_in_the_browser(sign_in, database, session, people, vial):
    lot_id = receive(session, people, vial.product).id
    session.commit()
    address = f"/stock/lots/{lot_id}"
    paula = sign_in("paula")

    assert "The expiry was typed wrongly" in paula.get(address).text
    assert "The expiry was typed wrongly" not in sign_in("tina").get(address).text
    assert "received with 2027-03" in paula.get(f"{address}/expiry").text
    typed = {"expiry": "2027-04", "expiry_again": "2027-04", "reason": "misread"}
    for wrong, status in (("04-2027", 400), ("2027-05", 400), ("", 422)):
        answer = paula.post(f"{address}/expiry", data=typed | {"expiry_again": wrong})
        assert answer.status_code == status
    assert paula.post(f"{address}/expiry", data=typed).status_code == 303
    with database.reading() as reading:
        assert reading.get(Lot, lot_id).expiry == "2027-04"
