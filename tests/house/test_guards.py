"""The guards that the database itself keeps still refuse after the newest migration, on both databases."""

import importlib.util

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from pharmacy.all_models import Base
from pharmacy.compounding.models import Bag, Worksheet
from pharmacy.database_cli import MIGRATIONS, downgrade_database, upgrade_database
from tests.therapy.bags import released_bags
from tests.therapy.changes import nine_at_home
from tests.therapy.orders import order_in_force

REFUSED = "never removed|never changed|does not change|only becomes earlier|is made for whom it is made"


def append_only(monkeypatch):
    """Return the migration that set the first guards; what it lists is what must hold."""
    monkeypatch.syspath_prepend(str(MIGRATIONS))
    spec = importlib.util.spec_from_file_location("append_only", MIGRATIONS / "versions/0012_append_only.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ensure_refused(session, statement):
    with pytest.raises(DBAPIError, match=REFUSED), session.begin_nested():
        session.execute(text(statement))


def has_rows(session, table, condition="1 = 1"):
    return session.scalar(text(f'SELECT count(*) FROM "{table}" WHERE {condition}')) > 0


def test_every_guard_fires_after_the_newest_migration(session, people, monkeypatch):
    guards, fired = append_only(monkeypatch), set()
    nine_at_home(session, people)
    session.flush()

    for table in guards._NEVER_REMOVED:
        if has_rows(session, table):
            ensure_refused(session, f'DELETE FROM "{table}"')
            fired.add(table)
    for table in guards._NEVER_CHANGED:
        column = next(one.name for one in Base.metadata.tables[table].columns if not one.primary_key)
        if has_rows(session, table):
            ensure_refused(session, f'UPDATE "{table}" SET {column} = NULL')
    for _, rules in guards._RULES:
        for table, (mark, columns) in rules.items():
            for column in columns:
                here = f"{mark} IS NOT NULL AND {column} IS NOT NULL"
                if has_rows(session, table, here):
                    ensure_refused(session, f'UPDATE "{table}" SET {column} = NULL WHERE {here}')
                    fired.add(f"{table}.{column}")
    ensure_refused(session, "UPDATE bag SET beyond_use_at = NULL")

    kept = {"worksheet.order_version_id", "worksheet.patient_id", "bag.order_version_id", "bag.patient_id"}
    kept |= {"bag_label_copy.said", "worksheet.release_id", "bag.made_at", "bag_label_copy.applied_at"}
    kept |= {"bag", "worksheet", "bag_label_copy", "scan", "volume_check", "inspection", "stock_movement"}
    assert kept <= fired


def test_a_database_with_bags_is_brought_up_to_stock_and_back(database, session, people):
    released_bags(session, people, order_in_force(session, people), bags=2)
    session.commit()

    downgrade_database(database, "0018")
    upgrade_database(database)

    with database.reading() as reading:
        assert reading.scalar(select(func.count()).select_from(Bag).where(Bag.patient_id.is_not(None))) == 2
        assert [one.is_stock for one in reading.scalars(select(Worksheet))] == [False]
    with database.writing() as writing:
        ensure_refused(writing, "UPDATE bag SET serial = 'B-X'")
        ensure_refused(writing, "DELETE FROM worksheet")
