"""What any scan means, what a printed document is, and the patient's page."""

import pytest
from sqlalchemy import select

from pharmacy.compounding.models import Bag
from pharmacy.formulary.models import ProductKind
from pharmacy.printing.models import PrintedPaper
from tests.statements import counted_statements
from tests.therapy.bags import changed_order
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
