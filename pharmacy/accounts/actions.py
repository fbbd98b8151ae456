"""Sign in, sign out, add people, and sign records."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pharmacy.accounts.models import LoginSession, Person, Signature, Site
from pharmacy.accounts.passwords import hash_password, is_password
from pharmacy.accounts.permissions import Permission, Role, ensure_may
from pharmacy.accounts.queries import find_person
from pharmacy.audit.actions import record
from pharmacy.audit.chain import digest
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.local_time import find_zone

TRIES = 5
LOCKED_FOR = timedelta(minutes=15)


class WrongPassword(Refusal):
    """Say that a password is not right; the try is counted against `person`."""

    def __init__(self, sentence: str, person_id: int | None) -> None:
        super().__init__(sentence, field="password")
        self.person_id = person_id


def sign_in(session: Session, *, username: str, password: str, at: datetime) -> tuple[str, LoginSession]:
    """Open a session for a person and return its secret token; refuses a wrong name or password alike."""
    person = find_person(session, username)
    right = is_password(person.password_hash if person else None, password)
    if person and person.locked_until and person.locked_until > at:
        raise Refusal("This sign-in is locked after too many wrong passwords. Try again in 15 minutes.")
    if not right or person is None or not person.active:
        raise WrongPassword("The name or the password is not right.", person.id if person else None)
    person.failed_sign_ins, person.locked_until = 0, None
    token = secrets.token_urlsafe(32)
    login = LoginSession(
        token_digest=sha256(token.encode()).hexdigest(), person_id=person.id, started_at=at, seen_at=at
    )
    session.add(login)
    record(session, person, "signed in", by=person, at=at)
    return token, login


def count_wrong_password(session: Session, person_id: int, *, at: datetime) -> None:
    """Count a wrong password and lock the sign-in after five; runs in the refusal's own transaction."""
    person = session.get(Person, person_id)
    if person is None:
        return
    person.failed_sign_ins += 1
    if person.failed_sign_ins >= TRIES:
        person.failed_sign_ins, person.locked_until = 0, at + LOCKED_FOR
        record(session, person, "locked after wrong passwords", by=person, at=at)


def sign_out(session: Session, login: LoginSession, *, by: Person, at: datetime) -> None:
    """End a session."""
    login.ended_at = at
    record(session, by, "signed out", by=by, at=at)


def open_site(
    session: Session, site: Site, *, username: str, name: str, password: str, at: datetime, cost: str
) -> Person:
    """Add a site with its first administrator, who adds everybody else; refuses a name that is taken."""
    if session.scalar(select(Site).where(Site.name == site.name)) is not None:
        raise InvalidInput(f"A site called {site.name} is there already.", field="name")
    find_zone(site.time_zone, field="time zone")
    session.add(site)
    administrator = add_person(
        session,
        site,
        username=username,
        name=name,
        role=Role.ADMINISTRATOR,
        password=password,
        licence=None,
        licence_expires=None,
        by=None,
        at=at,
        cost=cost,
    )
    record(session, site, "opened a site", by=administrator, at=at, name=site.name, licence=site.licence)
    return administrator


def add_person(
    session: Session,
    site: Site,
    *,
    username: str,
    name: str,
    role: Role,
    password: str,
    licence: str | None,
    licence_expires: date | None,
    by: Person | None,
    at: datetime,
    cost: str = "default",
) -> Person:
    """Add a person; `by` is None only from the command line, where the first person comes from.

    Refuses a name that is taken and a pharmacist or technician without a licence.
    """
    username = username.strip().lower()
    if not username or not name.strip():
        raise InvalidInput("Give the person's name and the name they sign in with.", field="username")
    if find_person(session, username):
        raise InvalidInput(f"The sign-in name {username} is taken.", field="username")
    clinical = {Role.TECHNICIAN, Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE, Role.NURSE}
    if role in clinical and (not licence or licence_expires is None):
        raise InvalidInput("Give the licence and the date it expires.", field="licence")
    person = Person(
        site=site,
        username=username,
        name=name.strip(),
        initials="".join(part[0] for part in name.split()).upper(),
        role=role,
        password_hash=hash_password(password, cost=cost),
        licence=licence,
        licence_expires=licence_expires,
        active=True,
        failed_sign_ins=0,
    )
    session.add(person)
    session.flush()
    record(session, person, "added a person", by=by or person, at=at, username=username, role=role.value)
    return person


def close_account(session: Session, person: Person, *, reason: str, by: Person, at: datetime) -> None:
    """Stop a person from signing in; their name stands under everything they signed."""
    ensure_may(by.role, Permission.MANAGE_PEOPLE)
    if person.id == by.id:
        raise Refusal("You cannot close your own account.")
    if not person.active:
        raise Refusal(f"The account of {person.name} is closed already.")
    person.active = False
    record(session, person, "closed an account", by=by, at=at, reason=reason)


def sign(
    session: Session,
    subject: Any,
    *,
    meaning: str,
    content: Mapping[str, Any],
    password: str,
    by: Person,
    at: datetime,
) -> Signature:
    """Sign a record: password again, printed name, meaning, instant and the digest of what was signed.

    Refuses a wrong password and an expired licence (21 CFR 11.50, 11.70, 11.200).
    """
    if not is_password(by.password_hash, password):
        raise WrongPassword("The password is not right; nothing was signed.", by.id)
    if by.licence_expires is not None and by.licence_expires < at.date():
        raise Refusal(f"The licence of {by.name} has expired; it must be renewed before signing.")
    session.flush()
    signature = Signature(
        site_id=by.site_id,
        record_type=subject.__tablename__,
        record_id=subject.id,
        person_id=by.id,
        printed_name=by.name,
        meaning=meaning,
        signed_at=at.replace(microsecond=0),
        digest=digest(content),
    )
    session.add(signature)
    session.flush()
    return signature


def ensure_other_person(by: Person, *others: Person | int | None, sentence: str) -> None:
    """Refuse when `by` is one of the people whose work this is."""
    ids = {other.id if isinstance(other, Person) else other for other in others}
    if by.id in ids:
        raise Refusal(sentence)
