"""Take down what was reported of a bag after it left (domain.md 2.5)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import record
from pharmacy.compounding.models import Bag, Complaint
from pharmacy.compounding.queries import name_bag
from pharmacy.domain.complaints import ComplaintKind
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.local_time import to_local

_ASKED = {
    "complainant": "who reported it",
    "nature": "what was reported",
    "response": "what was answered, or that nothing was yet",
}


def take_complaint(
    session: Session,
    bag: Bag,
    *,
    kind: ComplaintKind,
    received_on: date,
    complainant: str,
    nature: str,
    response: str,
    by: Person,
    at: datetime,
) -> Complaint:
    """Keep a complaint or an adverse reaction with the bag that it is about; it is never changed."""
    ensure_may(by.role, Permission.REPORT_DEVIATIONS)
    if bag.made_at is None:
        raise Refusal(f"{name_bag(bag)} was not made; nothing can be reported of it.")
    told = {"complainant": complainant, "nature": nature, "response": response}
    for name, text in told.items():
        if not text.strip():
            raise InvalidInput(f"Enter {_ASKED[name]}.", field=name)
    if received_on > to_local(at, ZoneInfo(by.site.time_zone)).date():
        raise InvalidInput("This day has not come yet. Enter the day it was received.", field="received_on")
    complaint = Complaint(
        site_id=by.site_id,
        bag=bag,
        kind=kind,
        received_on=received_on,
        **{name: text.strip() for name, text in told.items()},
        taken_by=by,
        taken_at=at,
    )
    session.add(complaint)
    record(session, complaint, "took a complaint", by=by, at=at, serial=bag.serial, kind=kind.value,
           nature=complaint.nature, response=complaint.response)  # fmt: skip
    return complaint
