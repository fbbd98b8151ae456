"""Settings from the environment: all that is missing or wrong is reported at once; defaults are safe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

_LEAST_KEY = 32


class WrongSettings(Exception):
    """List every setting that is missing or wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """Hold what differs from one installation to the next."""

    database_url: str
    secret_key: str
    audit_key: str
    idle_minutes: int = 15
    secure_cookies: bool = True
    password_cost: str = "default"  # noqa: S105


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Read the settings; raises WrongSettings naming everything that is missing or wrong."""
    problems: list[str] = []
    database_url = environment.get("PHARMACY_DATABASE_URL", "")
    if not _is_database_url(database_url):
        problems.append(
            "PHARMACY_DATABASE_URL should be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME."
        )
    keys = {}
    for name in ("PHARMACY_SECRET_KEY", "PHARMACY_AUDIT_KEY"):
        keys[name] = environment.get(name, "")
        if len(keys[name]) < _LEAST_KEY:
            problems.append(f"{name} should be a random text of at least {_LEAST_KEY} characters.")
    idle = environment.get("PHARMACY_IDLE_MINUTES", "15")
    if not (idle.isascii() and idle.isdigit() and 1 <= int(idle) <= 240):
        problems.append("PHARMACY_IDLE_MINUTES should be a whole number from 1 to 240.")
    secure = environment.get("PHARMACY_SECURE_COOKIES", "1")
    if secure not in {"0", "1"}:
        problems.append("PHARMACY_SECURE_COOKIES should be 1 (served over TLS) or 0 (this machine only).")
    if problems:
        raise WrongSettings(problems)
    return Settings(
        database_url=database_url,
        secret_key=keys["PHARMACY_SECRET_KEY"],
        audit_key=keys["PHARMACY_AUDIT_KEY"],
        idle_minutes=int(idle),
        secure_cookies=secure == "1",
    )


def _is_database_url(url: str) -> bool:
    """Tell whether a URL names a file or a server; a database in memory would forget everything."""
    file = url.removeprefix("sqlite:///")
    if file != url:
        return file.partition("?")[0] not in {"", ":memory:"} and "mode=memory" not in file
    try:
        parts = urlsplit(url)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return parts.scheme in {"postgresql", "postgresql+psycopg"} and has_port
