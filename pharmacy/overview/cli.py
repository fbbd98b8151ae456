"""`pharmacy trace`: a lot to every bag, patient and delivery; a bag to every lot, person and step."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from pharmacy.accounts.models import Site
from pharmacy.command_line import open_database, plain_refusals
from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.formatting import counted, moment, quantity
from pharmacy.domain.lifecycle import say
from pharmacy.overview.queries import LotTrace, trace_bag, trace_lot
from pharmacy.overview.queries.trace import TracedBag


@click.group()
def trace() -> None:
    """Trace a lot or a bag both ways."""


def _find_site(session: Session, name: str | None) -> Site:
    sites = session.scalars(select(Site).where(Site.name == name) if name else select(Site)).all()
    if len(sites) != 1:
        raise InvalidInput("Name one site with --site.", field="site")
    return sites[0]


@trace.command()
@click.argument("number")
@click.option("--site", "site_name", help="Name of the site, where there are several.")
def lot(number: str, site_name: str | None) -> None:
    """List every bag, patient and delivery that a lot reached."""
    with plain_refusals(), open_database().reading() as session:
        site = _find_site(session, site_name)
        for found in trace_lot(session, number, site_id=site.id):
            _say_lot(found, ZoneInfo(site.time_zone))


def _say_lot(found: LotTrace, zone: ZoneInfo) -> None:
    click.echo(f"Lot {found.lot.number}, {found.lot.product.name}, {say(found.lot.status)}")
    click.echo(f"{counted(len(found.bags), 'bag')}")
    for one in found.bags:
        click.echo("  " + "; ".join(_say_bag(one, zone)))


def _say_bag(one: TracedBag, zone: ZoneInfo) -> list[str]:
    bag = one.bag
    drawn = quantity(one.volume_ml, "mL") if one.volume_ml is not None else "scanned, not drawn"
    words = [bag.serial, say(bag.status), drawn, f"{bag.patient.name}, {bag.patient.phone}"]
    words.append(f"worksheet {bag.worksheet.serial}")
    if one.stop:
        words.append(f"delivery {one.stop.batch.serial}, {say(one.stop.status)}")
        if one.stop.finished_at and one.stop.received_by:
            words.append(f"received by {one.stop.received_by}, {moment(one.stop.finished_at, zone)}")
    return words


@trace.command()
@click.argument("serial")
@click.option("--site", "site_name", help="Name of the site, where there are several.")
def bag(serial: str, site_name: str | None) -> None:
    """List every lot, person and step of a bag."""
    with plain_refusals(), open_database().reading() as session:
        site = _find_site(session, site_name)
        found = trace_bag(session, serial, site_id=site.id)
        zone = ZoneInfo(site.time_zone)
        click.echo(f"Bag {found.bag.serial}, {say(found.bag.status)}, for {found.bag.patient.name}")
        for part in found.bag.components:
            click.echo(f"  {part.lot.product.name}, lot {part.lot.number}, {quantity(part.volume_ml, 'mL')}")
        for step in found.steps:
            click.echo(f"  {moment(step.at, zone)}  {step.who}  {step.what}")
