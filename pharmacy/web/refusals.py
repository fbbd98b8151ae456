"""Refusals: one sentence for the user, one row for the record, and the form with all that was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, request
from sqlalchemy.orm import Session

from pharmacy.accounts.actions import PasswordRefusal, WrongPassword, count_wrong_password
from pharmacy.accounts.models import Person
from pharmacy.audit.actions import record_refusal
from pharmacy.domain.errors import Forbidden, InvalidInput, NotFound, Refusal, ScanRefused
from pharmacy.domain.interception import NOISE, RefusalKind
from pharmacy.web.request import database, now, session

# The category of what is said in the answer to a scan.
SCANNED = "scanned"
STATUS = {NotFound: 404, Forbidden: 403, InvalidInput: 400, ScanRefused: 409, WrongPassword: 403}
_KINDS = {
    Forbidden: RefusalKind.DOOR,
    InvalidInput: RefusalKind.ENTRY,
    NotFound: RefusalKind.NOT_FOUND,
    ScanRefused: RefusalKind.SCAN,
}


def status_of(refusal: Refusal) -> int:
    """Return the HTTP status of a refusal."""
    return STATUS.get(type(refusal), 409)


def keep_refusal(refusal: Refusal) -> None:
    """Undo the request and keep one row about what was tried, in a transaction of its own.

    A wrong guess at the sign-in was counted in the transaction that looked at it, so that no guess beside it
    goes uncounted: that transaction is kept.
    """
    if isinstance(refusal, WrongPassword) and refusal.is_counted:
        _add_row(session(), refusal)
        session().commit()
        return
    session().rollback()
    if g.get("refusal_kept"):
        return
    with database().transaction() as writing:
        _add_row(writing, refusal)
        if isinstance(refusal, WrongPassword) and refusal.person_id:
            count_wrong_password(writing, refusal.person_id, at=now())


def _add_row(writing: Session, refusal: Refusal) -> None:
    g.refusal_kept = True
    person_id, tried = g.get("person_id"), f"{request.method} {request.path}"
    kind = _KINDS.get(type(refusal), RefusalKind.RULE)
    if isinstance(refusal, PasswordRefusal):
        kind, person_id = RefusalKind.PASSWORD, refusal.person_id
        tried += f" as {refusal.username[:40]}" if refusal.username else ""
    by = writing.get(Person, person_id) if person_id else None
    record_refusal(writing, kind=kind, tried=tried, sentence=refusal.sentence, by=by, at=now(),
                   cause=refusal.cause, expected=refusal.expected, reading=refusal.reading,
                   **({} if kind in NOISE else _subject()))  # fmt: skip


def _subject() -> dict[str, int]:
    """Return the worksheet and the bag that the address names; both exist, or nothing would be refused."""
    named = request.view_args or {}
    return {name: named[name] for name in ("worksheet_id", "bag_id") if name in named}


def submit(
    form: Any,
    act: Callable[[], Any],
    *,
    page: Callable[[], str],
    said: str | None = None,
    sounds: bool = False,
) -> Any:
    """Check a form, act, or show its page again with everything that was typed.

    `act` does one action and returns the response; a refusal is shown in the form's summary with its status,
    or in the answer to a scan, which finds it as `form.refused`; `sounds` says what was done as such one.
    """
    if not form.validate_on_submit():
        return page(), 422
    try:
        response = act()
    except Refusal as refusal:
        keep_refusal(refusal)
        form.refused = refusal
        field = refusal.field if refusal.field in form else None
        if field:
            form[field].errors = [*form[field].errors, refusal.sentence]
        else:
            form.form_errors = [*form.form_errors, refusal.sentence]
        return page(), status_of(refusal)
    if said:
        flash(said, SCANNED if sounds else "message")
    return response
