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
from pharmacy.trace.queries import LotTrace, TracedBag, find_lots, trace_bag, trace_lots


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
    """List every bag, patient and delivery that a lot reached; NUMBER is its number or a package's code."""
    with plain_refusals(), open_database().reading() as session:
        site = _find_site(session, site_name)
        for found in trace_lots(session, find_lots(session, number, site_id=site.id)):
            _say_lot(found, ZoneInfo(site.time_zone))


def _say_lot(found: LotTrace, zone: ZoneInfo) -> None:
    click.echo(f"Lot {found.lot.number}, {found.lot.product.name}, {say(found.lot.status)}")
    click.echo(counted(found.total, "bag"))
    for one in found.bags:
        click.echo("  " + "; ".join(_say_bag(one, zone)))


def _say_bag(bag: TracedBag, zone: ZoneInfo) -> list[str]:
    drawn = quantity(bag.volume_ml, "mL") if bag.volume_ml is not None else "scanned, not drawn"
    whose = f"{bag.patient}, {bag.phone}" if bag.phone else bag.patient
    words = [bag.serial, say(bag.status), bag.place, drawn, whose, f"worksheet {bag.worksheet}"]
    if bag.batch:
        words.append(f"delivery {bag.delivery}")
    if bag.finished_at and bag.received_by:
        words.append(f"received by {bag.received_by}, {moment(bag.finished_at, zone)}")
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
        patient = found.bag.patient.name if found.bag.patient else "no patient yet"
        click.echo(f"Bag {found.bag.serial}, {say(found.bag.status)}, for {patient}")
        for part in found.bag.components:
            click.echo(f"  {part.lot.product.name}, lot {part.lot.number}, {quantity(part.volume_ml, 'mL')}")
        for step in found.steps:
            click.echo(f"  {moment(step.at, zone)}  {step.who}  {step.what}")
