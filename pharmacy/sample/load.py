"""Load the sample pharmacy once; loading it again changes nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pharmacy.accounts.models import Site
from pharmacy.domain.errors import Refusal
from pharmacy.sample.facility import load_facility
from pharmacy.sample.formulary import load_formulary
from pharmacy.sample.inventory import load_inventory
from pharmacy.sample.orders import load_orders
from pharmacy.sample.patients import load_patients
from pharmacy.sample.people import NOTICE, load_people
from pharmacy.sample.pumps import load_pumps

# One loader for each room, lowest room first; each finds what it needs of the rooms below by their queries.
_LOADERS = (
    load_formulary,
    load_facility,
    load_patients,
    load_orders,
    load_inventory,
    load_pumps,
)


def load_sample(session: Session, *, at: datetime, cost: str = "default") -> bool:
    """Load the sample pharmacy with dates counted from `at`; returns False when it is there already.

    Refuses a database of real sites: everybody knows the passwords of the sample people.
    """
    if session.scalar(select(Site).where(Site.notice != NOTICE)) is not None:
        raise Refusal("This database has real sites; the sample pharmacy is loaded into an empty one.")
    if session.scalar(select(Site).where(Site.notice == NOTICE)) is not None:
        return False
    people = load_people(session, at=at, cost=cost)
    for load in _LOADERS:
        load(session, people, at=at)
    return True
