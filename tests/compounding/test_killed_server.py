"""A server that is killed in the middle of a bag: what was acknowledged is there, nothing is there twice."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from pharmacy.audit.chain import find_break
from pharmacy.audit.models import Refusal
from pharmacy.audit.queries import get_head, iterate_entries
from pharmacy.compounding.models import Bag, Scan, StepDone, VolumeCheck, Worksheet
from pharmacy.domain.preparation_stages import Stage
from pharmacy.domain.statuses import BagStatus
from pharmacy.formulary.models import ProductKind
from pharmacy.inventory.models import StockMovement
from pharmacy.sample.people import PASSWORD
from tests.conftest import START
from tests.therapy.formulas import staged_formula
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import code_of, lots_of, started_worksheet

# On a machine with much else to do.
LONGEST_START = 120
ROOT = Path(__file__).resolve().parents[2]
STEPS = [("Wipe the port.", Stage.DILUENT, False), ("Mix.", Stage.INJECT, False)]


class Server:
    """A server process on a port of its own, which a test kills and starts again."""

    def __init__(self, url: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = url
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process and wait until it answers."""
        command = [sys.executable, "-m", "tests.serve_at", self.url, str(self.port), START.isoformat()]
        self.process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
        last = time.monotonic() + LONGEST_START
        while time.monotonic() < last:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        pytest.fail("the server did not start")

    def kill(self) -> None:
        """Kill the process as a power cut does, and wait until it is gone."""
        if self.process is not None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


class Browser:
    """One person's browser, as far as a form needs one; its cookie outlives the server."""

    def __init__(self, port: int, username: str) -> None:
        self.port, self.cookie = port, ""
        assert self.post("/sign-in", username=username, password=PASSWORD) == 303

    def post(self, address: str, **data: str | int) -> int:
        """Send a form and return the status of the answer."""
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie}
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request("POST", address, urlencode(data), kind)
            with connection.getresponse() as answer:
                answer.read()
                for name, value in answer.getheaders():
                    if name == "Set-Cookie":
                        self.cookie = value.split(";")[0]
                return answer.status


@pytest.fixture
def server(database) -> Iterator[Server]:
    """Give a server on the test's database, started."""
    url = database.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    found = Server(url)
    found.start()
    yield found
    found.kill()


def worksheet_in_work(session, people):
    """Start a worksheet of one bag; returns its address, its bag's and the codes of its lots."""
    staged_formula(session, people, steps=STEPS)
    worksheet = started_worksheet(session, people, order_in_force(session, people), bags=1)
    diluent, additive = (
        code_of(lots_of(worksheet, kind)[0]) for kind in (ProductKind.DILUENT, ProductKind.ADDITIVE)
    )
    address = f"/worksheets/{worksheet.id}"
    found = (address, f"{address}/bags/{worksheet.bags[0].id}", diluent, additive)
    session.commit()
    return found


def turn(database):
    with database.reading() as session:
        return session.scalar(select(Worksheet.turn))


def killed_while_sending(server, browser, address, *, after, **data):
    """Kill the server so long after a form was sent; tells whether the browser had an answer."""
    answers = []

    def send():
        try:
            answers.append(browser.post(address, **data))
        except (OSError, HTTPException):
            answers.append(None)

    sending = Thread(target=send)
    sending.start()
    time.sleep(after)
    server.kill()
    sending.join()
    return answers[0]


def test_a_bag_is_finished_after_every_kill_with_nothing_lost_or_doubled(database, session, people, server):
    address, here, diluent, additive = worksheet_in_work(session, people)
    tina, theo = Browser(server.port, "tina"), Browser(server.port, "theo")
    assert tina.post(f"{here}/scan", turn=turn(database), code=diluent) == 303

    # Killed between two steps: what was acknowledged is there, and the browser goes on as it was.
    server.kill()
    server.start()
    assert tina.post(f"{address}/confirm", turn=turn(database)) == 303

    # Killed while a form is on its way: the page sends it again, and it is done once.
    forms = [
        (tina, f"{here}/scan", {"code": additive}),
        (tina, f"{here}/first-volume", {"volume": "4"}),
        (theo, f"{here}/second-volume", {"volume": "4"}),
        (tina, f"{address}/confirm", {}),
        (tina, f"{address}/confirm", {}),
        (tina, f"{here}/complete", {}),
    ]
    delays = {1: 0.004, 4: 0.02, 5: 0.05}
    for place, (browser, where, data) in enumerate(forms):
        sent = data | {"turn": turn(database)}
        if place in delays:
            acknowledged = killed_while_sending(server, browser, where, after=delays[place], **sent)
            server.start()
            moved = turn(database) != sent["turn"]
            assert acknowledged is None or (acknowledged == 303 and moved)
            # The same form again: done now, or answered with the step that is next.
            assert browser.post(where, **sent) == (409 if moved else 303)
        else:
            assert browser.post(where, **sent) == 303
        assert browser.post(where, **sent) == 409

    assert tina.post(f"{address}/finish", turn=turn(database)) == 303
    with database.reading() as reading:
        (bag,) = reading.scalars(select(Bag))
        assert bag.status is BagStatus.MADE
        assert [one.volume_ml for one in bag.components] == [100, 4]
        assert len(reading.scalars(select(Scan)).all()) == 2
        assert [one.agrees for one in reading.scalars(select(VolumeCheck))] == [True]
        assert [one.words for one in reading.scalars(select(StepDone).order_by(StepDone.id))] == [
            "Wipe the port.", "Additive put into the bag", "Mix.",
        ]  # fmt: skip
        moved = reading.scalars(
            select(StockMovement)
            .where(StockMovement.worksheet_id == bag.worksheet_id)
            .order_by(StockMovement.id)
        )
        assert [(one.kind.value, one.containers, one.volume_ml) for one in moved] == [
            ("opened", -1, 0), ("opened", -1, 0), ("used", 0, -100), ("used", 0, -4), ("wasted", 0, -6),
        ]  # fmt: skip
        assert reading.scalars(select(Refusal)).all() == []
        head = get_head(reading)
        assert find_break(iterate_entries(reading), key=reading.info["audit_key"], head=head) is None
