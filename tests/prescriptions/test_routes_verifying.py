"""Step 2 in the browser: read, sign or send back; and the pages that show orders."""

from __future__ import annotations

import re
from html import unescape

import pytest

from pharmacy.accounts.queries import find_person
from pharmacy.audit.models import ChartRead
from pharmacy.domain.statuses import OrderStatus
from pharmacy.patients.models import Allergy
from pharmacy.prescriptions.actions import enter_change
from pharmacy.prescriptions.queries import get_version
from pharmacy.sample.people import PASSWORD
from tests.conftest import START
from tests.therapy.orders import FIRST_DOSE, entered_order, main_patient, order_in_force


@pytest.fixture
def version_id(database):
    """Enter the main patient's order before the browser opens."""
    with database.transaction() as session:
        return entered_order(session, lambda name: find_person(session, name)).id


def typed(page, **changes):
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', page.text)
    return {"seen": seen[1], "list_checked": "y", "password": PASSWORD} | changes


def text_of(answer):
    return unescape(answer.text).replace("\N{NO-BREAK SPACE}", " ")


def test_the_page_shows_order_chart_numbers_and_findings_beside_what_they_are_about(
    sign_in, version_id, database
):
    paula = sign_in("paula")

    page = paula.get(f"/order-versions/{version_id}/verify")

    text = text_of(page)
    for words in (
        "10 hours at 10.5 mL per hour", "18.018 mg/mL", "443.2 mOsm/L", "1,892 mg", "High-alert",
        "penicillin", "levetiracetam", "1.3 mg/dL", "1.7 to 2.4", "64.5 kg",
        "Interactions and duplicate therapy are not checked by the system.",
        "not checked by a pharmacist", "Entered by Tina Tallgrass",
    ):  # fmt: skip
        assert words in text, words
    labs = text[text.index("Laboratory results") : text.index("Measurements")]
    assert "below its laboratory's range" in labs and "5 days ago" in labs
    with database.reading() as session:
        assert [one.person.username for one in session.query(ChartRead)] == ["paula"]


def test_signing_puts_the_order_in_force(sign_in, version_id, database):
    paula = sign_in("paula")
    address = f"/order-versions/{version_id}/verify"
    page = paula.get(address)

    for changes, words in (
        ({"list_checked": ""}, "Check the medication list"),
        ({"password": ""}, "Enter your password to sign."),
        ({"password": "wrong"}, "The password is not right; nothing was signed."),
        ({"seen": "0" * 64}, "changed while you read"),
    ):
        answer = paula.post(address, data={k: v for k, v in typed(page, **changes).items() if v})
        assert answer.status_code in {403, 409, 422} and words in text_of(answer)
        assert PASSWORD not in answer.text
    answer = paula.post(address, data=typed(page))

    assert answer.status_code == 303
    order = text_of(paula.get(answer.headers["Location"]))
    assert "in force" in order and "Clinical verification" in order and "Paula Penhallow" in order
    with database.reading() as session:
        assert get_version(session, version_id, site_id=1).verification.digest[:16] in order
    assert "there is nothing to sign" in text_of(paula.get(address))
    assert paula.post(address, data=typed(page)).status_code == 409


def test_a_hard_finding_asks_for_its_answer_beside_it(sign_in, version_id, database):
    with database.transaction() as session:
        patient = main_patient(session)
        patient.allergies.append(Allergy(substance="magnesium sulfate", reaction="flush", severity="mild"))
    paula = sign_in("paula")
    address = f"/order-versions/{version_id}/verify"
    page = paula.get(address)
    assert "Stop:" in page.text and 'name="acknowledged-0"' in page.text

    refused = paula.post(address, data=typed(page))
    assert refused.status_code == 400 and "Write for each finding that says stop" in text_of(refused)
    answer = paula.post(address, data=typed(page, **{"acknowledged-0": 'Called "Dr Nephridge" at 10:05'}))

    assert answer.status_code == 303
    assert "Called &#34;Dr Nephridge&#34; at 10:05" in paula.get(answer.headers["Location"]).text


def test_who_entered_an_order_is_told_that_another_signs(sign_in, database):
    with database.transaction() as session:
        version_id = entered_order(session, lambda _: find_person(session, "paula")).id

    page = sign_in("paula").get(f"/order-versions/{version_id}/verify")

    assert "another pharmacist verifies it" in page.text and 'name="password"' not in page.text
    assert 'name="password"' in sign_in("peter").get(f"/order-versions/{version_id}/verify").text


def test_a_change_is_verified_in_its_own_room(sign_in, database):
    with database.transaction() as session:
        people = lambda name: find_person(session, name)  # noqa: E731
        old = order_in_force(session, people)
        new = enter_change(
            session, old, frequency_as_written="2 of 3 days", anchor=FIRST_DOSE, effective=FIRST_DOSE,
            reason="normal", received_how="fax", read_back=False, by=people("petra"), at=START,
        )  # fmt: skip
        version_id = new.id
    address = f"/order-versions/{version_id}/verify"
    paula = sign_in("paula")

    assert paula.get(address).headers["Location"] == f"/order-versions/{version_id}/change"
    refused = paula.post(address, data={"seen": "x", "list_checked": "y", "password": PASSWORD})

    assert refused.status_code == 409
    assert "verify it on the page that shows what the change does" in text_of(refused)
    with database.reading() as session:
        assert get_version(session, version_id, site_id=1).status is OrderStatus.ENTERED


def test_orders_are_listed_and_filtered_by_the_address(sign_in, version_id):
    tina = sign_in("tina")

    assert {"1000001", "1000002"} <= set(re.findall(r"\d{7}", tina.get("/orders").text))
    waiting = tina.get("/orders?status=entered&search=larkspur").text
    assert "1000002" in waiting and "1000001" not in waiting
    assert "1000002" not in tina.get("/orders?status=in_force").text
    assert "No order stands here" in tina.get("/orders?status=on_hold&search=nobody%01").text
    assert tina.get("/orders?status=<b>&page=-1").status_code == 200


def test_an_order_shows_its_history_and_offers_only_what_may_be_done(sign_in, version_id):
    for username, offered in (("tina", False), ("paula", True), ("nora", False), ("arlo", False)):
        page = sign_in(username).get("/orders/2")
        assert page.status_code == 200 and "History of version 1" in page.text
        assert ("Verify the order" in page.text) is offered
    assert sign_in("dan").get("/orders/2").status_code == 403
    assert sign_in("paula").get("/orders/999").status_code == 404
