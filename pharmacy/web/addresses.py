"""Addresses and texts that no record can have: long numbers, and characters that a database cannot hold."""

from __future__ import annotations

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter

_NUL = "\x00"


class RecordNumber(IntegerConverter):
    """Read the number of a record: at most nine digits, as both databases can hold."""

    regex = r"\d{1,9}"


def register_addresses(app: Flask) -> None:
    """Refuse what cannot be asked for, before anything looks for it."""
    app.url_map.converters["int"] = RecordNumber
    app.before_request(_ensure_text)


def _ensure_text() -> None:
    if _NUL in request.path:
        abort(404)
    for texts in (request.args, request.form):
        if any(_NUL in name or _NUL in value for name, value in texts.items(multi=True)):
            abort(400)
