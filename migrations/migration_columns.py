"""Let columns be empty, and set checks, on tables that hold rows, triggers and indexes.

PostgreSQL alters a table in place. SQLite cannot; recreating the table there would drop its triggers and,
inside a transaction, break the references to it. SQLite's own way for constraints, which change nothing of
what is stored, is to write the new definition (https://www.sqlite.org/lang_altertable.html, section 7).
"""

import re

from alembic import op
from migration_guards import is_sqlite
from sqlalchemy import text


def allow_empty(table: str, *columns: str) -> None:
    """Let columns of a table be empty."""
    for column in columns:
        if is_sqlite():
            _redefine(table, rf"(\b{column} \w+(?:\(\d+\))?) NOT NULL\b", r"\1")
        else:
            op.alter_column(table, column, nullable=True)


def forbid_empty(table: str, *columns: str) -> None:
    """Let columns of a table never be empty; refuses where one is."""
    for column in columns:
        if is_sqlite():
            _ensure_none(table, f"{column} IS NULL")
            _redefine(table, rf"(\b{column} \w+(?:\(\d+\))?)(?=[,\s])", r"\1 NOT NULL")
        else:
            op.alter_column(table, column, nullable=False)


def add_check(table: str, name: str, condition: str) -> None:
    """Set a check on a table; refuses where a row breaks it."""
    full = f"ck_{table}_{name}"
    if is_sqlite():
        _ensure_none(table, f"NOT ({condition})")
        last = rf"(?=CONSTRAINT pk_{table} PRIMARY KEY)"
        _redefine(table, last, f"CONSTRAINT {full} CHECK ({condition}), \n\t")
    else:
        op.create_check_constraint(op.f(full), table, condition)


def drop_check(table: str, name: str, condition: str) -> None:
    """Take away what `add_check` set."""
    full = f"ck_{table}_{name}"
    if is_sqlite():
        _redefine(table, re.escape(f"CONSTRAINT {full} CHECK ({condition}), \n\t"), "")
    else:
        op.drop_constraint(op.f(full), table, type_="check")


def _ensure_none(table: str, condition: str) -> None:
    found = op.get_bind().execute(text(f'SELECT count(*) FROM "{table}" WHERE {condition}')).scalar()  # noqa: S608
    if found:
        raise RuntimeError(f"{found} rows of {table} are in the way: {condition}")


def _redefine(table: str, pattern: str, became: str) -> None:
    bind = op.get_bind()
    find = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table")
    definition, times = re.subn(pattern, became, bind.execute(find, {"table": table}).scalar() or "")
    if times != 1:
        raise RuntimeError(f"{pattern} stands {times} times in the definition of {table}, not once")
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    change = text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :table")
    bind.execute(change, {"sql": definition, "table": table})
    # Reads the definitions again, and turns writing to them off.
    bind.exec_driver_sql("PRAGMA writable_schema = RESET")
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar()
    # Makes every other connection read them again.
    bind.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
