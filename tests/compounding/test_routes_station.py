"""The station in the browser: bag after bag, by the people whose steps they are."""


from sqlalchemy import select

from pharmacy.compounding.models import Bag, Worksheet
from pharmacy.domain.statuses import BagStatus, WorksheetStatus
from pharmacy.formulary.models import ProductKind
from pharmacy.sample.people import PASSWORD
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import code_of, lots_of, open_worksheet


def opened(database, people, session, *, bags=2):
    """Open a worksheet and commit it; returns its address, its bags' ids and the codes of its lots."""
    worksheet = open_worksheet(session, people, order_in_force(session, people), bags=bags)
    codes = {kind: code_of(lots_of(worksheet, kind)[0]) for kind in (ProductKind.DILUENT, ProductKind.ADDITIVE)}
    found = (f"/worksheets/{worksheet.id}", [bag.id for bag in worksheet.bags], codes)
    session.commit()
    return found


def test_a_worksheet_from_check_to_finish(database, people, session, sign_in):
    address, bags, codes = opened(database, people, session)
    tina, theo, paula = sign_in("tina"), sign_in("theo"), sign_in("paula")

    assert "Nobody has checked this worksheet" in paula.get(address).text
    check = paula.get(f"{address}/check").text
    for number in ("4\xa0mL", "111\xa0mL", "18.018\xa0mg/mL", "10.5\xa0mL\xa0per\xa0hour", "SMG4417"):
        assert number in check
    assert paula.post(f"{address}/check", data={"password": "wrong"}).status_code == 403
    assert paula.post(f"{address}/check", data={"password": PASSWORD}).status_code == 303
    assert tina.post(f"{address}/start").status_code == 303

    for place, bag in enumerate(bags, start=1):
        page = tina.get(f"{address}/station").text
        assert f"Bag {place} of 2" in page and "Scan the bag of diluent" in page
        here = f"{address}/bags/{bag}"
        assert tina.post(f"{here}/scan", data={"code": codes[ProductKind.DILUENT]}).status_code == 303
        page = tina.get(f"{address}/station").text
        assert '<p class="station-draw">4\xa0mL</p>' in page
        assert ("Draw from the vial that is open" in page) is (place == 2)
        assert tina.post(f"{here}/scan", data={"code": codes[ProductKind.ADDITIVE]}).status_code == 303
        assert "into a new 5\xa0mL syringe" in tina.get(f"{address}/station").text
        assert tina.post(f"{here}/first-volume", data={"volume": "4"}).status_code == 303
        waiting = tina.get(f"{address}/station").text
        assert '<p class="station-draw">Wait</p>' in waiting and "4\xa0mL" not in waiting
        assert tina.post(f"{here}/complete").status_code == 409
        assert "Check the volume as the second person" in theo.get(address).text
        assert theo.post(f"{here}/second-volume", data={"volume": "4"}).status_code == 303
        assert "Put it into the bag" in tina.get(f"{address}/station").text
        assert tina.post(f"{here}/complete").status_code == 303

    page = tina.get(f"{address}/station").text
    assert "All done" in page and "2\xa0mL of magnesium sulfate" in page
    assert tina.post(f"{address}/finish").status_code == 303
    page = tina.get(address).text
    assert "awaiting release" in page
    assert theo.get("/worksheets").status_code == 200
    assert sign_in("arlo").get(address).status_code == 200
    with database.reading() as reading:
        assert reading.scalar(select(Worksheet)).status is WorksheetStatus.AWAITING_RELEASE
        assert {bag.status for bag in reading.scalars(select(Bag))} == {BagStatus.MADE}
