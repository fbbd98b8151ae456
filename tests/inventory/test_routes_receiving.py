"""Receiving in the browser: by scanner alone, with a look where one is needed, and by hand."""

import re

import pytest
from sqlalchemy import select

from pharmacy.audit.models import Refusal
from pharmacy.domain.interception import Cause
from pharmacy.formulary.models import Product, ProductCode
from pharmacy.inventory.models import Lot, ReceiptEntry, StockLocation
from pharmacy.inventory.queries import get_balances
from tests.conftest import START
from tests.therapy.worksheets import GS, code_of, gtin_of


class Bench:
    """A technician with a receipt open, and the codes that lie before them."""

    def __init__(self, client, receipt, codes, places):
        self.client, self.receipt, self.codes, self.places = client, receipt, codes, places

    def scan(self, code, *, place="High-alert cabinet, shelf 1", containers="1"):
        data = {"code": code, "location": self.places.get(place, ""), "containers": containers}
        return self.client.post(f"{self.receipt}/scan", data=data)


@pytest.fixture
def bench(session, vial, sign_in):
    bag = session.scalar(select(Lot).where(Lot.number == "SNC0934"))
    gtin = gtin_of(vial.product)
    codes = {"vial": code_of(vial), "bag": code_of(bag), "gtin": gtin, "new": f"01{gtin}1728080010NEW1"}
    places = {one.name: str(one.id) for one in session.scalars(select(StockLocation))}
    session.rollback()
    client = sign_in("tina")
    typed = {"supplier": "Wholesale & Sons", "document": "PS-1", "received_on": "2026-11-09"}
    answer = client.post("/stock/receipts/new", data=typed)
    assert answer.status_code == 303
    return Bench(client, answer.location, codes, places)


def lot_called(session, number):
    return session.scalar(select(Lot).where(Lot.number == number))


def entries(database):
    with database.reading() as session:
        found = session.scalars(select(ReceiptEntry).order_by(ReceiptEntry.id)).all()
        return [(one.lot.number, one.containers, one.serial, one.is_by_hand) for one in found][7:]


def test_a_receipt_is_opened_once(bench):
    typed = {"supplier": "Wholesale & Sons", "document": "PS-1", "received_on": "2026-11-09"}

    answer = bench.client.post("/stock/receipts/new", data=typed)
    assert answer.status_code == 400 and "is there already: go on with that one" in answer.text
    assert "Wholesale &amp; Sons" in answer.text
    answer = bench.client.post("/stock/receipts/new", data=typed | {"received_on": "2026-11-10"})
    assert answer.status_code == 400 and "Tue 10 Nov 2026 is still to come" in answer.text
    assert bench.client.post("/stock/receipts/new", data={}).status_code == 422
    assert "PS-1" in bench.client.get("/stock/receipts?search=whole").text
    assert "No receipt is like that" in bench.client.get("/stock/receipts?search=nobody").text


def test_by_scanner_alone_each_scan_counts_one_more(bench, database):
    place = bench.places["High-alert cabinet, shelf 1"]
    answer = bench.client.post(f"{bench.receipt}/scan", data={"code": f"LOC-{place}\r\n"})
    assert answer.status_code == 303 and answer.location.endswith(f"location={place}")
    page = bench.client.get(answer.location).text
    assert re.search(rf'<option selected value="{place}">', page)

    for serial in ("S1", "S2"):
        # DD = 00 in the expiry is the last day of its month.
        answer = bench.scan(bench.codes["new"] + GS + f"21{serial}")
        assert answer.status_code == 303 and answer.location.endswith(f"location={place}")
    page = bench.client.get(answer.location).text

    assert "Lot NEW1: 2 containers received at High-alert cabinet, shelf 1 so far." in page
    assert "Thu 31 Aug 2028" in page and "station-good" in page
    assert entries(database) == [("NEW1", 1, "S1", False), ("NEW1", 1, "S2", False)]


def test_a_package_is_never_counted_twice(bench, database):
    code = bench.codes["new"] + GS + "21S1"
    assert bench.scan(code).status_code == 303

    answer = bench.scan(code)

    assert answer.status_code == 409 and "The package with serial S1 was received already" in answer.text
    assert "It is not counted again" in answer.text and "station-stop" in answer.text
    assert len(entries(database)) == 1
    with database.reading() as session:
        (kept,) = session.scalars(select(Refusal)).all()
        assert (kept.kind, kept.cause) == ("scan", "scanned twice")


def test_a_number_may_be_typed_before_the_scan(bench, database):
    assert bench.scan(bench.codes["vial"], containers="24").status_code == 303

    assert entries(database) == [("SMG4417", 24, None, False)]
    assert bench.scan(bench.codes["vial"], containers="0").status_code == 422
    assert bench.scan(bench.codes["vial"], place="nowhere").status_code == 422


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("63323-064-99", "is of no product of this pharmacy"),
        ("hello", "not a product code"),
        ("W-000014", "one of our own serials"),
    ],
)
def test_what_is_no_package_of_ours_is_stopped(bench, database, code, sentence):
    answer = bench.scan(code)

    assert answer.status_code == 409 and sentence in answer.text and entries(database) == []
    # A scanner goes on typing where the field is: it is empty again.
    assert f'value="{code}"' not in answer.text
    assert "A new product?" not in answer.text


def test_a_pharmacist_is_shown_where_a_new_product_is_added(bench, sign_in):
    data = {"code": "63323-064-99", "containers": "1", "location": bench.places["Shelf B2"]}

    assert "A new product?" in sign_in("paula").post(f"{bench.receipt}/scan", data=data).text


def test_an_expired_package_stays_off_the_shelf(bench, database):
    answer = bench.scan(bench.codes["new"].replace("17280800", "17261000"))

    assert answer.status_code == 409 and "Lot NEW1 expired Sat 31 Oct 2026 23:59 EDT" in answer.text
    assert entries(database) == []


def test_a_short_dated_package_needs_a_tick(bench, database, session):
    code = code_of(lot_called(session, "SNC0821"))
    session.rollback()

    answer = bench.scan(code, place="Shelf B2")
    assert answer.status_code == 303 and "/package?" in answer.location and entries(database) == []
    page = bench.client.get(answer.location).text
    assert "is short-dated: it expires Sun 15 Nov 2026 23:59 EST, in less than 30 days." in page
    assert "It is short-dated, and I take it" in page and "This location is right" not in page
    data = {"code": code, "location": bench.places["Shelf B2"], "containers": "3"}
    refused = bench.client.post(f"{bench.receipt}/package", data=data)
    assert refused.status_code == 409 and "Tick that you take it" in refused.text
    assert (
        bench.client.post(f"{bench.receipt}/package", data=data | {"accept_short_dated": "y"}).status_code
        == 303
    )
    assert entries(database) == [("SNC0821", 3, None, False)]
    assert "Accepted: Lot SNC0821 is short-dated" in bench.client.get(bench.receipt).text


def test_a_location_that_does_not_fit_is_refused_or_warned(bench, database):
    answer = bench.scan(bench.codes["bag"], place="Refrigerator 1")
    page = bench.client.get(answer.location).text
    assert "is kept at: room temperature, 20 to 25 °C. This location is: refrigerator." in page
    data = {"code": bench.codes["bag"], "location": bench.places["Refrigerator 1"], "containers": "1",
            "accept_location": "y"}  # fmt: skip
    assert bench.client.post(f"{bench.receipt}/package", data=data).status_code == 409

    answer = bench.scan(bench.codes["vial"], place="Shelf B2")
    page = bench.client.get(answer.location).text
    assert "is a high-alert drug and belongs into a segregated high-alert location" in page
    data = {"code": bench.codes["vial"], "location": bench.places["Shelf B2"], "containers": "1"}
    assert bench.client.post(f"{bench.receipt}/package", data=data).status_code == 409
    assert entries(database) == []
    assert (
        bench.client.post(f"{bench.receipt}/package", data=data | {"accept_location": "y"}).status_code == 303
    )


def test_a_code_without_lot_and_expiry_is_finished_by_hand(bench, database):
    answer = bench.scan(bench.codes["gtin"], containers="2")
    assert answer.status_code == 303 and "/by-hand?" in answer.location
    page = bench.client.get(answer.location).text
    product = re.search(r'<option selected value="(\d+)">magnesium', page)[1]
    typed = {
        "code": bench.codes["gtin"], "product": product, "number": "HAND1", "number_again": "HAND1",
        "expiry": "2027-03", "expiry_again": "2027-03", "reason": "code holds no lot", "containers": "2",
        "location": bench.places["High-alert cabinet, shelf 1"],
    }  # fmt: skip

    def post(**changes):
        return bench.client.post(f"{bench.receipt}/by-hand", data=typed | changes)

    for changes, status, sentence in (
        ({"number_again": "HAND2"}, 400, "The lot number was typed in two ways"),
        ({"expiry_again": "2027-04"}, 400, "The expiry was typed in two ways"),
        ({"reason": " "}, 422, "Enter the reason."),
        ({"product": "999"}, 422, "Not a valid choice"),
        ({"code": bench.codes["bag"]}, 409, "The code is of sodium chloride"),
    ):
        answer = post(**changes)
        assert answer.status_code == status and sentence in answer.text, changes
        assert 'value="HAND1"' in answer.text
    assert entries(database) == []
    assert post().status_code == 303
    assert entries(database) == [("HAND1", 2, None, True)]
    page = bench.client.get(bench.receipt).text
    assert "2 by hand: code holds no lot" in page
    with database.reading() as session:
        lot = lot_called(session, "HAND1")
        assert get_balances(session, [lot.id])[lot.id].containers == 2


def test_the_code_of_a_carton_asks_how_many_are_in_it(bench, database):
    code = "0120331722394103" + "17280800" + "10NEW1"

    answer = bench.scan(code)

    assert "/package?" in answer.location and "containers=" not in answer.location
    assert "type how many vials or bags are in it" in bench.client.get(answer.location).text
    assert entries(database) == []


def test_who_may_receive(bench, sign_in):
    assert sign_in("nora").get(bench.receipt).status_code == 403
    page = sign_in("arlo").get(bench.receipt).text
    assert "Scan the next package" not in page
    assert bench.client.get("/stock/receipts/999").status_code == 404
    assert bench.client.get("/stock/receipts/999/by-hand").status_code == 404


def test_a_code_that_may_be_two_products_is_asked(bench, session, database):
    other = lot_called(session, "SNC0934").product_id
    session.add(ProductCode(product_id=other, system="ndc", value="03172239410", shown="3172-2394-10"))
    session.commit()
    place = bench.places["High-alert cabinet, shelf 1"]

    answer = bench.scan("3172239410", containers="2")
    assert answer.status_code == 303 and "/product?" in answer.location
    page = bench.client.get(answer.location).text
    shown = re.findall(r'<button class="[^"]* choice"[^>]*value="(\d)">(.*?)</button>', page, re.S)
    assert "magnesium sulfate" in shown[0][1] and "sodium chloride" in shown[1][1]
    there = {"code": "3172239410", "location": place, "containers": "2"}
    wrong = bench.client.post(f"{bench.receipt}/product", data=there | {"answer": "7"})
    assert wrong.status_code == 409 and "station-stop" in wrong.text and shown[0][1] in wrong.text
    assert bench.client.post(f"{bench.receipt}/product", data=there).status_code == 422
    another = bench.client.post(f"{bench.receipt}/product", data=there | {"answer": bench.codes["new"]})
    assert another.status_code == 303 and entries(database)[-1][:2] == ("NEW1", 2)
    answer = bench.client.post(f"{bench.receipt}/product", data=there | {"answer": "1"})
    assert answer.status_code == 303 and "/by-hand?" in answer.location
    page = bench.client.get(answer.location).text
    (vial,) = re.findall(r'<option selected value="(\d+)">magnesium', page)
    typed = {"number": "HAND1", "number_again": "HAND1", "expiry": "2028-08", "expiry_again": "2028-08"}
    whole = there | typed | {"product": vial, "reason": "no lot in the code"}
    assert bench.client.post(f"{bench.receipt}/by-hand", data=whole).status_code == 303
    assert entries(database)[-1] == ("HAND1", 2, None, True)
    with database.reading() as reading:
        third = reading.scalar(select(Product.id).where(Product.id.not_in([other, int(vial)])))
    refused = bench.client.post(f"{bench.receipt}/by-hand", data=whole | {"product": str(third)})
    assert refused.status_code == 409 and "This code may be" in refused.text


def test_a_lot_in_small_letters_is_received_only_where_the_code_confirms_them(bench, database):
    small = bench.codes["new"].replace("NEW1", "new1")

    stopped = bench.scan(small)
    assert stopped.status_code == 409 and "If Caps Lock is on, turn it off" in stopped.text
    with database.reading() as session:
        assert session.scalars(select(Refusal)).all()[-1].cause is Cause.KEYBOARD_LAYOUT
    assert bench.scan(f"]d2{small}").status_code == 303
    answer = bench.scan(f"]D2{small}")
    assert answer.status_code == 409
    assert "Lot new1 is here already; NEW1 differs only in capital and small letters." in answer.text
    assert [one[0] for one in entries(database)] == ["new1"]


def test_a_retired_product_is_no_longer_received(bench, database, session, vial):
    session.add(vial)
    vial.product.retired_at = START
    session.commit()

    answer = bench.scan(bench.codes["new"])

    assert answer.status_code == 409 and "is retired." in answer.text and entries(database) == []


def test_an_address_with_no_sound_number_of_containers_asks_for_it(bench):
    for count in ("9" * 5000, "\u0663", "\u00b2", "x", "-1", "", "123456"):
        there = {"code": bench.codes["new"], "location": "1", "containers": count}
        for page in ("package", "by-hand"):
            text = bench.client.get(f"{bench.receipt}/{page}", query_string=there).text
            assert re.search(r'<input[^>]* name="containers"[^>]* value=""', text), (page, count)


def test_what_goes_along_with_a_chosen_product_is_checked_before_it_is_booked(bench, database):
    place = bench.places["High-alert cabinet, shelf 1"]
    sent = {"code": "3172239410", "location": place, "containers": "2", "answer": bench.codes["new"]}
    limits = "Enter a whole number from 1 to 10,000."

    for changes, sentence in (
        ({"location": ""}, "Choose the location."),
        *(({"location": wrong}, "Not a valid choice") for wrong in ("9" * 25, "\u0663")),
        *(({"containers": wrong}, limits) for wrong in ("9" * 5000, "10001", "\u0663", "0", "-1")),
        ({"containers": ""}, "Enter how many came."),
    ):
        answer = bench.client.post(f"{bench.receipt}/product", data=sent | changes)
        assert answer.status_code == 422 and sentence in answer.text, changes
    assert entries(database) == []


def test_a_serial_in_other_letters_is_the_same_package(bench, database):
    code = bench.codes["new"] + GS + "21AB1"
    assert bench.scan(code).status_code == 303

    stopped = bench.scan(code.replace("AB1", "ab1"))
    assert stopped.status_code == 409 and "The serial came through as ab1, with small" in stopped.text
    again = bench.scan("]d2" + code.replace("AB1", "ab1"))
    assert again.status_code == 409 and "serial ab1 was received already" in again.text
    assert len(entries(database)) == 1
