"""The migrations: up, down and up again, and their end is what the models say, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from pharmacy.all_models import Base
from pharmacy.database_cli import MIGRATIONS, downgrade_database, upgrade_database


def differences(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        return compare_metadata(context, Base.metadata)


def test_the_migrations_end_where_the_models_are(empty_database):
    assert differences(empty_database) == []


def test_up_down_and_up_again(empty_database):
    downgrade_database(empty_database, "base")
    assert set(inspect(empty_database.engine).get_table_names()) <= {"alembic_version"}

    upgrade_database(empty_database)

    assert differences(empty_database) == []
    with empty_database.engine.connect() as connection:
        assert connection.execute(text("SELECT number FROM audit_head")).scalar() == 0


def test_migrations_are_numbered_and_free_of_models():
    files = sorted((MIGRATIONS / "versions").glob("[0-9]*.py"))

    assert [file.name[:4] for file in files] == [f"{n:04d}" for n in range(1, len(files) + 1)]
    assert [file.name for file in files if "pharmacy" in file.read_text()] == []
