"""The door: signing in and out, idle sessions, what is kept of what was typed, and the headers."""

from datetime import timedelta

from sqlalchemy import select

from pharmacy.accounts.models import LoginSession
from pharmacy.audit.models import AuditEntry, Refusal
from pharmacy.sample.people import PASSWORD


def sign_in_data(**changes):
    return {"username": "ada", "password": PASSWORD} | changes


def test_a_stranger_is_sent_to_sign_in_and_back(app):
    client = app.test_client()

    assert client.get("/people").headers["Location"] == "/sign-in"
    assert client.post("/sign-in", data=sign_in_data()).headers["Location"] == "/people"
    assert client.get("/people").status_code == 200


def test_sign_in_never_leads_to_another_host(app):
    for target in ("//evil.example/x", "https://evil.example", "/\\evil.example"):
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["after"] = target
        assert client.post("/sign-in", data=sign_in_data()).headers["Location"] == "/"


def test_the_session_is_renewed_at_sign_in(app):
    client = app.test_client()
    client.post("/sign-in", data=sign_in_data())
    with client.session_transaction() as cookie:
        first = cookie["token"]
    client.post("/sign-in", data=sign_in_data())
    with client.session_transaction() as cookie:
        assert cookie["token"] != first


def test_the_cookie_is_for_the_server_only(app):
    header = app.test_client().post("/sign-in", data=sign_in_data()).headers["Set-Cookie"]

    assert "HttpOnly" in header and "SameSite=Lax" in header


def test_a_wrong_password_is_kept_as_a_refusal_and_counted(app, database):
    client = app.test_client()

    answer = client.post("/sign-in", data=sign_in_data(password="wrong"))

    assert answer.status_code == 403 and "The name or the password is not right" in answer.text
    assert 'value="ada"' in answer.text
    with database.reading() as session:
        refusal = session.scalar(select(Refusal))
        assert refusal.kind == "password" and refusal.tried == "POST /sign-in as ada"
        assert refusal.person.username == "ada" and refusal.site_id


def test_five_wrong_passwords_lock_the_door(app):
    client = app.test_client()
    for _ in range(5):
        client.post("/sign-in", data=sign_in_data(password="wrong"))

    answer = client.post("/sign-in", data=sign_in_data())

    assert answer.status_code == 409 and "locked" in answer.text


def test_an_idle_session_ends(sign_in, clock):
    client = sign_in("ada")
    clock.advance(minutes=14, seconds=59)
    assert client.get("/people").status_code == 200
    clock.advance(minutes=15)
    assert client.get("/people").status_code == 303


def test_use_keeps_a_session_open(sign_in, clock):
    client = sign_in("ada")
    for _ in range(5):
        clock.advance(minutes=10)
        assert client.get("/").status_code == 200


def test_signing_out_ends_the_session(sign_in, database):
    client = sign_in("ada")
    client.post("/sign-out")

    assert client.get("/people").status_code == 303
    with database.reading() as session:
        assert session.scalar(select(LoginSession)).ended_at is not None


def test_what_was_typed_survives_an_ended_session(sign_in, clock):
    client = sign_in("ada")
    clock.advance(hours=1)
    typed = {"username": "nina", "name": "Nina <New>", "role": "driver", "password": "a first password"}

    answer = client.post("/people", data=typed)
    assert answer.status_code == 401
    assert 'name="kept.name" value="Nina &lt;New&gt;"' in answer.text
    assert "a first password" not in answer.text

    answer = client.post(
        "/sign-in", data=sign_in_data() | {"kept.name": "Nina", "kept.role": "driver", "target": "/people"}
    )
    assert answer.status_code == 200
    assert 'action="/people"' in answer.text and 'name="name" value="Nina"' in answer.text


def test_forms_without_a_token_are_refused(app, database):
    app.config["WTF_CSRF_ENABLED"] = True

    answer = app.test_client().post("/sign-in", data=sign_in_data())

    assert answer.status_code == 400 and "too old" in answer.text
    with database.reading() as session:
        assert session.scalars(select(LoginSession)).all() == []


def test_headers_allow_no_inline_code_and_no_other_host(app):
    headers = app.test_client().get("/sign-in").headers

    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "http" not in policy
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_a_forbidden_door_says_whose_it_is_and_is_recorded(sign_in, database):
    answer = sign_in("tina").get("/people")

    assert answer.status_code == 403
    assert "A pharmacy technician may not add people" in answer.text
    with database.reading() as session:
        refusal = session.scalar(select(Refusal))
        assert (refusal.kind, refusal.person.username) == ("door", "tina")


def test_adding_a_person_in_the_browser(sign_in, database, clock):
    client = sign_in("ada")
    typed = {"username": "drew", "name": "Drew Delver", "role": "driver", "password": "a long password"}

    assert client.post("/people", data=typed | {"role": ""}).status_code == 422
    assert client.post("/people", data=typed).status_code == 303
    assert "Drew Delver" in client.get("/people").text
    with database.reading() as session:
        entry = session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))
        assert entry.action == "added a person" and entry.person_name == "Ada Ashgrove"


def test_unknown_addresses_offer_the_search(sign_in):
    answer = sign_in("tina").get("/nowhere")

    assert answer.status_code == 404 and "search" in answer.text


def test_a_failure_gives_a_reference_and_changes_nothing(app, sign_in, monkeypatch):
    monkeypatch.setattr(
        "pharmacy.accounts.actions.add_person",
        lambda *_a, **_k: (_ for _ in ()).throw(RuntimeError("secret")),
    )
    typed = {"username": "drew", "name": "Drew", "role": "driver", "password": "a long password"}

    answer = sign_in("ada").post("/people", data=typed)

    assert answer.status_code == 500 and "secret" not in answer.text and "nothing was changed" in answer.text


def test_idle_limit_is_the_setting(app):
    assert app.extensions["settings"].idle_minutes * timedelta(minutes=1) == timedelta(minutes=15)
