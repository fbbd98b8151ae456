"""The blueprint that the pages of the inventory room share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("inventory", __name__)
