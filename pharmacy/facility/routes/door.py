"""What the pages of rooms, hoods and people share: the blueprint, this day, and loading."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.accounts.queries import get_person
from pharmacy.domain.local_time import to_local
from pharmacy.facility import queries
from pharmacy.facility.models import CompoundingRoom, EngineeringControl
from pharmacy.web.request import actor, now, session

blueprint = Blueprint("facility", __name__)


def today() -> date:
    """Return this day at the site."""
    return to_local(now(), ZoneInfo(actor().site.time_zone)).date()


def load_room(room_id: int) -> CompoundingRoom:
    """Return a room of the actor's site."""
    return queries.get_room(session(), room_id, site_id=actor().site_id)


def load_control(control_id: int) -> EngineeringControl:
    """Return a hood of the actor's site."""
    return queries.get_control(session(), control_id, site_id=actor().site_id)


def load_person(person_id: int) -> Person:
    """Return a person whose competencies the actor may see: their own, or those they manage or audit."""
    person = get_person(session(), person_id, site_id=actor().site_id)
    if person.id != actor().id and not actor().may(Permission.READ_AUDIT):
        ensure_may(actor().role, Permission.MANAGE_COMPETENCIES)
    return person
