"""Who is signed in: the cookie's token, the idle limit, and the way back to what was being done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import Flask, current_app, g, redirect, render_template, request
from flask import session as cookie
from flask_wtf.csrf import validate_csrf
from sqlalchemy.orm import Session
from wtforms.validators import ValidationError

from pharmacy.accounts.forms import SignInForm
from pharmacy.accounts.models import LoginSession
from pharmacy.accounts.passwords import try_password
from pharmacy.accounts.queries import find_login_session, find_person
from pharmacy.audit.actions import record_read
from pharmacy.web.request import database, now, only_reads, session

# A sign-in's last use is written at most this often, so that most pages write nothing.
_SEEN_EVERY = timedelta(seconds=30)
_FILES = {"static", "bootstrap.static"}
# What a script asks for beside the page: never a place to go back to.
_ASIDE = {"worklist.awake"}


def register_signing_in(app: Flask) -> None:
    """Find the person before each request, and close the session after it."""
    app.before_request(_find_person)
    app.after_request(_record_reads)
    app.teardown_request(_close)


def kept_fields(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what may be kept of a form that came too late: everything but passwords and the form's token."""
    return [(name, value) for name, value in pairs if name != "csrf_token" and "password" not in name]


def _find_person() -> Any:
    if request.endpoint in _FILES:
        return None
    login = _current_login()
    if login is not None:
        g.login, g.person, g.person_id = login, login.person, login.person_id
        return None
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or getattr(view, "permission", "missing") is None:
        return None
    return _ask_to_sign_in()


def _current_login() -> LoginSession | None:
    """Find the live sign-in; a request that writes looks first, so that nobody waits for what it finds."""
    token = cookie.get("token")
    if not token:
        return None
    if only_reads():
        login = _find_live(session(), token)
        if login is not None:
            _note_use(login)
        return login
    with database().reading() as reading:
        login = _find_live(reading, token)
        if login is None:
            return None
        password, name = request.form.get("password"), request.form.get("username")
        # A second person may sign a step at somebody else's station.
        person = find_person(reading, name) if name else login.person
        tried = try_password(person.password_hash if person else None, password) if password else None
    _note_use(login)
    session().info["tried_password"] = tried
    return _find_live(session(), token)


def _find_live(source: Session, token: str) -> LoginSession | None:
    login = find_login_session(source, token)
    if login is None:
        return None
    idle = timedelta(minutes=current_app.extensions["settings"].idle_minutes)
    if login.ended_at or not login.person.active or now() - login.seen_at >= idle:
        g.ended_person_id = login.person_id
        return None
    return login


def _note_use(login: LoginSession) -> None:
    """Write when the sign-in was last used, whatever becomes of the request."""
    if now() - login.seen_at >= _SEEN_EVERY:
        with database().noting.begin() as noting:
            noting.get_one(LoginSession, login.id).seen_at = now()


def _ask_to_sign_in() -> Any:
    cookie.pop("token", None)
    if "ended_person_id" in g:
        cookie["ended_person"] = g.ended_person_id
    if request.method in {"GET", "HEAD"}:
        if request.endpoint not in _ASIDE and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate":
            cookie["after"] = request.full_path.rstrip("?")
        return redirect("/sign-in", code=303)
    if "session" in g:
        g.session.rollback()
    kept = kept_fields(request.form.items(multi=True)) if _is_own_form() else []
    form = SignInForm(formdata=None)
    return render_template("accounts/sign_in.html", form=form, kept=kept, target=request.path), 401


def _is_own_form() -> bool:
    """Tell whether one of our own pages sent the form, for somebody whose session has just ended."""
    if "ended_person" not in cookie:
        return False
    if not current_app.config.get("WTF_CSRF_ENABLED", True):
        return True
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True


def _record_reads(response: Any) -> Any:
    charts = g.pop("charts", None)
    if charts and "person_id" in g and not 300 <= response.status_code < 400:
        # The request's own session may still hold the write lock, and would be waited for.
        session().rollback()
        with database().noting.begin() as noting:
            for patient_id in sorted(charts):
                record_read(noting, patient_id=patient_id, page=request.path, person_id=g.person_id, at=now())
    return response


def _close(_error: BaseException | None) -> None:
    if "session" in g:
        g.pop("session").close()
