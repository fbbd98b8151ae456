"""The blueprint of the room, and what its pages load."""

from __future__ import annotations

from flask import Blueprint

from pharmacy.formulary import queries
from pharmacy.formulary.models import Formula, StabilityReference
from pharmacy.web.request import actor, session

blueprint = Blueprint("formulary", __name__)


def load_formula(formula_id: int) -> Formula:
    """Load one version of a record of this person's site."""
    return queries.get_whole_formula(session(), formula_id, site_id=actor().site_id)


def load_stability(reference_id: int) -> StabilityReference:
    """Load a stability reference of a record of this person's site."""
    return queries.get_stability(session(), reference_id, site_id=actor().site_id)
