"""Passwords: hashed with argon2 and never kept in the clear."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from argon2 import PasswordHasher, Type, profiles
from argon2.exceptions import InvalidHashError, VerificationError

from pharmacy.domain.errors import InvalidInput

LEAST = 12
# The full profile for people, and the cheapest one for tests that sign in a thousand times.
_HASHERS = {
    "default": PasswordHasher(type=Type.ID),
    "cheapest": PasswordHasher.from_parameters(profiles.CHEAPEST),
}


@cache
def _nobody() -> str:
    return _HASHERS["default"].hash("nobody has this password")


@dataclass(frozen=True)
class TriedPassword:
    """Hold what came of a password that was tried before anybody had to wait for the answer."""

    password_hash: str | None
    password: str = field(repr=False)
    right: bool


def try_password(password_hash: str | None, password: str) -> TriedPassword:
    """Try a password; slow on purpose, so call it while no write lock is held."""
    return TriedPassword(password_hash, password, is_password(password_hash, password))


def hash_password(password: str, *, cost: str = "default", field: str = "password") -> str:
    """Hash a new password; refuses one shorter than twelve characters, naming `field`."""
    if len(password) < LEAST:
        raise InvalidInput(f"Choose a password of at least {LEAST} characters.", field=field)
    return _HASHERS[cost].hash(password)


def is_password(password_hash: str | None, password: str) -> bool:
    """Tell whether a password matches; takes as long for a name that nobody has."""
    try:
        matches = _HASHERS["default"].verify(password_hash or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return matches and password_hash is not None
