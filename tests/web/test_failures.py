"""Addresses that lead nowhere, text that no database holds, and a database that is gone."""

import logging

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pharmacy.accounts.permissions import Permission
from pharmacy.web.doors import requires
from pharmacy.web.request import session

NAME = "Quince"


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/bags/%00", 404),
        ("GET", "/documents/a%00b", 404),
        ("GET", "/trace?lot=%00", 400),
        ("GET", "/trace?%00=x", 400),
        ("GET", f"/patients/{'9' * 25}/overview", 404),
        ("GET", f"/patients/{'9' * 9}/overview", 404),
        ("GET", f"/patients/{'9' * 10}/overview", 404),
    ],
)
def test_what_no_record_can_have_is_not_looked_for(sign_in, method, address, status):
    assert sign_in("tina").open(address, method=method).status_code == status


def test_nul_in_a_form_is_refused(sign_in):
    client = sign_in("tina")

    assert client.post("/find", data={"for": "a\x00b"}).status_code == 400
    assert client.post("/find", data={"a\x00b": ""}).status_code == 400


def test_a_wrong_address_leaves_a_person_signed_in(sign_in):
    client = sign_in("tina")
    nowhere, wrong_way = client.get("/nowhere"), client.delete("/people")

    assert (nowhere.status_code, wrong_way.status_code) == (404, 405)
    assert "Tina Tallgrass" in nowhere.text and "Tina Tallgrass" in wrong_way.text
    assert {"GET", "POST"} <= set(wrong_way.headers["Allow"].split(", "))


def test_the_page_of_a_failure_asks_the_database_for_nothing(app, sign_in, database, monkeypatch):
    client = sign_in("ada")

    def fail(*_a, **_k):
        raise DBAPIError("COMMIT", {}, Exception("gone"))

    monkeypatch.setattr("sqlalchemy.orm.Session.commit", fail)
    monkeypatch.setattr("sqlalchemy.orm.Session.rollback", fail)
    typed = {"username": "drew", "name": "Drew", "role": "driver", "password": "a long password"}

    answer = client.post("/people", data=typed)

    assert answer.status_code == 500 and "nothing was changed" in answer.text
    assert "Done." not in answer.text and "was added" not in answer.text
    monkeypatch.undo()
    assert "was added" not in client.get("/people").text


def test_no_name_enters_the_log_of_a_failure(app, sign_in, caplog):
    @requires(Permission.SEE_WORKLIST)
    def fail():
        session().execute(text("SELECT * FROM nothing WHERE name = :name"), {"name": NAME})
        return ""

    app.add_url_rule("/fail", view_func=fail)
    client = sign_in("tina")
    with caplog.at_level(logging.ERROR):
        assert client.get("/fail").status_code == 500

    assert "nothing" in caplog.text and NAME not in caplog.text


def test_what_is_looked_for_enters_no_address(sign_in):
    client = sign_in("tina")

    page = client.get("/find")
    assert page.status_code == 200 and 'action="/find" method="post"' in page.text
    answer = client.post("/find", data={"for": "quince"})
    assert answer.status_code == 303 and "quince" not in answer.headers["Location"].lower()
