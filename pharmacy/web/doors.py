"""Doors: every route says who may pass; a successful request that changes something is committed once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import make_response, request

from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.web.request import SAFE, actor, session

View = Callable[..., Any]


def requires(permission: Permission) -> Callable[[View], View]:
    """Let in only roles that may do this; commit when the view changed something and answered well."""

    def decorate(view: View) -> View:
        @wraps(view)
        def door(*args: Any, **kwargs: Any) -> Any:
            ensure_may(actor().role, permission)
            return _commit(view, *args, **kwargs)

        door.permission = permission  # type: ignore[attr-defined]
        return door

    return decorate


def public(view: View) -> View:
    """Let in everybody, signed in or not."""

    @wraps(view)
    def door(*args: Any, **kwargs: Any) -> Any:
        return _commit(view, *args, **kwargs)

    door.permission = None  # type: ignore[attr-defined]
    return door


def _commit(view: View, *args: Any, **kwargs: Any) -> Any:
    response = make_response(view(*args, **kwargs))
    if request.method not in SAFE:
        if response.status_code < 400:
            session().commit()
        else:
            session().rollback()
    return response
