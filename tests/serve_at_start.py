"""Serve a test's database in a process of its own, at the instant at which the tests' clocks start.

Run as `python -m tests.serve_at_start URL PORT`; the forms' tokens are not checked.
"""

from __future__ import annotations

import sys

from werkzeug.serving import make_server

from pharmacy.app import create_app
from tests.conftest import START, make_settings


def main(url: str, port: str) -> None:
    """Serve until the process is killed."""
    app = create_app(make_settings(url), lambda: START)
    app.config["WTF_CSRF_ENABLED"] = False
    make_server("127.0.0.1", int(port), app, threaded=True).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
