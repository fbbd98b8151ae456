"""Labels, inspection, release, quarantine and papers in the browser, by the people whose steps they are."""

import re

import pypdfium2
import zxingcpp
from sqlalchemy import select

from pharmacy.audit.models import ChartRead, Refusal
from pharmacy.compounding.models import Bag, BagLabelCopy, Worksheet
from pharmacy.domain.statuses import BagStatus, WorksheetStatus
from pharmacy.printing.models import PrintedPaper
from pharmacy.sample.people import PASSWORD
from tests.therapy.bags import labelled_bags, released_bags
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import checked_worksheet, made_bags

NUMBERS = ("111\xa0mL", "18.018\xa0mg/mL", "16.24\xa0mEq", "10.5\xa0mL\xa0per\xa0hour")
TICKS = ("no_particles", "colour_right", "closure_intact", "label_matches")


def committed(session, worksheet):
    """Commit, and return the address of a worksheet with the ids and serials of its bags."""
    found = f"/worksheets/{worksheet.id}", [(bag.id, bag.serial) for bag in worksheet.bags]
    session.commit()
    return found


def inspection(bag_id, outcome="pass", *, ticks=TICKS, reason=""):
    ticked = {f"bag{bag_id}-{name}": "y" for name in ticks}
    return ticked | {f"bag{bag_id}-outcome": outcome, f"bag{bag_id}-reason": reason}


def seen_on(page):
    return re.search(r'name="seen"[^>]*value="([0-9a-f]{64})"', page).group(1)


def codes_of(pdf):
    pages = [page.render(scale=203 / 72).to_pil().convert("L") for page in pypdfium2.PdfDocument(pdf)]
    return [[code.text for code in zxingcpp.read_barcodes(page)] for page in pages]


def test_labels_are_printed_scanned_and_printed_again(database, session, people, sign_in):
    worksheet = made_bags(session, people, order_in_force(session, people))[0].worksheet
    address, bags = committed(session, worksheet)
    tina = sign_in("tina")

    page = tina.get(f"{address}/labels").text
    assert all(number in page for number in NUMBERS) and "Print 2 labels" in page
    assert tina.post(f"{address}/labels/applied", data={"label-code": bags[0][1]}).status_code == 409
    assert tina.post(f"{address}/labels", data={"reason": ""}).status_code == 303
    page = tina.get(f"{address}/labels").text
    serial = re.search(r"/papers/(D-[0-9A-Z]+)\.pdf", page).group(1)
    pdf = tina.get(f"/papers/{serial}.pdf")
    assert pdf.mimetype == "application/pdf"
    assert codes_of(pdf.data) == [[serial] for _, serial in bags]

    refused = tina.post(f"{address}/labels", data={"reason": " "})
    assert refused.status_code == 400 and "Give the reason for another copy" in refused.text
    for _, bag_serial in bags:
        assert tina.post(f"{address}/labels/applied", data={"label-code": bag_serial}).status_code == 303
    twice = tina.post(f"{address}/labels/applied", data={"label-code": bags[0][1]})
    assert twice.status_code == 409 and "scanned on the bag already" in twice.text

    again = f"{address}/bags/{bags[1][0]}/label"
    assert tina.get(again).status_code == 200
    assert "Enter the reason" in tina.post(again, data={"reason": ""}).text
    assert tina.post(again, data={"reason": "label torn"}).status_code == 303
    page = tina.get(f"{address}/labels").text
    assert "not on its bag yet" in page and "printed again: label torn" in page
    with database.reading() as reading:
        copies = reading.scalars(select(BagLabelCopy).order_by(BagLabelCopy.id)).all()
        assert [(one.copy_number, one.destroyed_at is None) for one in copies] == [
            (1, True), (1, False), (2, True),
        ]  # fmt: skip
        kinds = [one.kind for one in reading.scalars(select(Refusal))]
        assert kinds.count("scan") == 2
        assert reading.scalar(select(ChartRead).where(ChartRead.page.contains("labels"))) is not None


def test_a_label_that_is_on_no_bag_is_recorded_as_destroyed(database, session, people, sign_in):
    worksheet = labelled_bags(session, people, order_in_force(session, people))
    address, bags = committed(session, worksheet)
    tina = sign_in("tina")
    gone = f"{address}/bags/{bags[0][0]}/label/destroyed"

    on_the_bag = tina.post(gone, data={"reason": "spoiled"})
    assert on_the_bag.status_code == 409 and "is on the bag" in on_the_bag.text
    tina.post(f"{address}/bags/{bags[0][0]}/label", data={"reason": "torn"})
    assert tina.get(gone).status_code == 200
    assert tina.post(gone, data={"reason": "jammed in the printer"}).status_code == 303
    assert "the last copy was destroyed" in tina.get(f"{address}/labels").text


def test_bags_are_inspected_and_released_by_a_pharmacist(database, session, people, sign_in, clock):
    worksheet = labelled_bags(session, people, order_in_force(session, people), bags=3)
    address, bags = committed(session, worksheet)
    clock.advance(hours=1)
    peter = sign_in("peter")

    page = peter.get(f"{address}/release").text
    assert all(number in page for number in NUMBERS) and "Bag 1 (" in page and "is not inspected" in page
    assert "SMG4417" in page and "Clear, colourless" in page and "Theo Thimble" in page
    assert 'name="password"' not in page

    inspect = f"{address}/bags/{bags[0][0]}/inspect"
    refused = peter.post(inspect, data=inspection(bags[0][0], ticks=TICKS[1:], reason="Looks <fine>"))
    assert refused.status_code == 400 and "not confirmed: the particles" in refused.text
    assert "Looks &lt;fine&gt;" in refused.text
    assert f'id="bag{bags[0][0]}-colour_right" name="bag{bags[0][0]}-colour_right" type="checkbox" ' in (
        refused.text.replace("checked ", "").replace('class="form-check-input" ', "")
    )
    assert peter.post(inspect, data=inspection(bags[0][0], outcome="")).status_code == 422
    assert peter.post(inspect, data=inspection(bags[0][0])).status_code == 303
    for (bag_id, _), outcome in zip(bags[1:], ("reject", "quarantine"), strict=True):
        sent = inspection(bag_id, outcome, ticks=(), reason="a fibre near the port")
        assert peter.post(f"{address}/bags/{bag_id}/inspect", data=sent).status_code == 303

    page = peter.get(f"{address}/release").text
    assert "Sign: release 1 bag, reject 1, quarantine 1" in page
    stale = peter.post(f"{address}/release", data={"password": PASSWORD, "seen": "0" * 64})
    assert stale.status_code == 409 and "Read it again" in stale.text
    wrong = peter.post(f"{address}/release", data={"password": "wrong", "seen": seen_on(page)})
    assert wrong.status_code == 403 and "nothing was signed" in wrong.text
    answer = peter.post(f"{address}/release", data={"password": PASSWORD, "seen": seen_on(page)})
    assert answer.headers["Location"] == f"{address}/record"
    assert "1 bag in quarantine keeps this worksheet open" in peter.get(address).text

    settle = f"{address}/bags/{bags[2][0]}/quarantine"
    assert "Inspect again and decide" in peter.get(settle).text
    decision = dict.fromkeys(TICKS, "y") | {"outcome": "pass", "reason": "fibre on the outside, wiped off"}
    assert peter.post(settle, data=decision | {"reason": "", "password": PASSWORD}).status_code == 422
    assert peter.post(settle, data=decision | {"password": PASSWORD}).status_code == 303
    with database.reading() as reading:
        kept = reading.scalar(select(Worksheet).where(Worksheet.id == worksheet.id))
        assert kept.status is WorksheetStatus.CLOSED and kept.release.printed_name == "Peter Pomfret"
        statuses = [bag.status for bag in reading.scalars(select(Bag).order_by(Bag.id))]
        assert statuses == [BagStatus.RELEASED, BagStatus.REJECTED, BagStatus.RELEASED]


def test_a_technician_may_not_inspect_or_release(session, people, sign_in):
    worksheet = labelled_bags(session, people, order_in_force(session, people))
    address, bags = committed(session, worksheet)
    tina = sign_in("tina")

    assert tina.get(f"{address}/release").status_code == 403
    inspect = f"{address}/bags/{bags[0][0]}/inspect"
    assert tina.post(inspect, data=inspection(bags[0][0])).status_code == 403
    answer = tina.post(f"{address}/release", data={"password": PASSWORD})
    assert (
        answer.status_code == 403 and "A pharmacy technician may not inspect and release bags" in answer.text
    )
    assert "Label the bags" in tina.get(address).text


def test_papers_are_printed_and_kept(database, session, people, sign_in):
    version = order_in_force(session, people)
    for_the_hood, _ = committed(session, checked_worksheet(session, people, version, bags=1))
    address, _ = committed(session, released_bags(session, people, version))
    tina = sign_in("tina")

    assert tina.post(f"{for_the_hood}/record", data={}).status_code == 409
    assert tina.post(f"{for_the_hood}/paper", data={}).status_code == 303
    assert tina.post(f"{address}/paper", data={}).status_code == 409
    assert tina.post(f"{address}/record", data={"reason": ""}).status_code == 303
    assert tina.post(f"{address}/record", data={"reason": ""}).status_code == 400
    assert tina.post(f"{address}/record", data={"reason": "for the inspector"}).status_code == 303
    page = sign_in("arlo").get(f"{address}/record").text
    assert "for the inspector" in page and "Print the compounding record" not in page
    with database.reading() as reading:
        papers = reading.scalars(select(PrintedPaper).where(PrintedPaper.kind != "bag labels")).all()
        assert [(one.kind, one.copy_number) for one in papers] == [
            ("worksheet", 1), ("compounding record", 1), ("compounding record", 2),
        ]  # fmt: skip
        assert all(one.content.startswith(b"%PDF") for one in papers)


def test_a_released_bag_is_put_aside(database, session, people, sign_in):
    address, bags = committed(session, released_bags(session, people, order_in_force(session, people)))
    aside = f"{address}/bags/{bags[0][0]}/aside"
    tina, peter = sign_in("tina"), sign_in("peter")

    assert "Put bag 1 aside" in tina.get(address).text and tina.get(aside).status_code == 200
    assert tina.post(aside, data={"what": "", "reason": "x"}).status_code == 422
    assert tina.post(aside, data={"what": "destroyed", "reason": "x"}).status_code == 403
    assert tina.post(aside, data={"what": "quarantined", "reason": "warm"}).status_code == 303
    assert "Decide on bag 1" in peter.get(address).text
    assert peter.post(aside, data={"what": "destroyed", "reason": "warm"}).status_code == 409
    other = f"{address}/bags/{bags[1][0]}/aside"
    assert peter.post(other, data={"what": "destroyed", "reason": "one too many"}).status_code == 303
    with database.reading() as reading:
        statuses = [bag.status for bag in reading.scalars(select(Bag).order_by(Bag.id))]
        assert statuses == [BagStatus.QUARANTINED, BagStatus.DESTROYED]


def test_another_sites_worksheet_and_bag_are_not_found(session, people, sign_in):
    address, _ = committed(session, labelled_bags(session, people, order_in_force(session, people)))
    peter = sign_in("peter")

    assert peter.get("/worksheets/999999/release").status_code == 404
    assert peter.get(f"{address}/bags/999999/quarantine").status_code == 404
    assert peter.post(f"{address}/bags/999999/inspect", data=inspection(999999)).status_code == 404
