"""Nobody waits for a note: chart reads, sign-ins in use and guesses hold up nobody who works."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from pharmacy.accounts import passwords
from pharmacy.accounts.models import LoginSession, Person
from pharmacy.accounts.permissions import Permission
from pharmacy.audit.models import ChartRead, Refusal
from pharmacy.domain.errors import NotFound
from pharmacy.domain.errors import Refusal as Refused
from pharmacy.patients.models import Patient
from pharmacy.sample.people import PASSWORD
from pharmacy.web.doors import requires
from pharmacy.web.refusals import keep_refusal
from pharmacy.web.request import reads_chart, session


@pytest.fixture
def chart(app):
    """Add a page that shows a chart, whatever it answers."""

    @requires(Permission.SEE_WORKLIST)
    def show(status):
        session().scalar(select(Patient))
        reads_chart(1)
        return "a chart", status

    app.add_url_rule("/chart/<int:status>", view_func=show, methods=["GET", "POST"])


def reads_of(database):
    with database.reading() as reading:
        return reading.scalar(select(func.count()).select_from(ChartRead))


@pytest.mark.parametrize(
    ("method", "status", "reads"),
    [("GET", 200, 1), ("POST", 200, 1), ("POST", 422, 1), ("POST", 409, 1), ("POST", 303, 0)],
)
def test_every_page_with_a_chart_is_recorded_at_once(chart, sign_in, database, clock, method, status, reads):
    client = sign_in("tina")
    clock.advance(minutes=1)

    assert client.open(f"/chart/{status}", method=method).status_code == status

    assert reads_of(database) == reads


def test_a_read_waits_for_no_writer_on_postgresql(chart, sign_in, database, clock):
    client = sign_in("tina")
    clock.advance(minutes=1)
    if database.engine.dialect.name == "sqlite":
        assert client.get("/chart/200").status_code == 200
    else:
        with database.transaction():
            assert client.get("/chart/200").status_code == 200

    assert reads_of(database) == 1


def test_use_is_noted_even_when_the_form_is_refused(sign_in, clock):
    client = sign_in("ada")
    for _ in range(3):
        clock.advance(minutes=10)
        assert client.post("/people", data={}).status_code == 422
    assert client.get("/people").status_code == 200


def test_guesses_side_by_side_are_all_counted(app, database):
    def guess(_number):
        data = {"username": "ada", "password": "wrong"}
        return app.test_client().post("/sign-in", data=data).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(12)))

    assert sorted(answers) == [403] * 5 + [409] * 7
    with database.reading() as reading:
        assert reading.scalar(select(func.count()).where(Refusal.kind == "password")) == 12


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_password_is_tried_while_nobody_waits(app, sign_in, database, monkeypatch, signed_in):
    tried = []
    client = sign_in("ada") if signed_in else app.test_client()
    plain = passwords.is_password

    def slow(password_hash, password):
        with database.transaction():
            tried.append(password)
        return plain(password_hash, password)

    monkeypatch.setattr(passwords, "is_password", slow)
    if signed_in:
        data = {"password": PASSWORD, "new_password": "a new password", "again_password": "a new password"}
        assert client.post("/password", data=data).status_code == 303
    else:
        data = {"username": "ada", "password": PASSWORD}
        assert client.post("/sign-in", data=data).status_code == 303

    assert tried == [PASSWORD]


def test_a_lock_ends_the_open_sessions(app, sign_in, database):
    at_work = sign_in("paula")
    for _ in range(5):
        app.test_client().post("/sign-in", data={"username": "paula", "password": "wrong"})

    assert at_work.get("/").status_code == 303
    with database.reading() as reading:
        assert reading.scalar(select(LoginSession)).ended_at is not None


def test_one_refusal_is_one_row(app, sign_in, database):
    @requires(Permission.SEE_WORKLIST)
    def twice():
        keep_refusal(Refused("First."))
        raise NotFound("Second.")

    app.add_url_rule("/twice", view_func=twice, methods=["POST"])

    assert sign_in("tina").post("/twice").status_code == 404

    with database.reading() as reading:
        assert [one.sentence for one in reading.scalars(select(Refusal))] == ["First."]


def test_failed_sign_ins_are_seen_by_those_who_read_refusals(app, sign_in):
    for username in ("ada", "stranger"):
        app.test_client().post("/sign-in", data={"username": username, "password": "wrong"})

    text = sign_in("arlo").get("/intercepted-errors?show=noise").text

    assert "POST /sign-in as ada" in text and "POST /sign-in as stranger" in text and "Ada Ashgrove" in text


def test_a_locked_sign_in_is_seen_too(app, database):
    with database.transaction() as writing:
        ada = writing.scalar(select(Person).where(Person.username == "ada"))
        ada.locked_until = app.extensions["clock"]().replace(year=2030)
    app.test_client().post("/sign-in", data={"username": "ada", "password": PASSWORD})

    with database.reading() as reading:
        row = reading.scalar(select(Refusal))
        assert (row.kind, row.person.username) == ("password", "ada")
