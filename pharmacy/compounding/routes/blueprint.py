"""The blueprint that the pages of the compounding room share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("compounding", __name__)
