"""Refusals: one sentence for the user, one row for the record, and the form with all that was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, request

from pharmacy.accounts.actions import WrongPassword, count_wrong_password
from pharmacy.accounts.models import Person
from pharmacy.audit.actions import record_refusal
from pharmacy.domain.errors import Forbidden, InvalidInput, NotFound, Refusal, ScanRefused
from pharmacy.web.request import database, now, session

STATUS = {NotFound: 404, Forbidden: 403, InvalidInput: 400, ScanRefused: 409, WrongPassword: 403}
_KINDS = {Forbidden: "door", ScanRefused: "scan", WrongPassword: "password", NotFound: "not found"}


def status_of(refusal: Refusal) -> int:
    """Return the HTTP status of a refusal."""
    return STATUS.get(type(refusal), 409)


def keep_refusal(refusal: Refusal) -> None:
    """Undo the request and keep one row about what was tried, in a transaction of its own."""
    person: Person | None = g.get("person")
    person_id = person.id if person else None
    session().rollback()
    with database().transaction() as writing:
        by = writing.get(Person, person_id) if person_id else None
        record_refusal(
            writing,
            kind=_KINDS.get(type(refusal), "rule"),
            tried=f"{request.method} {request.path}",
            sentence=refusal.sentence,
            by=by,
            at=now(),
        )
        if isinstance(refusal, WrongPassword) and refusal.person_id:
            count_wrong_password(writing, refusal.person_id, at=now())


def submit(form: Any, act: Callable[[], Any], *, page: Callable[[], str], said: str | None = None) -> Any:
    """Check a form, act, or show its page again with everything that was typed.

    `act` does one action and returns the response; a refusal is shown in the form's summary with its status.
    """
    if not form.validate_on_submit():
        return page(), 422
    try:
        response = act()
    except Refusal as refusal:
        keep_refusal(refusal)
        field = refusal.field if refusal.field in form else None
        if field:
            form[field].errors = [*form[field].errors, refusal.sentence]
        else:
            form.form_errors = [*form.form_errors, refusal.sentence]
        return page(), status_of(refusal)
    if said:
        flash(said)
    return response
