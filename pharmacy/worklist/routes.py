"""The home page of each role: its worklist."""

from __future__ import annotations

from flask import Blueprint, render_template

from pharmacy.accounts.permissions import Permission
from pharmacy.web.doors import requires
from pharmacy.web.request import actor, now, session
from pharmacy.worklist import queries

blueprint = Blueprint("worklist", __name__)


@blueprint.get("/")
@requires(Permission.SEE_WORKLIST)
def home() -> str:
    """Show what waits for this person."""
    waiting = queries.list_waiting(session(), person=actor(), at=now())
    return render_template("worklist/home.html", waiting=waiting, at=now())


@blueprint.get("/awake")
@requires(Permission.SEE_WORKLIST)
def awake() -> tuple[str, int]:
    """Keep a session open while somebody works on a page."""
    return "", 204
