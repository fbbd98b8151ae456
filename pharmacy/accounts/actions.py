"""Sign in, sign out, choose passwords, add people, and sign records."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pharmacy.accounts.models import LoginSession, Person, Signature, Site
from pharmacy.accounts.passwords import TriedPassword, hash_password, is_password
from pharmacy.accounts.permissions import Permission, Role, ensure_may
from pharmacy.accounts.queries import find_person
from pharmacy.audit.actions import record, seal_with_next_entry
from pharmacy.audit.chain import digest
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.interception import Cause
from pharmacy.domain.local_time import find_zone, to_local

TRIES = 5
LOCKED_FOR = timedelta(minutes=15)


class PasswordRefusal(Refusal):
    """Refuse a password; `username` is what was typed at the sign-in."""

    def __init__(self, sentence: str, person_id: int | None, *, username: str = "") -> None:
        super().__init__(sentence, field="password")
        self.person_id = person_id
        self.username = username


class WrongPassword(PasswordRefusal):
    """Say that a password is not right; the try is counted against the person.

    `is_counted` tells that the session which raised it holds the count, and has to be committed.
    """

    def __init__(
        self, sentence: str, person_id: int | None, *, username: str = "", is_counted: bool = False
    ) -> None:
        super().__init__(sentence, person_id, username=username)
        self.is_counted = is_counted


class SignInLocked(PasswordRefusal):
    """Say that there were too many wrong passwords."""


def sign_in(session: Session, *, username: str, password: str, at: datetime) -> tuple[str, LoginSession]:
    """Open a session for a person and return its secret token; refuses a wrong name or password alike.

    A wrong password is counted in the transaction that looked at the lock: guesses sent side by side are
    counted one after the other.
    """
    person = recognise(session, username=username, password=password, at=at)
    person.failed_sign_ins, person.locked_until = 0, None
    token = secrets.token_urlsafe(32)
    login = LoginSession(
        token_digest=sha256(token.encode()).hexdigest(), person_id=person.id, started_at=at, seen_at=at
    )
    session.add(login)
    record(session, person, "signed in", by=person, at=at)
    return token, login


def recognise(session: Session, *, username: str, password: str, at: datetime) -> Person:
    """Return the person of a name and password, such as a second one at somebody else's station.

    Refuses a wrong name or password alike, and counts it in this transaction: nothing may have changed yet.
    """
    person = find_person(session, username)
    right = _is_right(session, person, password)
    if person is not None:
        _ensure_not_locked(person, at=at, username=username)
    if not right or person is None or not person.active:
        if person is not None:
            count_wrong_password(session, person.id, at=at)
        raise WrongPassword("The name or the password is not right.", person.id if person else None,
                            username=username, is_counted=True)  # fmt: skip
    return person


def _is_right(session: Session, person: Person | None, password: str) -> bool:
    """Use what the request found before it took the write lock, when it is about this very hash."""
    password_hash = person.password_hash if person else None
    tried = session.info.get("tried_password")
    if isinstance(tried, TriedPassword) and (tried.password_hash, tried.password) == (
        password_hash,
        password,
    ):
        return tried.right
    return is_password(password_hash, password)


def _ensure_not_locked(person: Person, *, at: datetime, username: str = "") -> None:
    if person.locked_until is not None and person.locked_until > at:
        sentence = "This sign-in is locked after too many wrong passwords. Try again in 15 minutes."
        raise SignInLocked(sentence, person.id, username=username)


def count_wrong_password(session: Session, person_id: int, *, at: datetime) -> None:
    """Count a wrong password; after five the sign-in is locked and every open session of the person ends."""
    person = session.get(Person, person_id)
    if person is None or (person.locked_until is not None and person.locked_until > at):
        return
    person.failed_sign_ins += 1
    if person.failed_sign_ins >= TRIES:
        person.failed_sign_ins, person.locked_until = 0, at + LOCKED_FOR
        _end_sessions(session, person, at=at)
        record(session, person, "locked after wrong passwords", by=person, at=at)


def _end_sessions(session: Session, person: Person, *, at: datetime, but: LoginSession | None = None) -> None:
    session.execute(
        update(LoginSession)
        .where(
            LoginSession.person_id == person.id,
            LoginSession.ended_at.is_(None),
            LoginSession.id != (but.id if but else 0),
        )
        .values(ended_at=at)
    )


def sign_out(session: Session, login: LoginSession, *, by: Person, at: datetime) -> None:
    """End a session."""
    login.ended_at = at
    record(session, by, "signed out", by=by, at=at)


def change_password(
    session: Session,
    *,
    password: str,
    new_password: str,
    login: LoginSession | None,
    by: Person,
    at: datetime,
    cost: str = "default",
) -> None:
    """Choose one's own password, with the present one; every other open session of the person ends."""
    _ensure_not_locked(by, at=at)
    if not _is_right(session, by, password):
        raise WrongPassword("The present password is not right; nothing was changed.", by.id)
    if new_password == password:
        raise InvalidInput("Choose a password that is not the present one.", field="new_password")
    by.password_hash = hash_password(new_password, cost=cost, field="new_password")
    by.password_chosen = True
    _end_sessions(session, by, at=at, but=login)
    record(session, by, "chose a password", by=by, at=at)


def reset_password(
    session: Session,
    person: Person,
    *,
    password: str,
    reason: str,
    by: Person,
    at: datetime,
    cost: str = "default",
) -> None:
    """Give a person a first password again; they cannot sign before they have chosen their own."""
    ensure_may(by.role, Permission.MANAGE_PEOPLE)
    if person.id == by.id:
        raise Refusal("Choose your own password under Your password.")
    if not person.active:
        raise Refusal(f"The account of {person.name} is closed.")
    person.password_hash, person.password_chosen = hash_password(password, cost=cost), False
    person.failed_sign_ins, person.locked_until = 0, None
    _end_sessions(session, person, at=at)
    record(session, person, "reset a password", by=by, at=at, reason=reason)


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
    password_chosen: bool = False,
) -> Person:
    """Add a person; `by` is None only from the command line, where the first person comes from.

    `password_chosen` tells that the password is the person's own already: true of the sample people only.
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
        password_chosen=password_chosen,
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

    Refuses a wrong password, one that somebody else chose, a locked sign-in, and a licence that expired
    before this day at the site (21 CFR 11.50, 11.70, 11.200, 11.300).
    """
    _ensure_not_locked(by, at=at)
    if not _is_right(session, by, password):
        raise WrongPassword("The password is not right; nothing was signed.", by.id)
    if not by.password_chosen:
        raise Refusal(
            "Somebody else knows your first password. Choose your own under Your password, at the top of the "
            "page, and then sign."
        )
    if (
        by.licence_expires is not None
        and by.licence_expires < to_local(at, find_zone(by.site.time_zone)).date()
    ):
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
    seal_with_next_entry(session, signature)
    session.flush()
    return signature


def sign_as_witness(
    session: Session,
    subject: Any,
    *,
    meaning: str,
    content: Mapping[str, Any],
    password: str,
    witness: Person,
    at: datetime,
) -> Signature:
    """Sign what somebody else did and this person saw, with their own password, on the other's page."""
    try:
        return sign(session, subject, meaning=meaning, content=content, password=password, by=witness,
                    at=at)  # fmt: skip
    except PasswordRefusal as refusal:
        refusal.field = "witness_password"
        raise


def ensure_other_person(by: Person, *others: Person | int | None, sentence: str) -> None:
    """Refuse when `by` is one of the people whose work this is."""
    ids = {other.id if isinstance(other, Person) else other for other in others}
    if by.id in ids:
        raise Refusal(sentence, cause=Cause.SAME_PERSON)
