"""Count the SQL statements of a block: a list costs the same on one row and on many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from pharmacy.database import Database


@contextmanager
def counted_statements(database: Database) -> Iterator[list[str]]:
    """Collect the statements sent within the block, without those that open the transaction."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "SELECT number FROM audit_head")):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
