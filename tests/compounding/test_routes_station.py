"""The station in the browser: bag after bag, by the people whose steps they are."""

import re

from sqlalchemy import select

from pharmacy.audit.models import Refusal
from pharmacy.compounding.models import Bag, VolumeCheck, Worksheet
from pharmacy.domain.interception import Cause
from pharmacy.domain.statuses import BagStatus, WorksheetStatus
from pharmacy.formulary.models import ProductKind
from pharmacy.sample.people import PASSWORD
from tests.statements import counted_statements
from tests.therapy.orders import order_in_force
from tests.therapy.station import send, set_up
from tests.therapy.worksheets import IN_HOOD_1, code_of, lots_of, open_worksheet


def opened(people, session, *, bags=2):
    """Open a worksheet and commit it; returns its address, its bags' ids and the codes of its lots."""
    worksheet = open_worksheet(session, people, order_in_force(session, people), bags=bags)
    codes = {
        kind: code_of(lots_of(worksheet, kind)[0]) for kind in (ProductKind.DILUENT, ProductKind.ADDITIVE)
    }
    found = (f"/worksheets/{worksheet.id}", [bag.id for bag in worksheet.bags], codes)
    session.commit()
    return found


def test_a_worksheet_from_check_to_finish(database, people, session, sign_in):
    address, bags, codes = opened(people, session)
    tina, theo, paula = sign_in("tina"), sign_in("theo"), sign_in("paula")

    assert "Nobody has checked this worksheet" in paula.get(address).text
    check = paula.get(f"{address}/check").text
    for number in ("4\xa0mL", "111\xa0mL", "18.018\xa0mg/mL", "10.5\xa0mL\xa0per\xa0hour", "SMG4417"):
        assert number in check
    assert paula.post(f"{address}/check", data={"password": "wrong"}).status_code == 403
    assert paula.post(f"{address}/check", data={"password": PASSWORD}).status_code == 303
    assert tina.post(f"{address}/start", data=IN_HOOD_1).status_code == 303
    set_up(tina, address)

    for place, bag in enumerate(bags, start=1):
        page = tina.get(f"{address}/station").text
        assert f"Bag {place} of 2" in page and "Scan the bag of diluent" in page
        here = f"{address}/bags/{bag}"
        assert send(tina, f"{here}/scan", {"code": codes[ProductKind.DILUENT]}).status_code == 303
        page = tina.get(f"{address}/station").text
        assert '<p class="station-draw">4\xa0mL</p>' in page
        assert ("Draw from the vial that is open" in page) is (place == 2)
        assert send(tina, f"{here}/scan", {"code": codes[ProductKind.ADDITIVE]}).status_code == 303
        assert "into a new 5\xa0mL syringe" in tina.get(f"{address}/station").text
        assert send(tina, f"{here}/first-volume", {"volume": "4"}).status_code == 303
        waiting = tina.get(f"{address}/station").text
        assert "A second person checks the syringe" in waiting and "4\xa0mL" not in waiting
        assert send(tina, f"{here}/complete").status_code == 409
        assert "Check the volume as the second person" in theo.get(address).text
        assert send(theo, f"{here}/second-volume", {"volume": "4"}).status_code == 303
        assert "Put it into the bag" in tina.get(f"{address}/station").text
        assert send(tina, f"{here}/complete").status_code == 303

    page = tina.get(f"{address}/station").text
    assert "All done" in page and "2\xa0mL of magnesium sulfate" in page
    assert send(tina, f"{address}/finish").status_code == 303
    page = tina.get(address).text
    assert "awaiting release" in page
    assert theo.get("/worksheets").status_code == 200
    assert sign_in("arlo").get(address).status_code == 200
    with database.reading() as reading:
        assert reading.scalar(select(Worksheet)).status is WorksheetStatus.AWAITING_RELEASE
        assert {bag.status for bag in reading.scalars(select(Bag))} == {BagStatus.MADE}


def in_work(people, session, sign_in, *, bags=2):
    """Bring a worksheet into preparation; returns its address, its first bag's, codes and Tina's browser."""
    address, ids, codes = opened(people, session, bags=bags)
    assert sign_in("paula").post(f"{address}/check", data={"password": PASSWORD}).status_code == 303
    tina = sign_in("tina")
    assert tina.post(f"{address}/start", data=IN_HOOD_1).status_code == 303
    set_up(tina, address)
    return address, f"{address}/bags/{ids[0]}", codes, tina


def test_a_wrong_scan_is_red_kept_and_changes_nothing(database, people, session, sign_in):
    _, here, codes, tina = in_work(people, session, sign_in)

    answer = send(tina, f"{here}/scan", {"code": codes[ProductKind.ADDITIVE]})

    assert answer.status_code == 409
    band = re.search(r'class="station-result station-stop" role="alert".*?</div>', answer.text, re.S)
    assert "Wrong product. You scanned magnesium sulfate 50%" in band.group()
    assert "<strong>Expected:</strong> Bag 1 needs sodium chloride 0.9%, 100 mL bag" in band.group()
    assert "<strong>What to do:</strong> Put it aside and tell a pharmacist." in band.group()
    assert 'data-sound="stop"' in band.group()
    assert re.search(r'<input[^>]*autofocus[^>]*name="code"[^>]*value=""', answer.text)
    assert send(tina, f"{here}/scan", {"code": ""}).status_code == 422
    assert "Scan the code of the container." in send(tina, f"{here}/scan", {}).text
    with database.reading() as reading:
        (kept,) = reading.scalars(select(Refusal)).all()
        assert (kept.kind, kept.person.username, kept.tried) == ("scan", "tina", f"POST {here}/scan")
        assert "Wrong product" in kept.sentence
        assert (kept.cause, kept.raw) == (Cause.WRONG_PRODUCT, codes[ProductKind.ADDITIVE])
        assert kept.read_product.startswith("magnesium sulfate 50%") and kept.read_lot == "SMG4417"
        assert kept.expected == "Bag 1 needs sodium chloride 0.9%, 100 mL bag."
        assert here == f"/worksheets/{kept.worksheet_id}/bags/{kept.bag_id}"
    page = sign_in("paula").get("/intercepted-errors").text
    assert "Wrong product. You scanned magnesium sulfate 50%" in page


def test_a_code_without_a_lot_asks_for_it_twice(people, session, sign_in):
    address, here, codes, tina = in_work(people, session, sign_in)
    gtin = codes[ProductKind.DILUENT][2:16]

    answer = send(tina, f"{here}/scan", {"code": gtin})
    assert answer.status_code == 303 and f"/lot?code={gtin}" in answer.headers["Location"]
    page = tina.get(answer.headers["Location"]).text
    assert "Its code holds no lot" in page and '<option value="SNC0821">' in page
    typed = {"code": gtin, "lot": "SNC0821", "number": "SNC0821", "again": "SNC0821"}
    for wrong in ({"again": "SNC082l"}, {"number": "SNC0822", "again": "SNC0822"}, {"lot": "SNC0934"}):
        refused = send(tina, f"{here}/lot", typed | wrong)
        assert refused.status_code == 422 and 'value="SNC08' in refused.text, wrong
        assert f'name="code" value="{gtin}"' in refused.text
    assert send(tina, f"{here}/lot", typed | {"code": "hello"}).status_code == 409
    assert send(tina, f"{here}/lot", typed).status_code == 303
    assert "(typed by hand)" in tina.get(address).text
    wrong = send(tina, f"{here}/scan", {"code": gtin})
    assert wrong.status_code == 409 and "Wrong product" in wrong.text


def test_the_second_person_never_sees_the_first_figure(database, people, session, sign_in):
    address, here, codes, tina = in_work(people, session, sign_in)
    for kind in (ProductKind.DILUENT, ProductKind.ADDITIVE):
        send(tina, f"{here}/scan", {"code": codes[kind]})
    assert send(tina, f"{here}/first-volume", {"volume": "a lot"}).status_code == 422
    assert send(tina, f"{here}/first-volume", {"volume": "4.37"}).status_code == 303
    theo = sign_in("theo")

    second = theo.get(f"{address}/second-volume").text
    assert "magnesium sulfate 2\xa0g" in second and "50% (500 mg/mL)" in second
    # Neither the first figure, nor the figure that the worksheet computed: it is worked out from the order.
    assert "4.37" not in second and "4\xa0mL" not in second
    for page in (f"{address}/station", address, "/worksheets"):
        assert "4.37" not in theo.get(page).text, page
    assert "waits for a second person" in theo.get(address).text
    refused = send(theo, f"{here}/second-volume", {"volume": "much"})
    assert refused.status_code == 422 and "4.37" not in refused.text and 'value="much"' in refused.text
    own = tina.get(f"{address}/second-volume").text
    assert "You drew this volume" in own and 'name="volume"' not in own
    assert send(tina, f"{here}/second-volume", {"volume": "4.37"}).status_code == 409

    assert send(theo, f"{here}/second-volume", {"volume": "4"}).status_code == 303

    page = theo.get(f"{address}/station").text
    assert "station-stop" in page and "discard this syringe and draw again with a new one" in page
    assert send(tina, f"{here}/complete").status_code == 409
    shown = tina.get(address).text
    assert "4.37\xa0mL by Tina Tallgrass, 4\xa0mL by Theo Thimble" in shown and "syringe discarded" in shown
    assert "the two volumes are not both" in sign_in("paula").get("/intercepted-errors").text.lower()
    with database.reading() as reading:
        assert [one.agrees for one in reading.scalars(select(VolumeCheck))] == [False]
        assert {one.kind for one in reading.scalars(select(Refusal))} == {"rule", "volume"}


def test_undo_and_giving_up_ask_why(people, session, sign_in):
    address, here, codes, tina = in_work(people, session, sign_in)
    send(tina, f"{here}/scan", {"code": codes[ProductKind.DILUENT]})

    assert "lot SNC0821" in tina.get(f"{here}/undo").text
    assert send(tina, f"{here}/undo", {"where": "", "reason": "x"}).status_code == 422
    assert send(tina, f"{here}/undo", {"where": "shelf", "reason": "wrong one"}).status_code == 303
    assert "Scan the bag of diluent" in tina.get(f"{address}/station").text
    assert send(tina, f"{here}/undo", {"where": "shelf", "reason": "again"}).status_code == 409
    assert "Give up bag 1 of 2" in tina.get(f"{here}/discard").text
    assert send(tina, f"{here}/discard", {"reason": ""}).status_code == 422
    assert send(tina, f"{here}/discard", {"reason": "dropped"}).status_code == 303
    assert "Bag 2 of 2" in tina.get(f"{address}/station").text
    late = send(tina, f"{here}/scan", {"code": codes[ProductKind.DILUENT]})
    assert late.status_code == 409 and "out of turn" in late.text
    assert send(tina, f"{address}/finish").status_code == 409
    assert tina.get(f"{address}/bags/999/undo").status_code == 404


def test_the_station_costs_the_same_on_every_bag(database, people, session, sign_in):
    address, _, codes, tina = in_work(people, session, sign_in, bags=4)
    with database.reading() as reading:
        bags = [bag.id for bag in reading.scalars(select(Bag).order_by(Bag.position))]
    theo, counts = sign_in("theo"), []
    for bag in bags:
        here = f"{address}/bags/{bag}"
        send(tina, f"{here}/scan", {"code": codes[ProductKind.DILUENT]})
        with counted_statements(app_database(tina)) as seen:
            tina.get(f"{address}/station")
        counts.append(len(seen))
        send(tina, f"{here}/scan", {"code": codes[ProductKind.ADDITIVE]})
        send(tina, f"{here}/first-volume", {"volume": "4"})
        send(theo, f"{here}/second-volume", {"volume": "4"})
        send(tina, f"{here}/complete")

    assert len(set(counts)) == 1, counts
    assert counts[0] <= 30


def app_database(client):
    """Return the database of the application that a browser talks to."""
    return client.application.extensions["database"]
