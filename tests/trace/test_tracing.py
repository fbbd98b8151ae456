"""The two-way trace, in pages and from the command line: a fixed number of statements, whatever there is."""

import csv
import io

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from pharmacy.audit.models import ChartRead
from pharmacy.cli import main
from pharmacy.domain.errors import NotFound, ScanRefused
from pharmacy.domain.statuses import BagStatus
from pharmacy.formulary.models import ProductKind
from pharmacy.trace import queries
from tests.conftest import START
from tests.statements import counted_statements
from tests.therapy.bags import labelled_bags, released_bags
from tests.therapy.deliveries import delivered_stop, packed_stop, released_delivery, sent_stop
from tests.therapy.orders import order_in_force
from tests.therapy.stock import receive_lot
from tests.therapy.worksheets import code_of, gtin_of, lots_of, scan_all, started_worksheet


@pytest.fixture
def delivered(session, people):
    """Two bags delivered to the main patient."""
    stop = delivered_stop(session, people, order_in_force(session, people))
    session.commit()
    return stop


def vial_lot(stop):
    return lots_of(stop.planned_delivery.worksheet, ProductKind.ADDITIVE)[0]


def traced(session, text, *, site_id=1, page=None):
    session.flush()
    return queries.trace_lots(session, queries.find_lots(session, text, site_id=site_id), page=page)


def test_a_lot_leads_to_every_bag_patient_and_delivery(session, delivered):
    lot = vial_lot(delivered)

    [found] = traced(session, f" {lot.number.lower()} ")

    bags = delivered.planned_delivery.worksheet.bags
    assert [one.serial for one in found.bags] == [bag.serial for bag in bags]
    assert {one.volume_ml for one in found.bags} == {4}
    assert {(one.stop_id, one.place, one.received_by) for one in found.bags} == {
        (delivered.id, "at home", "Basil Larkspur")
    }
    assert (found.total, found.counts) == (2, {BagStatus.DELIVERED: 2})
    with pytest.raises(NotFound, match="No lot NEVER has been received"):
        traced(session, "NEVER")
    with pytest.raises(NotFound):
        traced(session, lot.number, site_id=lot.site_id + 1)


def test_a_lot_is_scanned_as_well_as_typed(session, delivered):
    lot = vial_lot(delivered)

    [found] = traced(session, f"]d2{code_of(lot)}\r\n")

    assert (found.lot, found.total) == (lot, 2)
    with pytest.raises(ScanRefused, match="holds no lot number"):
        traced(session, f"01{gtin_of(lot.product)}")
    with pytest.raises(NotFound):
        traced(session, code_of(lot)[:-1] + "?")


def test_a_number_of_several_products_shows_each(session, people, delivered):
    vial = vial_lot(delivered)
    bag = lots_of(delivered.planned_delivery.worksheet, ProductKind.DILUENT)[0]
    receive_lot(session, bag.product, number=vial.number, expiry="2027-12-31", containers=1,
                by=people("tina"), at=START)  # fmt: skip

    found = traced(session, vial.number)

    assert [(one.lot.product, one.total) for one in found] == [(vial.product, 2), (bag.product, 0)]
    assert [one.lot.product for one in traced(session, code_of(vial))] == [vial.product]


def test_it_is_said_where_each_bag_is(session, people):
    version = order_in_force(session, people)
    sent_stop(session, people, released_delivery(session, people, version))
    worksheet = labelled_bags(session, people, version, bags=1)
    started = started_worksheet(session, people, version, bags=1)
    scan_all(session, people, started.bags[0])
    released_bags(session, people, version, bags=1)

    [found] = traced(session, lots_of(worksheet, ProductKind.ADDITIVE)[0].number)

    assert [(one.place, one.volume_ml) for one in found.bags] == [
        ("on the van with Dan Dapplewood", 4),
        ("on the van with Dan Dapplewood", 4),
        ("at the bench, not released", 4),
        ("in work", None),
        ("on the shelf", 4),
    ]
    assert found.bags[0].delivery == "M-00001Y, stop 1, packed"
    assert found.bags[3].delivery == "not packed"


def test_a_packed_bag_is_in_its_box(session, people):
    stop = packed_stop(session, people, released_delivery(session, people, order_in_force(session, people)))

    [found] = traced(session, vial_lot(stop).number)

    assert {one.place for one in found.bags} == {"in the box of stop 1"}


def test_a_bag_leads_to_every_lot_person_and_step(session, people, delivered):
    bag = delivered.planned_delivery.worksheet.bags[0]

    found = queries.trace_bag(session, bag.serial, site_id=bag.site_id)

    kinds = {part.lot.product.kind for part in found.bag.components}
    assert kinds == {ProductKind.ADDITIVE, ProductKind.DILUENT}
    said = [f"{step.who}: {step.what}" for step in found.steps]
    for words in ("Tina Tallgrass: entered version 1", "Paula Penhallow: verified the order",
                  "Theo Thimble: checked the volume independently: 4\N{NO-BREAK SPACE}mL, agrees",
                  "Tina Tallgrass: printed the label", "Peter Pomfret: inspected: pass",
                  "Peter Pomfret: released the worksheet", "Tina Tallgrass: packed for M-",
                  "Dan Dapplewood: delivered to Basil Larkspur"):  # fmt: skip
        assert any(line.startswith(words) for line in said), words
    assert [step.at for step in found.steps] == sorted(step.at for step in found.steps)
    with pytest.raises(NotFound):
        queries.trace_bag(session, bag.serial, site_id=bag.site_id + 1)


def test_a_trace_costs_the_same_for_one_bag_and_for_many(session, people, database):
    version = order_in_force(session, people)
    costs = []
    for bags in (1, 4):
        sheet = released_bags(session, people, version, bags=bags)
        number = lots_of(sheet, ProductKind.ADDITIVE)[0].number
        session.flush()
        session.expunge_all()
        with counted_statements(database) as seen:
            [found] = traced(session, number, page=1)
            names = [(one.patient, one.worksheet, one.place) for one in found.bags]
        costs.append(len(seen))
        version = session.merge(version)

    assert len(names) == 5
    assert costs[0] == costs[1] <= 4


def test_a_long_list_is_paged_and_the_counts_are_of_all(session, delivered, monkeypatch):
    monkeypatch.setattr("pharmacy.trace.queries.lots.PAGE", 1)
    number = vial_lot(delivered).number
    first, second = delivered.planned_delivery.worksheet.bags

    for page, bag in ((1, first), (2, second)):
        [found] = traced(session, number, page=page)
        assert ([one.serial for one in found.bags], found.total) == ([bag.serial], 2)
    [found] = traced(session, number, page=3)
    assert (found.bags, found.total) == ([], 2)


def test_the_pages_of_a_trace(sign_in, session, delivered, database):
    lot = vial_lot(delivered).number
    serial = delivered.planned_delivery.worksheet.bags[0].serial
    session.commit()
    client = sign_in("arlo")

    page = client.get("/trace", query_string={"lot": lot}).text
    for words in (serial, "Larkspur", "555-0146", "received by Basil Larkspur", "4\N{NO-BREAK SPACE}mL"):
        assert words in page
    assert client.get("/trace", query_string={"lot": "NEVER"}).status_code == 404
    assert "No lot NEVER" in client.get("/trace", query_string={"lot": "NEVER"}).text
    page = client.get(f"/bags/{serial}").text
    assert lot in page
    assert "delivered to Basil Larkspur" in page
    assert "First entered" in page
    assert client.get("/bags/B-000000").status_code == 404
    answer = client.get("/trace", query_string={"lot": serial.lower()})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/bags/{serial.lower()}")
    assert client.get(f"/bags/{serial.lower()}").status_code == 200
    with database.reading() as reading:
        assert reading.scalars(select(ChartRead.page)).all()[-2:] == [
            f"/bags/{serial}",
            f"/bags/{serial.lower()}",
        ]


def test_the_list_is_saved_as_csv(sign_in, session, delivered, database):
    lot, bags = vial_lot(delivered), delivered.planned_delivery.worksheet.bags
    serials, number = [bag.serial for bag in bags], lot.number
    session.commit()
    client = sign_in("tina")

    answer = client.get("/trace.csv", query_string={"lot": number})

    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert answer.mimetype == "text/csv"
    assert [row["Bag"] for row in rows] == serials
    assert {(row["Lot"], row["Where"], row["Volume mL"], row["Phone"]) for row in rows} == {
        (number, "at home", "4", "555-0146")
    }
    assert client.get("/trace.csv", query_string={"lot": "NEVER"}).status_code == 404
    with database.reading() as reading:
        assert reading.scalars(select(ChartRead.page)).all()[-1] == "/trace.csv"


def test_what_cannot_be_a_lot_is_said_and_what_was_typed_stays(sign_in):
    client = sign_in("arlo")
    assert "Lot number, or scan" in client.get("/trace").text
    for text in ("<script>", "]d2", "01" + "9" * 14 + "10", "x" * 400, "\x1d"):
        answer = client.get("/trace", query_string={"lot": text})
        assert answer.status_code in {200, 404, 409}, text
        assert "<script>" not in answer.text


def test_the_command_line_traces_and_verifies(session, delivered, database, monkeypatch):
    url = database.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    for name, value in (("DATABASE_URL", url), ("SECRET_KEY", "k" * 32), ("AUDIT_KEY", "a" * 32)):
        monkeypatch.setenv(f"PHARMACY_{name}", value)
    lot, bag = vial_lot(delivered).number, delivered.planned_delivery.worksheet.bags[0].serial
    session.commit()

    def run(*arguments):
        return CliRunner().invoke(main, arguments)

    done = run("trace", "lot", lot)
    assert done.exit_code == 0
    for words in (f"Lot {lot}", bag, "Larkspur", "received by Basil Larkspur"):
        assert words in done.output
    assert "delivered to Basil Larkspur" in run("trace", "bag", bag).output
    for arguments in (
        ("trace", "lot", "NEVER"),
        ("trace", "bag", "B-1"),
        ("trace", "lot", lot, "--site", "No"),
    ):
        bad = run(*arguments)
        assert (bad.exit_code, bad.output) == (2, bad.stderr)
        assert "Traceback" not in bad.stderr
    assert "The audit record is whole" in run("audit", "verify").output
