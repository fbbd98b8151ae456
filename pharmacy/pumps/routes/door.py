"""The one blueprint of the room, and what its pages load alike."""

from __future__ import annotations

from flask import Blueprint

from pharmacy.pumps import queries
from pharmacy.pumps.models import ProgramSheet, Pump
from pharmacy.web.request import actor, reads_chart, session

blueprint = Blueprint("pumps", __name__)


def load_pump(pump_id: int) -> Pump:
    """Return a pump of the actor's site, and note whose chart is read with it."""
    pump = queries.get_pump(session(), pump_id, site_id=actor().site_id)
    if pump.patient_id:
        reads_chart(pump.patient_id)
    return pump


def load_sheet(sheet_id: int) -> ProgramSheet:
    """Return a sheet of the actor's site, and note that its patient's chart is read."""
    sheet = queries.get_sheet(session(), sheet_id, site_id=actor().site_id)
    reads_chart(sheet.patient_id)
    return sheet
