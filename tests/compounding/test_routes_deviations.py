"""Deviations, rework, complaints and the record in the browser."""

import io
import re

import pytest
from sqlalchemy import select, text

from pharmacy.compounding.models import Bag, Deviation, RecordAddendum, Rework
from pharmacy.domain.statuses import BagStatus, DeviationStatus
from pharmacy.printing.models import PrintedPaper
from pharmacy.sample.people import PASSWORD
from tests.statements import counted_statements
from tests.therapy.bags import labelled_bags, released_bags
from tests.therapy.orders import order_in_force

TICKS = ("no_particles", "colour_right", "closure_intact", "label_matches")
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
EVENT = {
    "kind": "inspection_failed",
    "gravity": "major",
    "happened": "2026-11-09T09:00",
    "what": "A fibre near the port.",
    "immediate_action": "Put aside.",
}
FOUND = {
    "cause": "A wipe.",
    "others_affected": "Bag 2, not affected.",
    "findings": "Outside the bag.",
    "corrective_action": "Wiped off.",
    "preventive_action": "Other wipes.",
}


def committed(session, worksheet):
    found = worksheet.id, [(bag.id, bag.serial) for bag in worksheet.bags]
    session.commit()
    return found


def inspection(bag_id, outcome, *, ticks=TICKS, **fields):
    sent = {f"bag{bag_id}-{name}": "y" for name in ticks} | {f"bag{bag_id}-outcome": outcome}
    return sent | {f"bag{bag_id}-{name}": value for name, value in fields.items()}


def test_a_deviation_goes_from_the_release_page_to_its_closing(database, session, people, sign_in, clock):
    theo = str(people("theo").id)
    worksheet, bags = committed(session, labelled_bags(session, people, order_in_force(session, people)))
    clock.advance(hours=1)
    tina, peter, petra = sign_in("tina"), sign_in("peter"), sign_in("petra")
    bag_id, serial = bags[0]
    sent = inspection(bag_id, "reject", ticks=TICKS[1:], reason="a fibre near the port")
    assert peter.post(f"/worksheets/{worksheet}/bags/{bag_id}/inspect", data=sent).status_code == 303
    new = f"/deviations/new?worksheet={worksheet}&bag={bag_id}&kind=inspection_failed"

    page = tina.get(new).text
    assert "a fibre near the port" in page
    assert re.search(rf'<input checked[^>]*value="{bag_id}"', page)
    assert tina.post(new, data=EVENT | {"what": ""}).status_code == 422
    refused = tina.post(new, data=EVENT | {"happened": "2026-12-31T09:00", "bags": [str(bag_id)]})
    assert refused.status_code == 400 and "has not come yet" in refused.text
    unknown = tina.post(new, data=EVENT | {"lots": "NOSUCH"})
    assert unknown.status_code == 400 and "No lot NOSUCH" in unknown.text
    answer = tina.post(new, data=EVENT | {"bags": [str(bag_id)], "lots": "smg4417"})
    assert answer.status_code == 303
    address = answer.headers["Location"]

    page = tina.get(address).text
    assert serial in page and "SMG4417" in page and "put lot SMG4417 in quarantine" in page
    assert "A pharmacist investigates this" in page and "Record the investigation first" in page
    note = {"note-text": "Told the maker.", "note-file": (io.BytesIO(PNG), "photo.png")}
    assert tina.post(f"{address}/notes", data=note).status_code == 303
    assert tina.post(f"{address}/affected", data={"code": "NOSUCH"}).status_code == 400
    assert tina.post(f"{address}/affected", data={"code": bags[1][1]}).status_code == 303
    assert tina.post(f"{address}/investigation", data=FOUND).status_code == 403
    assert "Investigate deviation" in peter.get("/").text

    assert peter.post(f"{address}/investigation", data=FOUND | {"cause": ""}).status_code == 422
    assert peter.post(f"{address}/investigation", data=FOUND).status_code == 303
    page = peter.get(address).text
    ids = re.findall(r"bags/(\d+)/allow", page)
    assert len(ids) == 2
    destroy = {"reason": "leaks", "witness": theo, "witness_password": "wrong"}
    one = f"destroy{ids[0]}-"
    wrong = peter.post(f"{address}/bags/{ids[0]}/destroy", data={one + k: v for k, v in destroy.items()})
    assert wrong.status_code == 403 and f'href="#{one}witness_password"' in wrong.text
    destroy["witness_password"] = PASSWORD
    good = peter.post(f"{address}/bags/{ids[0]}/destroy", data={one + k: v for k, v in destroy.items()})
    assert good.status_code == 303
    allow = {f"allow{ids[1]}-reason": "The fibre was outside."}
    assert peter.post(f"{address}/bags/{ids[1]}/allow", data=allow).status_code == 303
    assert petra.post(f"{address}/close", data={"close-password": PASSWORD}).status_code == 303

    page = tina.get(address).text
    assert "Closed." in page and "witness Theo Thimble" in page and "photo.png" in page
    with database.reading() as reading:
        kept = reading.scalar(select(Deviation))
        assert (kept.status, kept.closing.printed_name) == (DeviationStatus.CLOSED, "Petra Quillfeather")
        statuses = {bag.id: bag.status for bag in reading.scalars(select(Bag))}
        assert statuses == {bags[0][0]: BagStatus.DESTROYED, bags[1][0]: BagStatus.QUARANTINED}


def test_deviations_are_listed_filtered_and_given_as_a_file(database, session, people, sign_in):
    session.commit()
    tina = sign_in("tina")
    assert "No deviation matches" in tina.get("/deviations").text
    for number in range(27):
        sent = EVENT | {"what": f"=Event {number}", "kind": "other"}
        assert tina.post("/deviations/new", data=sent).status_code == 303

    first, second = tina.get("/deviations").text, tina.get("/deviations?page=2").text
    assert first.count("/deviations/") >= 25 and "Event 26" in second and "Event 26" not in first
    assert "Event 13" in tina.get("/deviations?search=event+13").text
    assert "No deviation matches" in tina.get("/deviations?status=closed&kind=other&page=x").text
    file = tina.get("/deviations.csv?kind=other")
    assert file.mimetype == "text/csv" and file.text.count("\r\n") == 28 and ",'=Event 3," in file.text
    with counted_statements(database) as few:
        tina.get("/deviations?search=event+13")
    with counted_statements(database) as many:
        tina.get("/deviations")
    assert len(few) == len(many)


@pytest.mark.parametrize("address", ["999999", "new?worksheet=999999", "new?lot=99999", "new?complaint=9"])
def test_what_is_not_there_is_not_found(session, sign_in, address):
    session.commit()

    assert sign_in("tina").get(f"/deviations/{address}").status_code == 404


def test_a_bag_goes_to_rework_and_back(database, session, people, sign_in, clock):
    worksheet, bags = committed(session, labelled_bags(session, people, order_in_force(session, people)))
    clock.advance(hours=1)
    tina, peter = sign_in("tina"), sign_in("peter")
    bag_id, _ = bags[0]
    inspect, rework = (f"/worksheets/{worksheet}/bags/{bag_id}/{what}" for what in ("inspect", "rework"))

    doubt = inspection(bag_id, "rework", ticks=TICKS[1:], rework="photo", reason="take it")
    answer = peter.post(inspect, data=doubt)
    assert answer.status_code == 400 and "content of this bag is in doubt" in answer.text
    sent = inspection(bag_id, "rework", rework="photo", reason="the photo is missing")
    assert peter.post(inspect, data=sent).status_code == 303
    assert "is in rework" in peter.get(f"/worksheets/{worksheet}/release").text
    assert "the photo is missing" in tina.get("/").text
    assert "See what is to be mended on bag 1" in tina.get(f"/worksheets/{worksheet}").text

    assert "the photo is missing" in tina.get(rework).text
    missing = tina.post(rework, data={"note": "done"})
    assert missing.status_code == 400 and "Take the photo" in missing.text
    bad = tina.post(rework, data={"note": "done", "photo": (io.BytesIO(b"text"), "bag.png")})
    assert bad.status_code == 422
    good = tina.post(rework, data={"note": "done", "photo": (io.BytesIO(PNG), "bag.png")})
    assert good.status_code == 303
    assert tina.post(rework, data={"note": "again"}).status_code == 409
    page = peter.get(f"/worksheets/{worksheet}/release").text
    assert "is not inspected since its rework" in page
    with database.reading() as reading:
        assert reading.scalar(select(Rework)).done_by.username == "tina"


def test_the_record_shows_everything_and_takes_addenda_and_complaints(
    database, session, people, sign_in, clock
):
    worksheet, bags = committed(session, released_bags(session, people, order_in_force(session, people)))
    clock.advance(days=1)
    tina, nora, peter = sign_in("tina"), sign_in("nora"), sign_in("peter")
    record = f"/worksheets/{worksheet}/record"

    page = tina.get(record).text
    for words in ("As it was signed", "Nothing was added", "SMG4417", "Sample Wholesale", "2 bags planned",
                  "2 labels printed", "Start before", "Copy of the label", "Adverse reactions",
                  "Stability reference"):  # fmt: skip
        assert words in page, words
    assert "Correct the record by an addendum" not in nora.get(record).text
    filled = tina.get(f"{record}/addendum?what=Room&says=Not+kept").text
    assert 'value="Room"' in filled and "Not kept" in filled
    sent = {"what": "Room", "old_value": "Not kept", "new_value": "Cleanroom 1", "reason": "left out"}
    assert tina.post(f"{record}/addendum", data=sent | {"password": "wrong"}).status_code == 403
    assert (
        tina.post(f"{record}/addendum", data=sent | {"password": PASSWORD, "new_value": ""}).status_code
        == 422
    )
    assert tina.post(f"{record}/addendum", data=sent | {"password": PASSWORD}).status_code == 303
    complaint = {"kind": "adverse_reaction", "received_on": "2026-11-10", "complainant": "Basil",
                 "nature": "Redness", "response": "Site moved"}  # fmt: skip
    take = f"/worksheets/{worksheet}/bags/{bags[0][0]}/complaint"
    assert nora.get(take).status_code == 200
    assert nora.post(take, data=complaint | {"received_on": "2027-01-01"}).status_code == 400
    assert nora.post(take, data=complaint).status_code == 303

    page = peter.get(record).text
    for words in ("Cleanroom 1", "Addendum: Room", "Redness", "Open a deviation on the complaint from Basil"):
        assert words in page, words
    link = re.search(r'href="(/deviations/new\?[^"]*complaint=[^"]*)"', page).group(1).replace("&amp;", "&")
    assert "Basil reported: Redness" in peter.get(link).text
    assert peter.post(f"{record}", data={}).status_code == 303
    with database.reading() as reading:
        assert reading.scalar(select(RecordAddendum)).signature.printed_name == "Tina Tallgrass"


def test_a_damaged_paper_says_so_and_is_not_shown(database, session, people, sign_in):
    worksheet, _ = committed(session, released_bags(session, people, order_in_force(session, people)))
    tina = sign_in("tina")
    assert tina.post(f"/worksheets/{worksheet}/record", data={}).status_code == 303
    with database.transaction() as writing:
        paper = writing.scalar(select(PrintedPaper).where(PrintedPaper.kind == "compounding record"))
        serial = paper.serial
        if database.engine.dialect.name == "sqlite":
            writing.execute(text("DROP TRIGGER printed_paper_signed"))
        else:
            writing.execute(text("ALTER TABLE printed_paper DISABLE TRIGGER printed_paper_signed"))
        writing.execute(text("UPDATE printed_paper SET content = :it WHERE serial = :serial"),
                        {"it": b"%PDF-other", "serial": serial})  # fmt: skip

    page = tina.get(f"/worksheets/{worksheet}/record").text
    assert page.count("damaged: not what was printed") == 1
    refused = tina.get(f"/papers/{serial}.pdf")
    assert refused.status_code == 409 and "is damaged" in refused.text
