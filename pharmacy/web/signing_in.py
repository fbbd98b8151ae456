"""Who is signed in: the cookie's token, the idle limit, and the way back to what was being done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask, current_app, g, redirect, render_template, request
from flask import session as cookie

from pharmacy.accounts.forms import SignInForm
from pharmacy.accounts.models import LoginSession
from pharmacy.accounts.queries import find_login_session
from pharmacy.audit.actions import record_read
from pharmacy.web.request import database, now, session

# A sign-in's last use is written at most this often, so that most pages write nothing.
_SEEN_EVERY = timedelta(seconds=30)
_NEVER_KEPT = {"csrf_token", "password", "username"}


def register_signing_in(app: Flask) -> None:
    """Find the person before each request, and close the session after it."""
    app.before_request(_find_person)
    app.after_request(_record_reads)
    app.teardown_request(_close)


def _find_person() -> Any:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint in {"static", "bootstrap.static", "assets.asset"}:
        return None
    login = _current_login()
    if login is not None:
        g.login, g.person = login, login.person
        return None
    if getattr(view, "permission", "missing") is None:
        return None
    return _ask_to_sign_in()


def _current_login() -> LoginSession | None:
    token = cookie.get("token")
    login = find_login_session(session(), token) if token else None
    idle = timedelta(minutes=current_app.extensions["settings"].idle_minutes)
    if login is None or login.ended_at or not login.person.active or now() - login.seen_at >= idle:
        return None
    if now() - login.seen_at >= _SEEN_EVERY:
        _see(login)
    return login


def _see(login: LoginSession) -> None:
    if session().info.get("write"):
        login.seen_at = now()
        return
    with database().transaction() as writing:
        writing.get_one(LoginSession, login.id).seen_at = now()


def _ask_to_sign_in() -> Any:
    cookie.pop("token", None)
    if request.method in {"GET", "HEAD"}:
        cookie["after"] = request.full_path.rstrip("?")
        return redirect("/sign-in", code=303)
    session().rollback()
    kept = [(k, v) for k, v in request.form.items(multi=True) if k not in _NEVER_KEPT]
    form = SignInForm(formdata=None)
    return render_template("accounts/sign_in.html", form=form, kept=kept, target=request.path), 401


def _record_reads(response: Any) -> Any:
    charts = g.pop("charts", None)
    if charts and response.status_code == 200:
        with database().transaction() as writing:
            for patient_id in sorted(charts):
                record_read(writing, patient_id=patient_id, page=request.path, by=g.person, at=now())
    return response


def _close(_error: BaseException | None) -> None:
    if "session" in g:
        g.pop("session").close()
