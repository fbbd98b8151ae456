"""The pages of a recall: opened from a trace, called, accounted for, printed and closed; and the drill."""

from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from pharmacy.audit.models import AuditEntry
from pharmacy.domain.recall import Standing
from pharmacy.printing.models import PrintedPaper
from pharmacy.sample.people import PASSWORD
from pharmacy.trace.models import Recall
from tests.statements import counted_statements
from tests.therapy.worksheets import code_of
from tests.trace.recalling import ids_of, opened_recall, vial_lot

S = Standing
OPENING = {
    "kind": "recall",
    "source": "maker",
    "urgency": "class_1",
    "reference": "Notice 26-114",
    "reason": "Glass particles in the vials.",
    "instructions": "Do not use any bag; we collect them.",
    "password": PASSWORD,
}


@pytest.fixture
def lot(session, delivered):
    """Give the number, the code and the id of the lot of two bags that are at home."""
    found = vial_lot(delivered)
    known = SimpleNamespace(id=found.id, number=found.number, code=code_of(found))
    session.commit()
    return known


@pytest.fixture
def recall(session, people, delivered):
    """Give the address of a recall whose two bags are at home, with what it is about."""
    found = opened_recall(session, people, vial_lot(delivered))
    known = SimpleNamespace(
        page=f"/recalls/{found.id}",
        bags=ids_of(session, found, S.AT_HOME),
        patient_id=delivered.patient_id,
        prescriber_id=delivered.planned_delivery.plan.order_version.prescriber_id,
    )
    session.commit()
    return known


def last_entry(database):
    with database.reading() as reading:
        return reading.scalar(select(func.max(AuditEntry.number)))


def test_a_recall_is_opened_from_the_trace_of_a_scanned_lot(sign_in, lot):
    client = sign_in("paula")
    page = client.get("/trace", query_string={"lot": lot.number}).text
    assert f"/recalls/new?lot={lot.id}" in page
    answer = client.get("/recalls/new", query_string={"add": lot.code})
    assert answer.headers["Location"] == f"/recalls/new?lot={lot.id}"
    page = client.get(f"/recalls/new?lot={lot.id}").text
    assert "reached 2 bags" in page

    answer = client.post(f"/recalls/new?lot={lot.id}", data=OPENING)

    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).text
    for words in ("2 bags affected = 0 accounted for + 2 open", "not called yet", "not told yet", "Larkspur",
                  "555-0146", "Glass particles", "Class 1", "Paula Penhallow"):  # fmt: skip
        assert words in page, words
    assert "Recall 1" in client.get("/recalls").text
    assert "Recall 1" in client.get("/recalls?kind=recalls").text
    assert "Recall 1" not in client.get("/recalls?kind=drills").text
    assert client.get("/recalls?kind=x&page=y").status_code == 200


def test_what_is_left_out_is_named_and_nothing_is_opened(sign_in, database, lot):
    client = sign_in("paula")
    before = last_entry(database)
    for name in OPENING.keys() - {"reference"}:
        answer = client.post(f"/recalls/new?lot={lot.id}", data=OPENING | {name: ""})
        assert answer.status_code == 422, name
        assert 'class="field-error"' in answer.text or "error-summary" in answer.text
    assert client.post(f"/recalls/new?lot={lot.id}", data=OPENING | {"password": "no"}).status_code == 403
    assert client.post("/recalls/new", data=OPENING).status_code == 400
    assert client.post("/recalls/new?lot=999999", data=OPENING).status_code == 404
    assert client.post("/recalls/new?lot=9999999999", data=OPENING).status_code == 400
    assert client.get("/recalls/new?add=NEVER").text.count("No lot NEVER") == 1
    assert client.get("/recalls/new?lot=x").status_code == 200
    assert last_entry(database) == before
    with database.reading() as reading:
        assert reading.scalar(select(func.count()).select_from(Recall)) == 0


def test_a_technician_calls_and_what_is_told_counts(sign_in, recall):
    (first, second), base = recall.bags, recall.page
    patient, prescriber = recall.patient_id, recall.prescriber_id
    client = sign_in("tina")
    page = client.get(f"{base}/patients/{patient}").text
    assert "Do not use" in page or "do not use" in page
    told = {
        "result": "reached", "spoke_to": "Basil Larkspur", "said": "He keeps one for us.",
        f"bag_{first}": "used", f"bag_{second}": "to_collect", "next_at": "2026-11-20T10:00",
    }  # fmt: skip
    assert client.post(f"{base}/patients/{patient}", data=told | {"next_at": ""}).status_code == 400
    assert client.post(f"{base}/patients/{patient}", data=told | {"result": ""}).status_code == 422
    assert client.post(f"{base}/patients/{patient}", data=told | {f"bag_{first}": "eaten"}).status_code == 422

    assert client.post(f"{base}/patients/{patient}", data=told).status_code == 303

    page = client.get(base).text
    assert "2 bags affected = 1 accounted for + 1 open" in page
    assert "He keeps one for us." in client.get(f"{base}/patients/{patient}").text
    back = {f"bag_{second}": "y", "how": "Collected by Dan."}
    assert client.post(f"{base}/returned", data={"how": "x"}).status_code == 400
    assert client.post(f"{base}/returned", data=back).status_code == 303
    notice = {"how": "Telephone", "spoke_to": "Mr. Reed", "said": "Told."}
    assert client.post(f"{base}/prescribers/{prescriber}", data={}).status_code == 422
    assert client.post(f"{base}/prescribers/{prescriber}", data=notice).status_code == 303
    assert "Telephone to Mr. Reed" in client.get(base).text
    assert client.get(f"{base}/close").status_code == 403


def test_a_pharmacist_accounts_for_the_bags_and_closes(sign_in, session, people, packed, database):
    recall = opened_recall(session, people, vial_lot(packed))
    first, second = ids_of(session, recall, S.HERE)
    theo, base = people("theo").id, f"/recalls/{recall.id}"
    session.commit()
    client = sign_in("paula")
    page = client.get(f"{base}/destroyed").text
    assert "Theo Thimble" in page and "Paula Penhallow</option>" not in page
    done = {f"bag_{first}": "y", "how": "Poured away.", "witness": theo, "password": PASSWORD}
    done["witness_password"] = PASSWORD
    before = last_entry(database)
    assert client.post(f"{base}/destroyed", data=done | {"witness": "999"}).status_code == 422
    assert client.post(f"{base}/destroyed", data=done | {"password": "no"}).status_code == 403
    assert client.post(f"{base}/destroyed", data=done | {"witness_password": ""}).status_code == 422
    wrong = client.post(f"{base}/destroyed", data=done | {"witness_password": "no"})
    assert wrong.status_code == 403 and 'href="#witness_password"' in wrong.text
    assert last_entry(database) == before
    assert client.post(f"{base}/destroyed", data=done).status_code == 303
    clear = {f"bag_{second}": "y", "reason": "Another line of the maker.", "password": PASSWORD}
    assert client.post(f"{base}/cleared", data=clear).status_code == 303
    page = client.get(base).text
    assert "2 bags affected = 2 accounted for + 0 open" in page

    answer = client.post(f"{base}/close", data={"conclusion": "Done.", "password": PASSWORD})

    assert answer.status_code == 409
    assert "still in stock" in answer.text
    assert "still in stock" in client.get(f"{base}/close").text


def test_only_the_pharmacist_in_charge_writes_off(sign_in, recall):
    base, bags = recall.page, recall.bags
    assert sign_in("paula").get(f"{base}/written-off").status_code == 403
    client = sign_in("petra")
    assert "called at least three times" in client.get(f"{base}/written-off").text
    data = {f"bag_{bags[0]}": "y", "reason": "Gone.", "password": PASSWORD}
    answer = client.post(f"{base}/written-off", data=data)
    assert answer.status_code == 409
    assert "was called 0 times" in answer.text


def test_the_list_is_printed_and_kept(sign_in, recall, database):
    base = recall.page
    client = sign_in("tina")

    answer = client.post(f"{base}/print", data={})

    assert answer.status_code == 303
    paper = client.get(answer.headers["Location"])
    assert paper.data.startswith(b"%PDF")
    assert "Reason for another copy" in client.get(base).text
    assert client.post(f"{base}/print", data={}).status_code == 400
    assert client.post(f"{base}/print", data={"reason": "The first call is made."}).status_code == 303
    with database.reading() as reading:
        assert [one.kind for one in reading.scalars(select(PrintedPaper)) if one.kind == "recall list"] == [
            "recall list",
            "recall list",
        ]


def test_a_drill_is_marked_everywhere_and_reports_its_times(sign_in, session, lot, clock):
    client = sign_in("paula")
    base = client.post(f"/recalls/new?lot={lot.id}", data=OPENING | {"kind": "drill"}).headers["Location"]
    recall = session.scalars(select(Recall)).one()
    bags = ids_of(session, recall, S.TO_LOCATE)
    session.commit()
    clock.advance(minutes=12)
    tina = sign_in("tina")
    for page in (base, f"{base}/located", f"{base}/close"):
        assert "DRILL" in client.get(page).text, page
    assert tina.post(f"{base}/complete").status_code == 303
    data = {f"bag_{bag}": "y" for bag in bags} | {"found": "yes", "note": "Records read."}
    assert tina.post(f"{base}/located", data=data).status_code == 303
    clock.advance(minutes=8)
    client = sign_in("paula")
    assert client.post(f"{base}/close", data={"conclusion": "Good.", "password": PASSWORD}).status_code == 303

    page = client.get("/recalls?kind=drills").text

    for words in ("Drill 1", "12 minutes", "20 minutes", "2 of 2"):
        assert words in page
    assert "Located by Tina Tallgrass (2)" in client.get(base).text


@pytest.mark.parametrize("username", ["nora", "dan", "ada"])
def test_others_see_nothing_of_a_recall(sign_in, recall, username):
    client = sign_in(username)
    for page in ("/recalls", "/recalls/new", recall.page, f"{recall.page}/close"):
        assert client.get(page).status_code == 403
    assert "Recall" not in client.get("/").text


def test_the_auditor_reads_and_changes_nothing(sign_in, recall):
    client = sign_in("arlo")
    page = client.get(recall.page).text
    assert "2 open" in page and "<button" not in page.split("<main")[1]
    assert client.post(f"{recall.page}/print").status_code == 403


def test_a_recall_of_another_number_is_not_there(sign_in, recall):
    client = sign_in("petra")
    for page in ("", "/close", "/destroyed", "/returned", "/cleared", "/written-off", "/located"):
        assert client.get(f"/recalls/999{page}").status_code == 404
    assert client.get(f"{recall.page}/patients/999").status_code == 404
    assert client.get(f"{recall.page}/prescribers/999").status_code == 404


def test_the_page_costs_a_fixed_number_of_statements(sign_in, recall, app):
    client = sign_in("paula")
    client.get(recall.page)
    with counted_statements(app.extensions["database"]) as seen:
        assert client.get(recall.page).status_code == 200
    assert len(seen) < 25
