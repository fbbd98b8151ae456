"""The blueprint of the trace room, which each file of its pages adds to."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("trace", __name__)
