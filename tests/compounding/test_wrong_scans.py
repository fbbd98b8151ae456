"""Every wrong scan of the station, at its page: red with why, one row that says so, nothing else changed."""

import re

import pytest
from sqlalchemy import select

from pharmacy.audit.actions import move
from pharmacy.audit.models import Refusal
from pharmacy.compounding.models import Scan
from pharmacy.domain.barcodes import SerialPrefix, make_serial
from pharmacy.domain.interception import Cause, what_was_prevented
from pharmacy.domain.preparation_steps import Step
from pharmacy.domain.statuses import LOT_MOVES, LotStatus
from pharmacy.formulary.models import ProductCode
from pharmacy.inventory.actions import open_container, quarantine_lot
from pharmacy.inventory.models import Lot
from pharmacy.inventory.queries import get_balances
from pharmacy.sample.facility import CLEANROOM_HOOD
from tests.compounding.fingerprint import fingerprint, last_entry
from tests.conftest import START
from tests.therapy.orders import order_in_force
from tests.therapy.station import send
from tests.therapy.worksheets import (
    code_of,
    go_to,
    gtin_of,
    hood_called,
    make_bag,
    read_room,
    started_worksheet,
)


class Bench:
    """A worksheet of two bags whose first needs its diluent, and the people and lots around it."""

    def __init__(self, session, people, clock):
        self.session, self.people, self.clock = session, people, clock
        self.worksheet = started_worksheet(session, people, order_in_force(session, people))
        self.bag = self.worksheet.bags[0]
        go_to(session, people, self.bag, Step.SCAN_DILUENT)

    def lot(self, number):
        return self.session.scalar(select(Lot).where(Lot.number == number))

    def code(self, number="SNC0821"):
        return code_of(self.lot(number))

    def to_vial(self):
        go_to(self.session, self.people, self.bag, Step.SCAN_ADDITIVE)

    def open(self, lot, worksheet):
        """Open a container of a lot for a worksheet."""
        open_container(self.session, lot, worksheet_id=worksheet.id, bag_id=worksheet.bags[0].id,
                       by=self.people("tina"), at=START)  # fmt: skip

    def empty(self, lot):
        """Let another worksheet open the last containers of a lot."""
        other = started_worksheet(self.session, self.people, self.worksheet.order_version)
        while get_balances(self.session, [lot.id])[lot.id].containers:
            self.open(lot, other)


def wrong_product(bench):
    return bench.code("SMG4417")


def wrong_strength(bench):
    bench.to_vial()
    return bench.code("SMP3301")


def wrong_container(bench):
    bench.to_vial()
    return bench.code("SMH2090")


def not_our_product(bench):
    return "63323-064-99"


def unknown_lot(bench):
    return bench.code().replace("SNC0821", "SNC9999")


def small_letters(bench):
    return bench.code().replace("SNC0821", "snc0821")


def lot_not_on_worksheet(bench):
    return bench.code("SNC0934")


def expiry_mismatch(bench):
    return bench.code().replace("17261115", "17261116")


def expired(bench):
    expires = bench.lot("SNC0821").expires_at
    read_room(bench.session, bench.people, hood_called(bench.session, CLEANROOM_HOOD), at=expires)
    bench.clock.advance(seconds=int((expires - START).total_seconds()))
    return bench.code()


def quarantined(bench):
    quarantine_lot(bench.session, bench.lot("SNC0821"), reason="x", by=bench.people("tina"), at=START)
    return bench.code()


def recalled(bench):
    move(bench.session, bench.lot("SNC0821"), LOT_MOVES, LotStatus.RECALLED, what="a lot",
         by=bench.people("petra"), at=START)  # fmt: skip
    return bench.code()


def none_left(bench):
    bench.empty(bench.lot("SNC0821"))
    return bench.code()


def clock_passed(bench):
    bench.open(bench.lot("SNC0821"), bench.worksheet)
    bench.clock.advance(hours=13)
    return bench.code()


def check_digit(bench):
    return gtin_of(bench.lot("SNC0821").product)[:-1] + "0"


def no_code(bench):
    return "hello"


def layout(bench):
    return bench.code().translate(str.maketrans("1234567890", "&é\"'(-è_çà"))


def text_separator(bench):
    return bench.code() + "{GS}21S1"


def own_serial(bench):
    return bench.bag.serial


def mistyped_serial(bench):
    return make_serial(SerialPrefix.BAG, 5)[:-1] + "0"


def out_of_turn(bench):
    go_to(bench.session, bench.people, bench.bag, Step.FIRST_VOLUME)
    return bench.code("SMG4417")


WRONG = [
    (wrong_product, Cause.WRONG_PRODUCT, "Wrong product. You scanned magnesium sulfate 50%"),
    (wrong_strength, Cause.WRONG_STRENGTH, "Wrong strength. You scanned magnesium sulfate 4%"),
    (wrong_container, Cause.WRONG_CONTAINER, "Wrong container. You scanned magnesium sulfate 50%"),
    (not_our_product, Cause.NOT_OUR_PRODUCT, "is of no product of this pharmacy"),
    (unknown_lot, Cause.UNKNOWN_LOT, "Lot SNC9999 of sodium chloride"),
    (small_letters, Cause.KEYBOARD_LAYOUT, "but lot SNC0821 was"),
    (lot_not_on_worksheet, Cause.LOT_NOT_ON_WORKSHEET, "is not on this worksheet"),
    (expiry_mismatch, Cause.EXPIRY_MISMATCH, "The code says that lot SNC0821 expires Mon 16 Nov 2026"),
    (expired, Cause.EXPIRED_LOT, "expired Sun 15 Nov 2026"),
    (quarantined, Cause.QUARANTINED_LOT, "is in quarantine"),
    (recalled, Cause.RECALLED_LOT, "is recalled"),
    (none_left, Cause.NONE_LEFT, "somebody took the last one"),
    (clock_passed, Cause.CLOCK_PASSED, "Discard it under Open containers, then scan a new one"),
    (check_digit, Cause.UNREADABLE, "The check digit"),
    (no_code, Cause.UNREADABLE, "This is not a product code"),
    (mistyped_serial, Cause.UNREADABLE, "is mistyped or misread"),
    (layout, Cause.KEYBOARD_LAYOUT, "as on a French keyboard"),
    (text_separator, Cause.KEYBOARD_LAYOUT, "came through as the text {GS}"),
    (own_serial, Cause.OWN_SERIAL, "This is our own serial"),
    (out_of_turn, Cause.OUT_OF_TURN, "Nothing is scanned now"),
]


@pytest.mark.parametrize(("prepare", "cause", "why"), WRONG, ids=[one[0].__name__ for one in WRONG])
def test_a_wrong_scan_changes_nothing_but_its_row(
    database, session, people, sign_in, clock, prepare, cause, why
):
    bench = Bench(session, people, clock)
    raw = prepare(bench)
    worksheet_id, bag_id = bench.worksheet.id, bench.bag.id
    session.commit()
    tina = sign_in("tina")
    with database.reading() as reading:
        before = fingerprint(reading)

    answer = send(tina, f"/worksheets/{worksheet_id}/bags/{bag_id}/scan", {"code": raw})

    assert answer.status_code == 409
    band = re.search(r'station-stop" role="alert" data-sound="stop">(.*?)</div>', answer.text, re.S).group(1)
    assert why in band and ("What to do:" in band or "Discard it" in band)
    with database.reading() as reading:
        assert fingerprint(reading) == before
        (kept,) = reading.scalars(select(Refusal)).all()
        assert (kept.kind, kept.cause, kept.raw, kept.person.username) == ("scan", cause, raw, "tina")
        assert (kept.worksheet_id, kept.bag_id) == (worksheet_id, bag_id)
    page = sign_in("paula").get("/intercepted-errors").text
    assert what_was_prevented(cause) in page and "Tina Tallgrass" in page


def test_a_wrong_label_is_kept_with_its_worksheet(database, session, people, sign_in, clock):
    bench = Bench(session, people, clock)
    make_bag(session, people, bench.bag)
    other = started_worksheet(session, people, bench.worksheet.order_version)
    address, mine, theirs = f"/worksheets/{bench.worksheet.id}", bench.bag.serial, other.bags[0].serial
    document = make_serial(SerialPrefix.DOCUMENT, 7)
    session.commit()
    tina = sign_in("tina")
    assert tina.post(f"{address}/labels").status_code == 303

    for code, cause, why in (
        (document, Cause.NOT_A_LABEL, "is not a bag"),
        (bench_vial(database), Cause.NOT_A_LABEL, "This is not a bag"),
        (theirs, Cause.WRONG_WORKSHEET, "is not a bag of worksheet"),
        (mine, None, ""),
        (mine, Cause.SCANNED_TWICE, "was scanned on the bag already"),
    ):
        answer = tina.post(f"{address}/labels/applied", data={"label-code": code})
        if cause is None:
            assert answer.status_code == 303
            assert 'data-sound="good"' in tina.get(answer.headers["Location"]).text
            continue
        assert answer.status_code == 409 and "station-stop" in answer.text and why in answer.text
        with database.reading() as reading:
            kept = reading.scalar(select(Refusal).order_by(Refusal.id.desc()).limit(1))
            assert (kept.cause, kept.raw, f"/worksheets/{kept.worksheet_id}") == (cause, code, address)


def bench_vial(database):
    with database.reading() as reading:
        return code_of(reading.scalar(select(Lot).where(Lot.number == "SMG4417")))


def ambiguous(session, code="0264180032"):
    """Let ten digits without dashes be the diluent, or the vial."""
    vial = session.scalar(select(Lot.product_id).where(Lot.number == "SMG4417"))
    session.add(ProductCode(product_id=vial, system="ndc", value="02641080032", shown="02641-0800-32"))
    return code


@pytest.fixture
def asked(session, people, sign_in, clock):
    """Scan a code that may be two products: Tina, the bag's address, the code, a whole code, the page."""
    bench = Bench(session, people, clock)
    code, here = ambiguous(session), f"/worksheets/{bench.worksheet.id}/bags/{bench.bag.id}"
    whole = bench.code()
    session.commit()
    tina = sign_in("tina")
    answer = send(tina, f"{here}/scan", {"code": code})
    assert answer.status_code == 303 and f"/product?code={code}" in answer.headers["Location"]
    return tina, here, code, whole, tina.get(answer.headers["Location"]).text


def test_a_code_that_may_be_two_products_is_asked_and_the_answer_kept(database, asked, sign_in):
    tina, here, code, _, page = asked
    shown = re.findall(
        r'<button class="btn btn-outline-dark choice"[^>]*value="(\d)">(.*?)</button>', page, re.S
    )
    assert [number for number, _ in shown] == ["1", "2"]
    assert "magnesium sulfate" in shown[0][1] and "50%" in shown[0][1] and "NDC 02641-0800-32" in shown[0][1]
    assert "sodium chloride" in shown[1][1] and "100 mL bag" in shown[1][1]
    assert re.search(r'<input[^>]*autofocus[^>]*name="answer"', page)
    with database.reading() as reading:
        assert reading.scalars(select(Refusal)).all() == []

    answer = send(tina, f"{here}/product", {"code": code, "answer": "2"})
    assert answer.status_code == 303 and "/lot?code=" in answer.headers["Location"]
    lot = tina.get(answer.headers["Location"]).text
    product = re.search(r'name="product" value="(\d+)"', lot).group(1)
    typed = {"code": code, "product": product, "lot": "SNC0821", "number": "SNC0821", "again": "SNC0821"}
    assert send(tina, f"{here}/lot", typed).status_code == 303

    with database.reading() as reading:
        scan = reading.scalar(select(Scan).order_by(Scan.id.desc()).limit(1))
        assert (scan.product_by_hand, scan.lot_by_hand, scan.person.username) == (True, True, "tina")
        entry = last_entry(reading)
        assert (entry.action, entry.person_name) == ("scanned a container", "Tina Tallgrass")
        assert "magnesium sulfate" in entry.details and "sodium chloride" in entry.details
    assert "(product chosen by hand)" in sign_in("paula").get(here.partition("/bags")[0]).text


def test_the_wrong_choice_is_a_wrong_product_and_another_scan_takes_its_place(database, asked):
    tina, here, code, whole, _ = asked

    wrong = send(tina, f"{here}/product", {"code": code, "answer": "1"})
    assert wrong.status_code == 409 and "Wrong product. You scanned magnesium sulfate" in wrong.text
    for answer, why in (("3", "This is not a product code"), ("12345678", "This is not a product code")):
        none = send(tina, f"{here}/product", {"code": code, "answer": answer})
        assert none.status_code == 409 and why in none.text, answer
    assert send(tina, f"{here}/product", {"code": code, "answer": ""}).status_code == 422
    forged = {"code": code, "product": "999", "lot": "SNC0821", "number": "SNC0821", "again": "SNC0821"}
    assert send(tina, f"{here}/lot", forged).status_code == 400
    unsaid = {name: value for name, value in forged.items() if name != "product"}
    assert "This code may be" in send(tina, f"{here}/lot", unsaid).text
    assert send(tina, f"{here}/product", {"code": code, "answer": whole}).status_code == 303
    with database.reading() as reading:
        scan = reading.scalar(select(Scan).order_by(Scan.id.desc()).limit(1))
        assert (scan.product_by_hand, scan.lot.number) == (False, "SNC0821")
        causes = [one.cause for one in reading.scalars(select(Refusal).order_by(Refusal.id))]
    assert causes == [Cause.WRONG_PRODUCT, Cause.UNREADABLE, Cause.UNREADABLE, None, Cause.AMBIGUOUS]


def test_a_code_that_can_only_be_wrong_products_is_not_asked(session, people, sign_in, clock):
    bench = Bench(session, people, clock)
    bench.to_vial()
    for number, ndc in (("SNC0821", "06332306499"), ("SMP3301", "63323006499")):
        code = ProductCode(product_id=bench.lot(number).product_id, system="ndc", value=ndc, shown=ndc)
        session.add(code)
    here = f"/worksheets/{bench.worksheet.id}/bags/{bench.bag.id}"
    session.commit()

    answer = send(sign_in("tina"), f"{here}/scan", {"code": "6332306499"})

    assert answer.status_code == 409 and re.search("You scanned .* or .*", answer.text)
