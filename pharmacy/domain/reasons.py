"""Reasons: what is undone, corrected or put aside says why."""

from __future__ import annotations

from pharmacy.domain.errors import InvalidInput


def ensure_reason(reason: str, *, field: str = "reason") -> str:
    """Return a reason without blanks around it; raises InvalidInput naming `field` for an empty one.

    >>> ensure_reason(" the port tore ")
    'the port tore'
    """
    kept = reason.strip()
    if not kept:
        raise InvalidInput("Give the reason.", field=field)
    return kept
