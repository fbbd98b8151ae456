"""The blueprint that the pages of the dispensing room share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("dispensing", __name__)
