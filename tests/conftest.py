"""What all tests share: two databases with the sample pharmacy, a clock that the test moves, and sign-ins."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

import pharmacy.database
from pharmacy.accounts.models import Person
from pharmacy.accounts.queries import find_person
from pharmacy.app import create_app
from pharmacy.config import Settings
from pharmacy.database import Database
from pharmacy.database_cli import upgrade_database
from pharmacy.sample.load import load_sample
from pharmacy.sample.people import PASSWORD
from tests.fast_folder import fast_folder
from tests.postgres import postgres_server
from tests.shared_statements import sharing_engine

hypothesis_settings.register_profile(
    "pharmacy",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis_settings.load_profile("pharmacy")
pharmacy.database.create_engine = sharing_engine

# Monday 9 November 2026, 09:00 at the sample site.
START = datetime(2026, 11, 9, 14, 0, tzinfo=UTC)


class Clock:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **parts: float) -> datetime:
        """Move on by days, hours or minutes."""
        self.now += timedelta(**parts)
        return self.now


def make_settings(url: str) -> Settings:
    """Return settings for tests: cheap passwords, no TLS."""
    return Settings(
        database_url=url,
        secret_key="k" * 32,
        audit_key="a" * 32,
        secure_cookies=False,
        password_cost="cheapest",
    )


def _prepare(url: str, *, sample: bool) -> None:
    database = Database(make_settings(url))
    upgrade_database(database)
    if sample:
        with database.transaction() as session:
            load_sample(session, at=START, cost="cheapest")
    database.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_templates() -> Iterator[dict[str, Path]]:
    """Migrate one empty and one sample SQLite database; tests copy them."""
    with fast_folder("templates") as folder:
        found = {}
        for name in ("empty", "sample"):
            found[name] = folder / f"{name}.db"
            _prepare(f"sqlite:///{found[name]}", sample=name == "sample")
        yield found


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Start one PostgreSQL server with an empty and a sample database as templates."""
    with postgres_server() as url:
        for name in ("empty", "sample"):
            _run_sql(url, f"CREATE DATABASE template_{name}")
            _prepare(_named(url, f"template_{name}"), sample=name == "sample")
        yield url


def _named(url: str, name: str) -> str:
    head, _, options = url.partition("?")
    base = head.rsplit("/", 1)[0]
    return f"{base}/{name}" + (f"?{options}" if options else "")


def _run_sql(url: str, statement: str) -> None:
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


_numbers = iter(range(1, 1_000_000))


def _fresh(request: pytest.FixtureRequest, kind: str, template: str) -> Iterator[str]:
    if kind == "sqlite":
        with fast_folder("test") as folder:
            shutil.copy(request.getfixturevalue("sqlite_templates")[template], folder / "test.db")
            yield f"sqlite:///{folder / 'test.db'}"
        return
    url = request.getfixturevalue("postgres_url")
    name = f"test_{os.getpid()}_{next(_numbers)}"
    _run_sql(url, f"CREATE DATABASE {name} TEMPLATE template_{template}")
    yield _named(url, name)
    _run_sql(url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try pages and forms on one database: what they call is tried on both, and each page on PostgreSQL once.

    A test that names its databases itself keeps them.
    """
    named = any("database" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    is_a_door = metafunc.module.__name__.rpartition(".")[2].startswith("test_routes")
    if is_a_door and not named and "database" in metafunc.fixturenames:
        metafunc.definition.add_marker(pytest.mark.parametrize("database", ["sqlite"], indirect=True))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Give the sample pharmacy, freshly loaded, on each of the two databases."""
    for url in _fresh(request, request.param, "sample"):
        found = Database(make_settings(url))
        yield found
        found.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Give a migrated database with nothing in it."""
    for url in _fresh(request, request.param, "empty"):
        found = Database(make_settings(url))
        yield found
        found.engine.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """Give a writing session that is rolled back at the end."""
    with database.writing() as found:
        yield found


@pytest.fixture
def clock() -> Clock:
    """Give the clock of the test."""
    return Clock()


@pytest.fixture
def people(session: Session) -> Callable[[str], Person]:
    """Give the sample people by their sign-in name."""

    def find(username: str) -> Person:
        person = find_person(session, username)
        assert person is not None
        return person

    return find


@pytest.fixture
def app(database: Database, clock: Clock) -> Iterator[Flask]:
    """Give the application on the test's database and clock."""
    url = database.engine.url.render_as_string(hide_password=False)
    made = create_app(make_settings(url.replace("+psycopg", "")), clock)
    made.config["WTF_CSRF_ENABLED"] = False
    made.testing = False
    yield made
    made.extensions["database"].engine.dispose()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[str], FlaskClient]:
    """Sign in as one of the sample people and return their browser."""

    def start(username: str) -> FlaskClient:
        client = app.test_client()
        answer: Any = client.post("/sign-in", data={"username": username, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return client

    return start
