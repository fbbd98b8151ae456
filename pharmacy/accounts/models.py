"""Sites, people, sign-in sessions and signatures."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pharmacy.accounts.permissions import Permission, Role, may
from pharmacy.database import Base, Id


class Site(Base):
    """A licensed pharmacy with its own address, clock and policies."""

    __tablename__ = "site"

    id: Mapped[Id]
    name: Mapped[str]
    licence: Mapped[str]
    address: Mapped[str]
    phone_24_hour: Mapped[str]
    time_zone: Mapped[str]
    notice: Mapped[str]
    preparation_lead_hours: Mapped[int]
    spare_bags: Mapped[int]
    out_of_refrigerator_hours: Mapped[int]
    lab_days: Mapped[int]
    sole_pharmacist: Mapped[bool]


class Person(Base):
    """Somebody who signs in under their own name."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("username"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    username: Mapped[str]
    name: Mapped[str]
    initials: Mapped[str]
    role: Mapped[Role]
    password_hash: Mapped[str]
    # Whether the password is the person's own: somebody else knows a first one, and one that was reset.
    password_chosen: Mapped[bool]
    licence: Mapped[str | None]
    licence_expires: Mapped[date | None]
    active: Mapped[bool]
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]

    site: Mapped[Site] = relationship(lazy="joined")

    def may(self, permission: Permission) -> bool:
        """Tell whether this person may do something."""
        return may(self.role, permission)


class LoginSession(Base):
    """One sign-in from one browser, found by the digest of its secret token."""

    __tablename__ = "login_session"

    id: Mapped[Id]
    token_digest: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="joined")


class Signature(Base):
    """Who signed what, when and with which meaning, tied to the content by its digest."""

    __tablename__ = "signature"
    __table_args__ = (CheckConstraint("length(digest) = 64", name="digest"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    record_type: Mapped[str] = mapped_column(index=True)
    record_id: Mapped[int] = mapped_column(index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    printed_name: Mapped[str]
    meaning: Mapped[str]
    signed_at: Mapped[datetime]
    digest: Mapped[str]

    person: Mapped[Person] = relationship(lazy="joined")


__all__ = ["LoginSession", "Person", "Signature", "Site"]
