"""What a request carries: its database session, the person who sent it, and this instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import current_app, g, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from pharmacy.accounts.models import Person
from pharmacy.database import Database
from pharmacy.domain.errors import Forbidden

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def database() -> Database:
    """Return the database of this application."""
    found: Database = current_app.extensions["database"]
    return found


def now() -> datetime:
    """Return this instant from the application's clock; the same for the whole request."""
    if "now" not in g:
        clock: Callable[[], datetime] = current_app.extensions["clock"]
        g.now = clock()
    moment: datetime = g.now
    return moment


def only_reads() -> bool:
    """Tell whether this request can change nothing: a GET, or an address that leads nowhere."""
    return request.method in SAFE or request.endpoint is None


def session() -> Session:
    """Return the session of this request: a GET only reads, everything else writes."""
    if "session" not in g:
        maker = database().reading if only_reads() else database().writing
        g.session = maker()
    found: Session = g.session
    return found


def actor() -> Person:
    """Return the person who is signed in."""
    person: Person | None = g.get("person")
    if person is None:
        raise Forbidden("Sign in first.")
    return person


def reads_chart(patient_id: int | None) -> None:
    """Note that this page shows a patient's chart, if any; it is recorded once the page has been made."""
    if patient_id is not None:
        g.setdefault("charts", set()).add(patient_id)


def go(endpoint: str, **values: Any) -> Response:
    """Redirect to a page after a successful action."""
    return redirect(url_for(endpoint, **values), code=303)
