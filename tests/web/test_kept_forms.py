"""What was typed when a session ended: kept for the person who typed it, and for nobody else's form."""

import re

import pytest

from pharmacy.sample.people import PASSWORD

TYPED = {"username": "nina", "name": "Nina <New>", "role": "driver", "password": "a first password"}


@pytest.fixture
def app(app):
    app.config["WTF_CSRF_ENABLED"] = True
    return app


def token_of(answer):
    return re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', answer.text)[-1]


def kept_of(answer):
    return dict(re.findall(r'name="(kept\.[^"]+|target)" value="([^"]*)"', answer.text))


def sign_in(client, username="ada", **kept):
    token = token_of(client.get("/sign-in"))
    data = {"username": username, "password": PASSWORD, "csrf_token": token} | kept
    return client.post("/sign-in", data=data)


@pytest.fixture
def ended(app, clock):
    """Give a browser whose session ended while a form was open, and the answer to that form."""
    client = app.test_client()
    assert sign_in(client).status_code == 303
    token = token_of(client.get("/people"))
    clock.advance(hours=1)
    return client, client.post("/people", data=TYPED | {"csrf_token": token})


def test_going_on_sends_what_was_typed_with_a_token_that_holds(ended):
    client, answer = ended
    assert answer.status_code == 401
    kept = kept_of(answer)
    assert kept["kept.username"] == "nina" and "kept.password" not in kept and "a first" not in answer.text

    answer = sign_in(client, **kept)

    assert answer.status_code == 200 and "<dd>Nina &amp;lt;New" in answer.text
    sent = {"name": "Nina", "csrf_token": token_of(answer)}
    assert client.post("/people", data=sent).status_code == 422


def test_what_was_typed_is_not_offered_to_somebody_else(ended):
    client, answer = ended

    answer = sign_in(client, "tina", **kept_of(answer))

    assert answer.status_code == 303


def test_a_form_from_elsewhere_is_not_kept(app, clock):
    client = app.test_client()
    for token in ({}, {"csrf_token": "forged"}):
        answer = client.post("/people", data=TYPED | token)
        assert answer.status_code == 401 and kept_of(answer) == {}
    sign_in(client)
    clock.advance(hours=1)

    answer = client.post("/people", data=TYPED)

    assert answer.status_code == 401 and kept_of(answer) == {}


def test_only_a_page_is_a_place_to_go_back_to(app):
    client = app.test_client()
    client.get("/people")
    assert client.get("/awake").status_code == 303
    client.get("/patients", headers={"Sec-Fetch-Mode": "cors"})

    assert sign_in(client).headers["Location"] == "/people"
