"""`pharmacy site add` and `pharmacy user add`: the first site and the people who sign in."""

from __future__ import annotations

from datetime import datetime

import click
from sqlalchemy import select

from pharmacy.accounts.actions import add_person, open_site
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


@click.group()
def site() -> None:
    """Add the licensed sites."""


@site.command(name="add")
@click.option("--name", required=True)
@click.option("--licence", required=True)
@click.option("--address", required=True)
@click.option("--phone", required=True, help="The 24-hour phone of a pharmacist.")
@click.option("--time-zone", required=True, help="As America/New_York.")
@click.option(
    "--lead-hours", required=True, type=click.IntRange(0, 240), help="Start of preparation to arrival."
)
@click.option("--spare-bags", required=True, type=click.IntRange(0, 100))
@click.option("--out-of-refrigerator-hours", required=True, type=click.IntRange(1, 240))
@click.option("--lab-days", required=True, type=click.IntRange(1, 366), help="How long a result is current.")
@click.option("--administrator", required=True, help="Sign-in name of the first administrator.")
@click.option("--administrator-name", required=True)
@click.password_option()
def add_site(
    name: str,
    licence: str,
    address: str,
    phone: str,
    time_zone: str,
    lead_hours: int,
    spare_bags: int,
    out_of_refrigerator_hours: int,
    lab_days: int,
    administrator: str,
    administrator_name: str,
    password: str,
) -> None:
    """Add a site with its first administrator."""
    new = Site(
        name=name,
        licence=licence,
        address=address,
        phone_24_hour=phone,
        time_zone=time_zone,
        notice="",
        preparation_lead_hours=lead_hours,
        spare_bags=spare_bags,
        out_of_refrigerator_hours=out_of_refrigerator_hours,
        lab_days=lab_days,
        sole_pharmacist=False,
    )
    with plain_refusals(), open_database().transaction() as session:
        person = open_site(
            session,
            new,
            username=administrator,
            name=administrator_name,
            password=password,
            at=now(),
            cost=read_settings().password_cost,
        )
        click.echo(f"{new.name} is there; {person.name} can sign in as {person.username}.")
