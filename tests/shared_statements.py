"""Engines that share what they compiled: a test has its own database, but compiles no statement anew."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Dialect

# More statements than the whole suite has: none is dropped and compiled again.
_ENOUGH = 20_000
_known: dict[str, tuple[Dialect, Any]] = {}


def sharing_engine(url: str, **options: Any) -> Engine:
    """Make an engine as SQLAlchemy does, with the compiled statements of the engines of its kind.

    A compiled statement is remembered under the dialect that it was compiled for, so the dialect is shared
    too: that of the first engine which reached its database. The options of a kind never differ.
    """
    engine = create_engine(url, query_cache_size=_ENOUGH, **options)
    kind = engine.dialect.name
    if kind in _known:
        engine.dialect, engine._compiled_cache = _known[kind]
    else:
        event.listen(
            engine, "connect", lambda *_: _known.setdefault(kind, (engine.dialect, engine._compiled_cache))
        )
    return engine
