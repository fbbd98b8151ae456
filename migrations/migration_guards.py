"""Guards that a migration sets in the database itself, on SQLite and PostgreSQL alike."""

from collections.abc import Sequence

from alembic import op


def add_only(*tables: str) -> None:
    """Let rows of these tables only be added: none is changed or removed."""
    for table in tables:
        guard(f"{table}_never_changed", table, "UPDATE", None, f"{table} rows are never changed")
        keep_rows(table)


def drop_add_only(*tables: str) -> None:
    """Take away what `add_only` set."""
    for table in tables:
        drop_guard(f"{table}_never_changed", table)
        drop_guards_against_removal(table)


def keep_rows(table: str) -> None:
    """Refuse to remove rows, also by INSERT OR REPLACE on SQLite and TRUNCATE on PostgreSQL."""
    sentence = f"{table} rows are never removed"
    guard(f"{table}_never_removed", table, "DELETE", None, sentence)
    if not is_sqlite():
        name = f"{table}_never_emptied"
        _make_function(name, sentence)
        op.execute(f'CREATE TRIGGER {name} BEFORE TRUNCATE ON "{table}" EXECUTE FUNCTION {name}()')
        return
    key = "number" if table == "audit_entry" else "id"
    there = f'EXISTS (SELECT 1 FROM "{table}" WHERE {key} = NEW.{key})'  # noqa: S608
    guard(f"{table}_never_replaced", table, "INSERT", there, f"{table} rows are never replaced")


def drop_guards_against_removal(table: str) -> None:
    """Take away what `keep_rows` set."""
    drop_guard(f"{table}_never_removed", table)
    drop_guard(f"{table}_never_{'replaced' if is_sqlite() else 'emptied'}", table)


def freeze_once_set(table: str, suffix: str, mark: str, columns: Sequence[str]) -> None:
    """Refuse to change `columns` of a row once its column `mark` is set."""
    changed = " OR ".join(differs(column) for column in columns)
    guard(
        f"{table}_{suffix}",
        table,
        "UPDATE",
        f"OLD.{mark} IS NOT NULL AND ({changed})",
        f"{table} is {suffix.replace('_', ' ')} and does not change",
    )


def freeze_with_parent(table: str, key: str, parent: str, mark: str) -> None:
    """Refuse to add, change or remove rows of a table once `mark` of their parent is set."""
    for word, event, rows in (
        ("added", "INSERT", ("NEW",)),
        ("changed", "UPDATE", ("OLD", "NEW")),
        ("removed", "DELETE", ("OLD",)),
    ):
        signed = " OR ".join(_has_parent(parent, mark, f"{row}.{key}") for row in rows)
        sentence = f"{table} rows of a signed {parent} are never {word}"
        guard_asking(f"{table}_signed_{word}", table, event, signed, sentence)


def drop_freeze_with_parent(table: str) -> None:
    """Take away what `freeze_with_parent` set."""
    for word in ("added", "changed", "removed"):
        drop_guard(f"{table}_signed_{word}", table)


def _has_parent(parent: str, mark: str, key: str) -> str:
    return f'EXISTS (SELECT 1 FROM "{parent}" WHERE id = {key} AND {mark} IS NOT NULL)'  # noqa: S608


def guard_asking(name: str, table: str, event: str, condition: str, sentence: str) -> None:
    """Refuse an event under a condition that asks other tables, which PostgreSQL's WHEN cannot."""
    if is_sqlite():
        guard(name, table, event, condition, sentence)
        return
    row = "OLD" if event == "DELETE" else "NEW"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{sentence}'; END IF; RETURN {row}; END $$"
    )
    op.execute(f'CREATE TRIGGER {name} BEFORE {event} ON "{table}" FOR EACH ROW EXECUTE FUNCTION {name}()')


def guard(name: str, table: str, event: str, condition: str | None, sentence: str) -> None:
    """Refuse an event on rows of a table, always or under a condition on OLD and NEW."""
    when = f" WHEN ({condition})" if condition else ""
    if is_sqlite():
        op.execute(
            f'CREATE TRIGGER {name} BEFORE {event} ON "{table}" FOR EACH ROW{when} '
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )
        return
    _make_function(name, sentence)
    op.execute(
        f'CREATE TRIGGER {name} BEFORE {event} ON "{table}" FOR EACH ROW{when} EXECUTE FUNCTION {name}()'
    )


def guard_across(name: str, table: str, condition: str, sentence: str) -> None:
    """Refuse an update under a condition that looks at other tables too."""
    if is_sqlite():
        guard(name, table, "UPDATE", condition, sentence)
        return
    # PostgreSQL allows no subquery in WHEN.
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {condition} THEN RAISE EXCEPTION '{sentence}'; END IF; RETURN NEW; END $$"
    )
    op.execute(f'CREATE TRIGGER {name} BEFORE UPDATE ON "{table}" FOR EACH ROW EXECUTE FUNCTION {name}()')


def drop_guard(name: str, table: str) -> None:
    """Take a guard away, such as to set it again with other columns."""
    op.execute(f"DROP TRIGGER {name}" + ("" if is_sqlite() else f' ON "{table}"'))
    if not is_sqlite():
        op.execute(f"DROP FUNCTION {name}()")


def differs(column: str) -> str:
    """Write that a column changes; an empty value counts as one."""
    return f"OLD.{column} {'IS NOT' if is_sqlite() else 'IS DISTINCT FROM'} NEW.{column}"


def is_sqlite() -> bool:
    """Tell on which of the two databases the migration runs."""
    return op.get_bind().dialect.name == "sqlite"


def _make_function(name: str, sentence: str) -> None:
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{sentence}'; END $$"
    )
