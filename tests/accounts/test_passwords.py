"""Passwords of one's own: before the first signature, and after a reset."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from pharmacy.accounts import actions
from pharmacy.accounts.models import LoginSession, Signature
from pharmacy.accounts.permissions import Role
from pharmacy.audit.models import AuditEntry
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.sample.people import PASSWORD
from tests.conftest import START

FIRST, OWN = "a first password", "one of my own"


def sign(session, by, password, at=START):
    return actions.sign(session, by, meaning="review", content={}, password=password, by=by, at=at)


def change(session, by, **changes):
    values = {"password": FIRST, "new_password": OWN, "login": None, "at": START, "cost": "cheapest"}
    actions.change_password(session, by=by, **values | changes)


@pytest.fixture
def nina(session, people):
    """A pharmacist who was added today, with a password that the administrator typed."""
    return actions.add_person(
        session, people("ada").site, username="nina", name="Nina New", role=Role.PHARMACIST, password=FIRST,
        licence="P-9", licence_expires=date(2030, 1, 1), by=people("ada"), at=START, cost="cheapest",
    )  # fmt: skip


def test_nobody_signs_with_a_password_that_somebody_else_chose(session, nina):
    count = len(session.scalars(select(Signature)).all())
    with pytest.raises(Refusal, match="Choose your own under Your password"):
        sign(session, nina, FIRST)
    assert len(session.scalars(select(Signature)).all()) == count

    change(session, nina)

    assert sign(session, nina, OWN).id
    with pytest.raises(actions.WrongPassword):
        sign(session, nina, FIRST)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"password": "wrong"}, "present password is not right"),
        ({"new_password": FIRST}, "not the present one"),
        ({"new_password": "short"}, "at least 12"),
    ],
)
def test_a_new_password_is_refused(session, nina, changes, sentence):
    with pytest.raises(Refusal, match=sentence):
        change(session, nina, **changes)

    assert not nina.password_chosen


def test_a_reset_asks_for_a_password_of_ones_own_again(session, people):
    paula, ada = people("paula"), people("ada")
    _token, login = actions.sign_in(session, username="paula", password=PASSWORD, at=START)
    paula.locked_until = START + timedelta(minutes=5)

    actions.reset_password(session, paula, password=FIRST, reason="lost", by=ada, at=START, cost="cheapest")

    session.refresh(login)
    assert login.ended_at == START and not paula.password_chosen and paula.locked_until is None
    entry = session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))
    assert (entry.action, entry.reason, entry.person_name) == ("reset a password", "lost", "Ada Ashgrove")
    with pytest.raises(Refusal, match="Your password"):
        sign(session, paula, FIRST)


def test_who_may_reset(session, people):
    paula, ada = people("paula"), people("ada")
    given = {"password": FIRST, "reason": "x", "at": START}
    with pytest.raises(Forbidden):
        actions.reset_password(session, ada, by=paula, **given)
    with pytest.raises(Refusal, match="own password"):
        actions.reset_password(session, ada, by=ada, **given)
    paula.active = False
    with pytest.raises(Refusal, match="closed"):
        actions.reset_password(session, paula, by=ada, **given)
    with pytest.raises(InvalidInput, match="at least 12"):
        actions.reset_password(session, people("tina"), by=ada, **given | {"password": "short"})


def test_a_locked_person_cannot_sign_and_is_signed_out(session, people):
    paula = people("paula")
    _token, login = actions.sign_in(session, username="paula", password=PASSWORD, at=START)
    for _ in range(actions.TRIES):
        actions.count_wrong_password(session, paula.id, at=START)

    with pytest.raises(actions.SignInLocked):
        sign(session, paula, PASSWORD)
    session.refresh(login)
    assert login.ended_at == START
    assert sign(session, paula, PASSWORD, START + actions.LOCKED_FOR).id


def test_changing_a_password_ends_the_other_sessions(session, people):
    tina = people("tina")
    kept, other = (
        actions.sign_in(session, username="tina", password=PASSWORD, at=START)[1] for _ in range(2)
    )

    change(session, tina, password=PASSWORD, login=kept)

    session.expire_all()
    ended = {one.id: one.ended_at for one in session.scalars(select(LoginSession))}
    assert ended == {kept.id: None, other.id: START}


@pytest.mark.parametrize(("at", "refused"), [("2026-11-10T04:59:59", False), ("2026-11-10T05:00:00", True)])
def test_a_licence_holds_to_the_end_of_its_day_at_the_site(session, people, at, refused):
    paula, instant = people("paula"), datetime.fromisoformat(f"{at}+00:00")
    paula.licence_expires = date(2026, 11, 9)

    if refused:
        with pytest.raises(Refusal, match="expired"):
            sign(session, paula, PASSWORD, instant)
    else:
        assert sign(session, paula, PASSWORD, instant).id


def test_the_pages_of_passwords(sign_in, app):
    ada, paula = sign_in("ada"), sign_in("paula")
    people = ada.get("/people").text
    address = people.split('">Reset the password of Paula')[0].rsplit('"', 1)[1]

    page = ada.get(address).text
    assert 'autocomplete="new-password"' in page and 'autocomplete="new-password"' in people
    assert ada.post(address, data={"reason": "lost", "password": "short"}).status_code == 400
    assert ada.post(address, data={"reason": "lost", "password": FIRST}).status_code == 303
    assert paula.get("/password").status_code == 303
    paula = app.test_client()
    assert 'autocomplete="username"' in paula.get("/sign-in").text
    paula.post("/sign-in", data={"username": "paula", "password": FIRST})
    assert "Somebody else knows" in paula.get("/password").text
    typed = {"password": FIRST, "new_password": OWN}
    assert paula.post("/password", data=typed | {"again_password": "other"}).status_code == 422
    assert paula.post("/password", data=typed | {"again_password": OWN}).status_code == 303
    assert "Your password is your own" in paula.get("/password").text
