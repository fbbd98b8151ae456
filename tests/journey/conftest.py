"""A real server and a real browser: each person of the sample signs in from a browser of their own."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from pharmacy.app import create_app
from pharmacy.database import Database
from pharmacy.sample.people import PASSWORD
from tests.conftest import Clock, make_settings

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the Chromium that the machine has; a machine without one fails with what to do."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.fail("The browser tests need Chromium; `make test` installs it when run as root.")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield started
        started.close()


def sign_in_again(page: Page, username: str) -> None:
    """Sign in, for the first time or after the session has ended."""
    page.goto("/sign-in")
    page.get_by_label("Sign-in name").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="What waits for you").wait_for()


@pytest.fixture
def address(database: Database, clock: Clock) -> Iterator[str]:
    """Serve the application on this machine, with its forms' tokens checked as in real life."""
    url = database.engine.url.render_as_string(hide_password=False)
    app = create_app(make_settings(url.replace("+psycopg", "")), clock)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["database"].engine.dispose()


@pytest.fixture
def browse(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Sign in as one of the sample people, each in a browser of their own, and return the page."""
    contexts = []

    def start(username: str, *, width: int = 1280, height: int = 900) -> Page:
        context = browser.new_context(base_url=address, viewport={"width": width, "height": height})
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
        sign_in_again(page, username)
        return page

    yield start
    for context in contexts:
        for page in context.pages:
            print(f"{page.url}\n{page.locator('main').inner_text()}\n")
        context.close()
