"""`pharmacy sample load`: the sample pharmacy, again and again without harm."""

from __future__ import annotations

import click

from pharmacy.command_line import now, open_database, plain_refusals
from pharmacy.sample.load import load_sample


@click.group()
def sample() -> None:
    """Load the sample pharmacy."""


@sample.command()
def load() -> None:
    """Load the sample pharmacy into an empty database."""
    with plain_refusals(), open_database().transaction() as session:
        loaded = load_sample(session, at=now())
    click.echo("The sample pharmacy is loaded." if loaded else "The sample pharmacy is there already.")
