"""What must hold before a sheet names a pump: it is free or with this patient, clean, and maintained."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Site
from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import day
from pharmacy.domain.lifecycle import say
from pharmacy.domain.local_time import to_local
from pharmacy.domain.reference_data import ensure_in_review
from pharmacy.domain.statuses import PumpStatus
from pharmacy.formulary.queries import AdoptedKind, as_reference_entry, get_adopted
from pharmacy.patients.models import Patient
from pharmacy.pumps.models import Pump
from pharmacy.pumps.queries import find_claim


def ensure_pump_may_go(session: Session, pump: Pump, patient: Patient) -> None:
    """Refuse a pump that this patient cannot have: another has it or is promised it, or it is not clean."""
    name = f"Pump {pump.asset_number}"
    if pump.status is PumpStatus.WITH_PATIENT and pump.patient_id == patient.id:
        return
    if pump.status is PumpStatus.WITH_PATIENT:
        raise Refusal(f"{name} is with another patient.", field="pump")
    if pump.status is not PumpStatus.AVAILABLE:
        raise Refusal(f"{name} is {say(pump.status)}, not available.", field="pump")
    if pump.cleaned_on is None:
        raise Refusal(f"{name} was not cleaned since it was used last.", field="pump")
    claim = find_claim(session, pump, patient_id=patient.id)
    if claim is not None:
        raise Refusal(f"{name} is promised to another patient by a pump sheet in force.", field="pump")


def ensure_maintained(pump: Pump, *, last_infusion: date) -> None:
    """Refuse a pump whose maintenance is due before the last infusion that it is to give (pumps.md 6)."""
    if pump.maintenance_due < last_infusion:
        raise Refusal(
            f"Maintenance of pump {pump.asset_number} is due on {day(pump.maintenance_due)}, before the last"
            f" infusion on {day(last_infusion)}. Maintain it first, or take another pump.",
            field="pump",
        )


def ensure_reference_in_review(session: Session, pump: Pump, drug: str, *, at: datetime) -> None:
    """Refuse a pump profile or subcutaneous limits whose review is overdue."""
    zone = ZoneInfo(session.get_one(Site, pump.site_id).time_zone)
    today = to_local(at, zone).date()
    for kind, key in (
        (AdoptedKind.PUMP_PROFILE, pump.profile),
        (AdoptedKind.SUBCUTANEOUS_LIMITS, drug.replace(" ", "-")),
    ):
        adopted = get_adopted(session, kind, key, site_id=pump.site_id)
        ensure_in_review(as_reference_entry(adopted), at=today)
