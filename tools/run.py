"""Serve the sample pharmacy on this machine: migrate, load, print the sign-ins, start the server."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / "var"
ADDRESS, PORT = "127.0.0.1", "8000"


def main() -> int:
    """Run everything in order; stop at the first step that fails."""
    environment = prepare_environment()
    tools = Path(sys.executable).parent
    for step in (["db", "upgrade"], ["sample", "load"]):
        subprocess.run([str(tools / "pharmacy"), *step], env=environment, cwd=ROOT, check=True)
    print_sign_ins()
    server = [str(tools / "granian"), "--interface", "wsgi", "--host", ADDRESS, "--port", PORT]
    server += ["--workers", "1", "--blocking-threads", "1", "--no-ws", "--log-level", "warning", "wsgi:app"]
    try:
        return subprocess.run(server, env=environment, cwd=ROOT).returncode
    except KeyboardInterrupt:
        return 0


def prepare_environment() -> dict[str, str]:
    """Return the settings of the sample: keys made once on this machine, a SQLite file beside them."""
    STATE.mkdir(exist_ok=True)
    keys = STATE / "sample-keys"
    if not keys.exists():
        # Written aside and then renamed: a first run that is interrupted leaves no half-written keys.
        fresh = keys.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(f"{secrets.token_urlsafe(48)}\n{secrets.token_urlsafe(48)}\n")
        fresh.replace(keys)
    secret, audit = keys.read_text().split()
    sample = {
        "PHARMACY_DATABASE_URL": f"sqlite:///{STATE / 'sample.db'}",
        "PHARMACY_SECRET_KEY": secret,
        "PHARMACY_AUDIT_KEY": audit,
        "PHARMACY_SECURE_COOKIES": "0",
        "PHARMACY_IDLE_MINUTES": "60",
    }
    return {**os.environ, **sample}


def print_sign_ins() -> None:
    """Print the address and a sign-in for each role."""
    from pharmacy.accounts.permissions import ROLE_NAMES
    from pharmacy.sample.people import PASSWORD, PEOPLE

    print(f"\nThe sample pharmacy is served on http://{ADDRESS}:{PORT}\n")
    for username, name, role, _licence in PEOPLE:
        print(f"  {ROLE_NAMES[role]:22} {username:6} ({name})")
    print(f"\nEvery password: {PASSWORD}\nStop with Ctrl-C.\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
