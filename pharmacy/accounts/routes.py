"""Pages of the accounts room."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, g, render_template, request
from flask import session as cookie
from werkzeug.utils import redirect

from pharmacy.accounts import actions, queries
from pharmacy.accounts.forms import (
    AddPersonForm,
    ChangePasswordForm,
    ReasonForm,
    ResetPasswordForm,
    SignInForm,
)
from pharmacy.accounts.passwords import try_password
from pharmacy.accounts.permissions import ROLE_NAMES, Permission
from pharmacy.web.doors import public, requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, database, go, now, session
from pharmacy.web.signing_in import kept_fields

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/sign-in")
@public
def sign_in() -> Any:
    """Show the sign-in page."""
    return render_template("accounts/sign_in.html", form=SignInForm(), kept=[], target="")


@blueprint.post("/sign-in")
@public
def submit_sign_in() -> Any:
    """Sign in under a new session, and go back to what was being done."""
    form = SignInForm()
    kept = kept_fields((k[5:], v) for k, v in request.form.items(multi=True) if k.startswith("kept."))
    target = request.form.get("target", "")

    def act() -> Any:
        username, password = form.username.data or "", form.password.data or ""
        _try_before_the_lock(username, password)
        token, login = actions.sign_in(session(), username=username, password=password, at=now())
        after, ended_person = cookie.get("after", "/"), cookie.get("ended_person")
        _begin_cookie(token)
        if kept and _is_local(target) and login.person_id == ended_person:
            g.login, g.person, g.person_id = login, login.person, login.person_id
            return render_template("accounts/continue.html", kept=kept, target=target)
        return redirect(after if _is_local(after) else "/", code=303)

    return submit(
        form,
        act,
        page=lambda: render_template("accounts/sign_in.html", form=form, kept=kept, target=target),
    )


def _try_before_the_lock(username: str, password: str) -> None:
    """Hash what was typed while nobody waits: a hundred guesses never stop the people who work."""
    session().rollback()
    with database().reading() as reading:
        person = queries.find_person(reading, username)
        tried = try_password(person.password_hash if person else None, password)
    session().info["tried_password"] = tried


def _begin_cookie(token: str) -> None:
    """Begin a new cookie, and with it a new secret for the tokens of forms."""
    cookie.clear()
    g.pop("csrf_token", None)
    cookie["token"] = token


def _is_local(address: str) -> bool:
    return address.startswith("/") and not address.startswith(("//", "/\\"))


@blueprint.post("/sign-out")
@public
def submit_sign_out() -> Any:
    """End the session."""
    if "login" in g:
        actions.sign_out(session(), g.login, by=actor(), at=now())
    cookie.clear()
    flash("You are signed out.")
    return go("accounts.sign_in")


@blueprint.get("/password")
@requires(Permission.SEE_WORKLIST)
def change_password() -> str:
    """Ask for a new password of one's own."""
    return render_template("accounts/change_password.html", form=ChangePasswordForm())


@blueprint.post("/password")
@requires(Permission.SEE_WORKLIST)
def submit_change_password() -> Any:
    """Choose one's own password."""
    form = ChangePasswordForm()

    def act() -> Any:
        actions.change_password(
            session(),
            password=form.password.data or "",
            new_password=form.new_password.data or "",
            login=g.login,
            by=actor(),
            at=now(),
            cost=current_app.extensions["settings"].password_cost,
        )
        return go("accounts.change_password")

    return submit(
        form,
        act,
        page=lambda: render_template("accounts/change_password.html", form=form),
        said="Your new password holds.",
    )


@blueprint.get("/people")
@requires(Permission.MANAGE_PEOPLE)
def people() -> str:
    """List the people of the site."""
    return _people_page(AddPersonForm())


def _people_page(form: AddPersonForm) -> str:
    found = queries.list_people(session(), site_id=actor().site_id)
    return render_template("accounts/people.html", people=found, form=form, role_names=ROLE_NAMES)


@blueprint.post("/people")
@requires(Permission.MANAGE_PEOPLE)
def submit_add_person() -> Any:
    """Add a person."""
    form = AddPersonForm()

    def act() -> Any:
        actions.add_person(
            session(),
            actor().site,
            username=form.username.data or "",
            name=form.name.data or "",
            role=form.chosen_role(),
            password=form.password.data or "",
            licence=form.licence.data or None,
            licence_expires=form.licence_expires.data,
            by=actor(),
            at=now(),
            cost=current_app.extensions["settings"].password_cost,
        )
        return go("accounts.people")

    return submit(form, act, page=lambda: _people_page(form), said="The person was added.")


@blueprint.get("/people/<int:person_id>/close")
@requires(Permission.MANAGE_PEOPLE)
def close_account(person_id: int) -> str:
    """Ask why an account is closed."""
    return _close_page(person_id, ReasonForm())


def _close_page(person_id: int, form: ReasonForm) -> str:
    person = queries.get_person(session(), person_id, site_id=actor().site_id)
    return render_template("accounts/close_account.html", other=person, form=form)


@blueprint.post("/people/<int:person_id>/close")
@requires(Permission.MANAGE_PEOPLE)
def submit_close_account(person_id: int) -> Any:
    """Close an account."""
    form = ReasonForm()

    def act() -> Any:
        person = queries.get_person(session(), person_id, site_id=actor().site_id)
        actions.close_account(session(), person, reason=form.reason.data or "", by=actor(), at=now())
        return go("accounts.people")

    return submit(form, act, page=lambda: _close_page(person_id, form), said="The account is closed.")


@blueprint.get("/people/<int:person_id>/password")
@requires(Permission.MANAGE_PEOPLE)
def reset_password(person_id: int) -> str:
    """Ask for a first password for somebody who has lost their own."""
    return _reset_page(person_id, ResetPasswordForm())


def _reset_page(person_id: int, form: ResetPasswordForm) -> str:
    person = queries.get_person(session(), person_id, site_id=actor().site_id)
    return render_template("accounts/reset_password.html", other=person, form=form)


@blueprint.post("/people/<int:person_id>/password")
@requires(Permission.MANAGE_PEOPLE)
def submit_reset_password(person_id: int) -> Any:
    """Give a person a first password again."""
    form = ResetPasswordForm()

    def act() -> Any:
        person = queries.get_person(session(), person_id, site_id=actor().site_id)
        actions.reset_password(
            session(),
            person,
            password=form.password.data or "",
            reason=form.reason.data or "",
            by=actor(),
            at=now(),
            cost=current_app.extensions["settings"].password_cost,
        )
        return go("accounts.people")

    return submit(form, act, page=lambda: _reset_page(person_id, form), said="The password was reset.")
