"""Answer the station as its page does: with the turn of the worksheet at which the page was made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from pharmacy.compounding.models import Worksheet

PNG = b"\x89PNG\r\n\x1a\n..."


def turn_of(client: FlaskClient, address: str) -> int:
    """Return at which turn the worksheet of an address is."""
    found = re.match(r"/worksheets/(\d+)", address)
    assert found
    with client.application.extensions["database"].reading() as session:
        return session.scalar(select(Worksheet.turn).where(Worksheet.id == int(found.group(1)))) or 0


def send(client: FlaskClient, address: str, data: Mapping[str, Any] | None = None) -> Any:
    """Send a form of the station as its page would now."""
    return client.post(address, data={"turn": turn_of(client, address)} | dict(data or {}))


def set_up(client: FlaskClient, address: str) -> None:
    """Confirm all that is done once before the first bag."""
    while "Set-up, before the first bag" in client.get(f"{address}/station").text:
        assert send(client, f"{address}/confirm").status_code == 303
