"""What every command with a database shares: the settings, the database and one voice for refusals."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from pharmacy.config import Settings, WrongSettings, from_environment
from pharmacy.database import Database
from pharmacy.domain.errors import Refusal


def read_settings() -> Settings:
    """Read the settings or stop with exit 2, naming all that is wrong."""
    try:
        return from_environment(os.environ)
    except WrongSettings as wrong:
        for problem in wrong.problems:
            click.echo(problem, err=True)
        sys.exit(2)


def open_database() -> Database:
    """Open the database that the settings name; it is closed when the command ends."""
    database = Database(read_settings())
    click.get_current_context().call_on_close(database.engine.dispose)
    return database


@contextmanager
def plain_refusals() -> Iterator[None]:
    """Turn a refusal into its sentence and exit 2, and an unreachable database into one line."""
    try:
        yield
    except Refusal as refusal:
        click.echo(refusal.sentence, err=True)
        sys.exit(2)
    except (OperationalError, ProgrammingError):
        click.echo("The database cannot be used; is it there, and did `pharmacy db upgrade` run?", err=True)
        sys.exit(2)


def now() -> datetime:
    """Return this instant: the one clock of the command line."""
    return datetime.now(UTC)
