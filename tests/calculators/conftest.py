"""One application for all pages of the calculators: they change nothing, so that no test needs its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pharmacy.app import create_app
from pharmacy.sample.people import PASSWORD
from tests.conftest import Clock, make_settings
from tests.fast_folder import fast_folder


@pytest.fixture(scope="module")
def shared_app(sqlite_templates: dict[str, Path]) -> Iterator[Flask]:
    """Give the application on a copy of the sample pharmacy."""
    with fast_folder("calculators") as folder:
        shutil.copy(sqlite_templates["sample"], folder / "test.db")
        made = create_app(make_settings(f"sqlite:///{folder / 'test.db'}"), Clock())
        made.config["WTF_CSRF_ENABLED"] = False
        yield made
        made.extensions["database"].engine.dispose()


@pytest.fixture(scope="module")
def as_person(shared_app: Flask) -> Callable[[str], FlaskClient]:
    """Sign in as one of the sample people, once, and return their browser."""

    @cache
    def start(username: str) -> FlaskClient:
        client = shared_app.test_client()
        assert client.post("/sign-in", data={"username": username, "password": PASSWORD}).status_code == 303
        return client

    return start


@pytest.fixture
def paula(as_person: Callable[[str], FlaskClient]) -> FlaskClient:
    """Give the browser of a pharmacist."""
    return as_person("paula")
