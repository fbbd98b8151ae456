"""The sample site and its people, in every role; all names are invented."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import add_person
from pharmacy.accounts.models import Person, Site
from pharmacy.accounts.permissions import Role

# One password for every sample sign-in; the sample site is not for patient use.
PASSWORD = "sample pharmacy 1"  # noqa: S105
NOTICE = "Sample pharmacy, not for patient use"
PEOPLE = (
    ("tina", "Tina Tallgrass", Role.TECHNICIAN, "SAMPLE-T-101"),
    ("theo", "Theo Thimble", Role.TECHNICIAN, "SAMPLE-T-102"),
    ("paula", "Paula Penhallow", Role.PHARMACIST, "SAMPLE-P-201"),
    ("peter", "Peter Pomfret", Role.PHARMACIST, "SAMPLE-P-202"),
    ("petra", "Petra Quillfeather", Role.PHARMACIST_IN_CHARGE, "SAMPLE-P-203"),
    ("nora", "Nora Nettlebed", Role.NURSE, "SAMPLE-N-301"),
    ("dan", "Dan Dapplewood", Role.DRIVER, None),
    ("ada", "Ada Ashgrove", Role.ADMINISTRATOR, None),
    ("arlo", "Arlo Oxbow", Role.AUDITOR, None),
)


def load_people(session: Session, *, at: datetime, cost: str) -> dict[str, Person]:
    """Add the site and one person for each sign-in name; returns them by that name."""
    site = Site(
        name="Sample Home Infusion Pharmacy",
        licence="SAMPLE-LICENCE-0001",
        address="1 Sample Street, Sampleton, NY 10000",
        phone_24_hour="555-0100",
        time_zone="America/New_York",
        notice=NOTICE,
        preparation_lead_hours=24,
        spare_bags=0,
        out_of_refrigerator_hours=24,
        lab_days=90,
        sole_pharmacist=False,
    )
    session.add(site)
    session.flush()
    expires = at.date() + timedelta(days=700)
    return {
        username: add_person(
            session,
            site,
            username=username,
            name=name,
            role=role,
            password=PASSWORD,
            licence=licence,
            licence_expires=expires if licence else None,
            by=None,
            at=at,
            cost=cost,
            password_chosen=True,
        )
        for username, name, role, licence in PEOPLE
    }
