"""`pharmacy user add`: add a person from the command line, the first one included."""

from __future__ import annotations

from datetime import datetime

import click
from sqlalchemy import select

from pharmacy.accounts.actions import add_person
from pharmacy.accounts.models import Site
from pharmacy.accounts.permissions import Role
from pharmacy.command_line import now, open_database, plain_refusals, read_settings
from pharmacy.domain.errors import NotFound


@click.group()
def user() -> None:
    """Add the people who sign in."""


@user.command()
@click.option("--username", required=True)
@click.option("--name", required=True, help="Full name, as printed under signatures.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--site", "site_name", required=True, help="Name of the site.")
@click.option("--licence")
@click.option("--licence-expires", type=click.DateTime(["%Y-%m-%d"]))
@click.password_option()
def add(
    username: str,
    name: str,
    role: str,
    site_name: str,
    licence: str | None,
    licence_expires: datetime | None,
    password: str,
) -> None:
    """Add a person to a site."""
    with plain_refusals(), open_database().transaction() as session:
        site = session.scalar(select(Site).where(Site.name == site_name))
        if site is None:
            raise NotFound(f"No site is called {site_name}.")
        person = add_person(
            session,
            site,
            username=username,
            name=name,
            role=Role(role),
            password=password,
            licence=licence,
            licence_expires=licence_expires.date() if licence_expires else None,
            by=None,
            at=now(),
            cost=read_settings().password_cost,
        )
        click.echo(f"{person.name} can sign in as {person.username}.")
