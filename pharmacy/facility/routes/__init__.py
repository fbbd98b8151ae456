"""Pages of rooms, hoods and the people who compound, by intent; they share one blueprint."""

from __future__ import annotations

from pharmacy.facility.routes import certifications, competencies, controls, monitoring, rooms
from pharmacy.facility.routes.door import blueprint

__all__ = ["blueprint", "certifications", "competencies", "controls", "monitoring", "rooms"]
