"""Reads of people, sessions and signatures."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pharmacy.accounts.models import LoginSession, Person, Signature, Site
from pharmacy.accounts.permissions import Role
from pharmacy.domain.errors import NotFound


def find_person(session: Session, username: str) -> Person | None:
    """Find a person by the name they sign in with."""
    return session.scalar(select(Person).where(Person.username == username.strip().lower()))


def get_person(session: Session, person_id: int, *, site_id: int) -> Person:
    """Return a person of a site."""
    person = session.get(Person, person_id)
    if person is None or person.site_id != site_id:
        raise NotFound("Nobody is recorded under this number.")
    return person


def list_people(session: Session, *, site_id: int) -> list[Person]:
    """List the people of a site by name."""
    return list(session.scalars(select(Person).where(Person.site_id == site_id).order_by(Person.name)))


def list_people_of_role(session: Session, role: Role, *, site_id: int) -> list[Person]:
    """List the active people of one role at a site."""
    return list(
        session.scalars(
            select(Person)
            .where(Person.site_id == site_id, Person.role == role, Person.active)
            .order_by(Person.name)
        )
    )


def find_login_session(session: Session, token: str) -> LoginSession | None:
    """Find a sign-in by its secret token."""
    token_digest = sha256(token.encode()).hexdigest()
    return session.scalar(select(LoginSession).where(LoginSession.token_digest == token_digest))


def get_site(session: Session, site_id: int) -> Site:
    """Return a site."""
    site = session.get(Site, site_id)
    if site is None:
        raise NotFound("No site is recorded under this number.")
    return site


def count_pharmacists(session: Session, *, site_id: int) -> int:
    """Count the active people of a site who may verify orders."""
    roles = (Role.PHARMACIST, Role.PHARMACIST_IN_CHARGE)
    return (
        session.scalar(
            select(func.count())
            .select_from(Person)
            .where(Person.site_id == site_id, Person.role.in_(roles), Person.active)
        )
        or 0
    )


def list_signatures(session: Session, record_type: str, record_id: int) -> list[Signature]:
    """List the signatures under a record, oldest first."""
    return list(
        session.scalars(
            select(Signature)
            .where(Signature.record_type == record_type, Signature.record_id == record_id)
            .order_by(Signature.id)
        )
    )
