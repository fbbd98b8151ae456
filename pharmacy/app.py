"""Build the application: register the features in order, the doors and the errors; no logic."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined

from pharmacy.config import Settings
from pharmacy.database import Database
from pharmacy.web.addresses import register_addresses
from pharmacy.web.errors import register_errors
from pharmacy.web.filters import register_filters
from pharmacy.web.headers import register_headers
from pharmacy.web.navigation import register_navigation
from pharmacy.web.signing_in import register_signing_in
from pharmacy.web.uploads import register_uploads

ROOT = Path(__file__).resolve().parent.parent
# The rooms that have pages, lowest first.
_FEATURES = (
    "accounts",
    "audit",
    "printing",
    "attachments",
    "calculators",
    "formulary",
    "facility",
    "patients",
    "prescriptions",
    "inventory",
    "compounding",
    "dispensing",
    "pumps",
    "delivery",
    "changes",
    "trace",
    "overview",
    "worklist",
    "reports",
)


def create_app(settings: Settings, clock: Callable[[], datetime]) -> Flask:
    """Build the application with its settings and its clock; nothing else tells it the time."""
    app = Flask("pharmacy", template_folder=str(ROOT / "templates"), static_folder=None)
    app.static_folder = str(ROOT / "pharmacy" / "static")
    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=app.send_static_file)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="pharmacy",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        MAX_CONTENT_LENGTH=1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.secure_cookies,
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions.update(settings=settings, clock=clock, database=Database(settings))
    Bootstrap5(app)
    register_uploads(app)
    register_addresses(app)
    register_signing_in(app)
    CSRFProtect(app)
    register_headers(app)
    register_filters(app)
    register_errors(app)
    register_navigation(app)
    for feature in _FEATURES:
        app.register_blueprint(import_module(f"pharmacy.{feature}.routes").blueprint)
    return app
