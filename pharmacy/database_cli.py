"""`pharmacy db`: bring the database to the newest version."""

from __future__ import annotations

from pathlib import Path

import click
from alembic import command
from alembic.config import Config

from pharmacy.command_line import open_database, plain_refusals
from pharmacy.database import Database

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def upgrade_database(database: Database, revision: str = "head") -> None:
    """Run the migrations up to `revision` in one transaction."""
    _run(database, command.upgrade, revision)


def downgrade_database(database: Database, revision: str) -> None:
    """Run the migrations back to `revision` in one transaction."""
    _run(database, command.downgrade, revision)


def _run(database: Database, step: object, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    # Where the migrations find `migration_guards`.
    config.set_main_option("prepend_sys_path", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with database.engine.execution_options(write=True).begin() as connection:
        config.attributes["connection"] = connection
        step(config, revision)  # type: ignore[operator]


@click.group()
def db() -> None:
    """Bring the database to the newest version."""


@db.command()
def upgrade() -> None:
    """Run all migrations that are missing."""
    with plain_refusals():
        upgrade_database(open_database())
    click.echo("The database is at the newest version.")
