"""Signing in, signing and adding people."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from pharmacy.accounts import actions
from pharmacy.accounts.models import LoginSession, Person, Signature
from pharmacy.accounts.permissions import Role
from pharmacy.audit.models import AuditEntry
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.sample.people import PASSWORD
from tests.conftest import START


def last_entry(session):
    return session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))


def test_sign_in_opens_a_session_and_is_recorded(session):
    token, login = actions.sign_in(session, username=" Tina ", password=PASSWORD, at=START)

    assert login.person.username == "tina" and token not in login.token_digest
    assert (last_entry(session).action, last_entry(session).at) == ("signed in", START)


@pytest.mark.parametrize(("username", "password"), [("tina", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_wrong_name_and_wrong_password_are_refused_alike(session, username, password):
    with pytest.raises(actions.WrongPassword, match="The name or the password is not right"):
        actions.sign_in(session, username=username, password=password, at=START)

    assert session.scalars(select(LoginSession)).all() == []


def test_five_wrong_passwords_lock_for_fifteen_minutes(session, people):
    tina = people("tina")
    for _ in range(actions.TRIES - 1):
        actions.count_wrong_password(session, tina.id, at=START)
    assert tina.locked_until is None

    actions.count_wrong_password(session, tina.id, at=START)

    locked_until = START + actions.LOCKED_FOR
    for at in (START, locked_until - timedelta(seconds=1)):
        with pytest.raises(Refusal, match="locked"):
            actions.sign_in(session, username="tina", password=PASSWORD, at=at)
    actions.sign_in(session, username="tina", password=PASSWORD, at=locked_until)
    assert tina.failed_sign_ins == 0


def test_signature_holds_name_meaning_time_and_digest(session, people):
    paula = people("paula")

    made = actions.sign(session, paula, meaning="review", content={"dose": "2 g"}, password=PASSWORD,
                        by=paula, at=START)  # fmt: skip
    other = actions.sign(session, paula, meaning="review", content={"dose": "3 g"}, password=PASSWORD,
                         by=paula, at=START)  # fmt: skip

    assert (made.printed_name, made.meaning, made.signed_at) == ("Paula Penhallow", "review", START)
    assert len(made.digest) == 64 and made.digest != other.digest


def test_signing_with_a_wrong_password_signs_nothing(session, people):
    paula = people("paula")
    count = len(session.scalars(select(Signature)).all())

    with pytest.raises(actions.WrongPassword, match="nothing was signed"):
        actions.sign(session, paula, meaning="review", content={}, password="x", by=paula, at=START)

    assert len(session.scalars(select(Signature)).all()) == count


@pytest.mark.parametrize(("days", "refused"), [(-1, True), (0, False), (1, False)])
def test_expired_licence_cannot_sign(session, people, days, refused):
    paula = people("paula")
    paula.licence_expires = START.date() + timedelta(days=days)

    def sign():
        return actions.sign(
            session, paula, meaning="review", content={}, password=PASSWORD, by=paula, at=START
        )

    if refused:
        with pytest.raises(Refusal, match="licence of Paula Penhallow has expired"):
            sign()
    else:
        assert sign().id


def add(session, **changes):
    values = {
        "username": "nina", "name": "Nina New", "role": Role.TECHNICIAN, "password": "twelve letters",
        "licence": "T-9", "licence_expires": date(2027, 1, 1), "by": None, "at": START, "cost": "cheapest",
    } | changes  # fmt: skip
    site = session.scalar(select(Person)).site
    return actions.add_person(session, site, **values)


def test_adding_a_person_is_recorded(session, people):
    person = add(session, by=people("ada"))

    assert person.initials == "NN"
    assert last_entry(session).person_name == "Ada Ashgrove"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"username": "Tina"}, "taken"),
        ({"username": " "}, "Give the person's name"),
        ({"password": "eleven char"}, "at least 12"),
        ({"licence": None}, "licence"),
        ({"licence_expires": None}, "licence"),
    ],
)
def test_adding_a_person_is_refused(session, changes, sentence):
    count = len(session.scalars(select(Person)).all())

    with pytest.raises(InvalidInput, match=sentence):
        add(session, **changes)

    assert len(session.scalars(select(Person)).all()) == count


def test_closing_an_account(session, people):
    tina, ada = people("tina"), people("ada")

    actions.close_account(session, tina, reason="left", by=ada, at=START)

    assert last_entry(session).reason == "left"
    with pytest.raises(Refusal, match="closed already"):
        actions.close_account(session, tina, reason="again", by=ada, at=START)
    with pytest.raises(Refusal, match="your own"):
        actions.close_account(session, ada, reason="no", by=ada, at=START)
    with pytest.raises(Forbidden):
        actions.close_account(session, ada, reason="no", by=people("paula"), at=START)
    with pytest.raises(actions.WrongPassword):
        actions.sign_in(session, username="tina", password=PASSWORD, at=START)
