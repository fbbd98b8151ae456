"""Serve a test's database in a process of its own: `python -m tests.serve_at URL PORT INSTANT`.

The tokens of forms are not checked. It imports nothing of the tests, so that it starts soon.
"""

from __future__ import annotations

import sys
from datetime import datetime

from werkzeug.serving import make_server

from pharmacy.app import create_app
from pharmacy.config import Settings


def main(url: str, port: str, instant: str) -> None:
    """Serve until the process is killed."""
    at = datetime.fromisoformat(instant)
    settings = Settings(
        database_url=url,
        secret_key="k" * 32,
        audit_key="a" * 32,
        secure_cookies=False,
        password_cost="cheapest",
    )
    app = create_app(settings, lambda: at)
    app.config["WTF_CSRF_ENABLED"] = False
    make_server("127.0.0.1", int(port), app, threaded=True).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
