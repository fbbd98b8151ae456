"""The one blueprint of the room."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("changes", __name__)
