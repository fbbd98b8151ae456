"""The two-way trace, in pages and from the command line, and what any scan means."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from pharmacy.audit.models import ChartRead
from pharmacy.cli import main
from pharmacy.compounding.models import Bag
from pharmacy.domain.errors import NotFound
from pharmacy.formulary.models import ProductKind
from pharmacy.overview import queries
from pharmacy.printing.models import PrintedPaper
from tests.statements import counted_statements
from tests.therapy.bags import changed_order, released_bags
from tests.therapy.deliveries import delivered_stop
from tests.therapy.orders import main_patient, order_in_force
from tests.therapy.worksheets import code_of, lots_of


@pytest.fixture
def delivered(session, people):
    """Two bags delivered to the main patient."""
    stop = delivered_stop(session, people, order_in_force(session, people))
    session.commit()
    return stop


def vial_lot(stop):
    return lots_of(stop.planned_delivery.worksheet, ProductKind.ADDITIVE)[0]


def test_a_lot_leads_to_every_bag_patient_and_delivery(session, people, delivered):
    lot = vial_lot(delivered)

    [found] = queries.trace_lot(session, f" {lot.number.lower()} ", site_id=lot.site_id)

    bags = delivered.planned_delivery.worksheet.bags
    assert [one.bag for one in found.bags] == bags
    assert {one.volume_ml for one in found.bags} == {4}
    assert {one.stop for one in found.bags} == {delivered}
    with pytest.raises(NotFound, match="No lot NEVER has been received"):
        queries.trace_lot(session, "NEVER", site_id=lot.site_id)
    with pytest.raises(NotFound):
        queries.trace_lot(session, lot.number, site_id=lot.site_id + 1)


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
            [found] = queries.trace_lot(session, number, site_id=1)
            names = [(one.bag.patient.name, one.bag.worksheet.serial) for one in found.bags]
        costs.append(len(seen))
        version = session.merge(version)

    assert len(names) == 5
    assert costs[0] == costs[1] <= 6


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
    assert client.get("/bags/B-000000").status_code == 404
    with database.reading() as reading:
        assert reading.scalars(select(ChartRead.page)).all()[-1] == f"/bags/{serial}"


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


def test_one_box_finds_everything(sign_in, session, delivered):
    bag = delivered.planned_delivery.worksheet.bags[0]
    order = bag.order_version.order
    paper = session.scalars(select(PrintedPaper.serial)).first()
    found = {
        bag.serial: f"/bags/{bag.serial}",
        bag.serial.lower(): f"/bags/{bag.serial}",
        bag.worksheet.serial: f"/worksheets/{bag.worksheet_id}",
        delivered.batch.serial: None,
        paper: f"/documents/{paper}",
        order.rx_number: f"/orders/{order.id}",
        "larksp": f"/patients/{order.patient_id}/overview",
        "Marigold Lark": f"/patients/{order.patient_id}/overview",
        vial_lot(delivered).number: f"/trace?lot={vial_lot(delivered).number}",
        code_of(vial_lot(delivered)): f"/trace?lot={vial_lot(delivered).number}",
    }
    wrong = bag.serial[:-1] + ("0" if bag.serial[-1] != "0" else "1")
    session.commit()
    client = sign_in("paula")
    for text, address in found.items():
        answer = client.open("/find", method=find_method(client), **asked(client, text))
        assert answer.status_code in {302, 303}, text
        if address:
            assert answer.headers["Location"] == address, text
    nothing = client.open("/find", method=find_method(client), **asked(client, "Zebediah"))
    assert "Nothing is known" in nothing.text
    assert "refusal" in client.open("/find", method=find_method(client), **asked(client, wrong)).text


def find_method(client):
    rules = client.application.url_map.iter_rules()
    return "POST" if any(rule.rule == "/find" and "POST" in rule.methods for rule in rules) else "GET"


def asked(client, text):
    return {"data": {"for": text}} if find_method(client) == "POST" else {"query_string": {"for": text}}


def test_what_was_printed_says_replaced_when_the_order_is(sign_in, session, people, delivered):
    bag = delivered.planned_delivery.worksheet.bags[0]
    serial, version, later = bag.serial, bag.order_version, delivered.finished_at
    paper = session.scalar(select(PrintedPaper.serial).where(PrintedPaper.order_version_id == version.id))
    session.commit()
    assert "in force" in sign_in("tina").get(f"/documents/{paper}").text

    changed_order(session, people, version, "2 of every 3 days", at=later)
    session.commit()

    client = sign_in("tina")
    assert "Do not use this paper" in client.get(f"/documents/{paper}").text
    assert "no longer hold" in client.get(f"/bags/{serial}").text


def test_the_patients_page_holds_all_that_hangs_on_the_order(sign_in, session, delivered, app):
    patient = main_patient(session).id
    bags = session.scalars(select(Bag.serial).where(Bag.patient_id == patient)).all()
    session.commit()
    client = sign_in("tina")

    with counted_statements(app.extensions["database"]) as few:
        page = client.get(f"/patients/{patient}/overview")

    assert page.status_code == 200
    for words in (*bags, "daily", "Dispense plan of", "Pump sheet", "Basil Larkspur"):
        assert words in page.text
    assert 5 < len(few) < 40
