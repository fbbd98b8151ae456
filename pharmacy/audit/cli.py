"""`pharmacy audit`: walk the chain, and save its head elsewhere."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from pharmacy.audit.chain import Head
from pharmacy.audit.queries import find_any_break, get_head
from pharmacy.command_line import open_database, plain_refusals


@click.group()
def audit() -> None:
    """Check the audit record."""


@audit.command()
@click.option("--against", type=click.Path(path_type=Path), help="A head saved earlier with `audit head`.")
def verify(against: Path | None) -> None:
    """Walk the chain and name the first broken record, signature or status row."""
    saved = _read_head(against) if against else None
    with plain_refusals(), open_database().reading() as session:
        head = get_head(session)
        broken = find_any_break(session, saved=saved)
    if broken:
        click.echo(broken, err=True)
        sys.exit(1)
    click.echo(f"The audit record is whole: {head.number:,} records.")


@audit.command(name="head")
def show_head() -> None:
    """Print the head of the chain, to be kept on another machine."""
    with plain_refusals(), open_database().reading() as session:
        head = get_head(session)
    click.echo(json.dumps({"number": head.number, "seal": head.seal}))


def _read_head(path: Path) -> Head:
    try:
        content = json.loads(path.read_text())
        return Head(int(content["number"]), str(content["seal"]))
    except (OSError, ValueError, KeyError, TypeError):
        click.echo(f"{path} should be a head that `pharmacy audit head` printed.", err=True)
        sys.exit(2)
