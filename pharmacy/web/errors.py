"""Errors: one table from what went wrong to a status and a page that says what to do."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from flask import Flask, g, make_response, render_template
from flask import session as cookie
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError

from pharmacy.domain.errors import Refusal
from pharmacy.web.refusals import keep_refusal, status_of

_log = logging.getLogger(__name__)
_SENTENCES = {
    400: "What was sent cannot be read. Go back and try again.",
    404: "There is nothing under this address. Use the search box to find it.",
    405: "This address cannot be used in this way.",
    413: "What was sent is too large.",
}


def register_errors(app: Flask) -> None:
    """Register the handlers: refusals by their status, everything unforeseen with a reference number."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StaleDataError, _failed)
    app.register_error_handler(Exception, _failed)


def _page(status: int, sentence: str, reference: str | None = None) -> tuple[str, int]:
    g.pop("charts", None)
    return render_template("error.html", status=status, sentence=sentence, reference=reference), status


def _refused(refusal: Refusal) -> tuple[str, int]:
    keep_refusal(refusal)
    return _page(status_of(refusal), refusal.sentence)


def _csrf(_error: CSRFError) -> tuple[str, int]:
    return _page(400, "This form is too old to be sent. Go back, reload the page and send it again.")


def _http(error: HTTPException) -> Any:
    if error.response is not None:
        return error.response
    if isinstance(error, InternalServerError) and isinstance(error.original_exception, Exception):
        return _failed(error.original_exception)
    status = error.code or 500
    answer = make_response(_page(status, _SENTENCES.get(status, error.description or error.name)))
    answer.headers.extend((name, value) for name, value in error.get_headers() if name == "Allow")
    return answer


def _failed(error: Exception) -> tuple[str, int]:
    """Say that it went wrong on a page that asks the database for nothing: it may be what is missing."""
    reference = secrets.token_hex(4).upper()
    _log.exception("request failed, reference %s", reference, exc_info=error)
    try:
        if "session" in g:
            g.session.rollback()
    except SQLAlchemyError:
        _log.warning("the database could not be told to undo, reference %s", reference)
    for name in ("person", "login"):
        g.pop(name, None)
    cookie.pop("_flashes", None)
    return _page(500, "Something went wrong and nothing was changed. Tell support this number:", reference)
