"""Every change of the register of pumps: a pump comes in, is cleaned, maintained, lent, and taken back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import begin_life, move, record
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formatting import day
from pharmacy.domain.local_time import to_local
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.statuses import PUMP_MOVES, PumpStatus
from pharmacy.formulary.queries import get_adopted
from pharmacy.patients.models import Patient
from pharmacy.pumps.models import Pump
from pharmacy.pumps.queries import find_pump_by_asset


@dataclass(frozen=True, kw_only=True)
class PumpEntry:
    """Hold what is entered of a new pump; `profile` is the adopted profile that it is programmed by."""

    asset_number: str
    serial_number: str
    maker: str
    model: str
    profile: str
    software_version: str
    administration_set: str
    air_detector: str
    occlusion_sensor: str
    low_reservoir: str
    lock_level: str
    maintenance_due: date


def register_pump(session: Session, entry: PumpEntry, *, by: Person, at: datetime) -> Pump:
    """Add a pump to the register; it waits to be cleaned before anybody gets it.

    Refuses an asset number that is taken and a pump of a kind that the site has adopted no profile of.
    """
    ensure_may(by.role, Permission.PREPARE_PUMP_SHEETS)
    if find_pump_by_asset(session, entry.asset_number, site_id=by.site_id):
        raise InvalidInput(f"Asset number {entry.asset_number} is taken.", field="asset_number")
    get_adopted(session, "pump_profile", entry.profile, site_id=by.site_id)
    pump = Pump(site_id=by.site_id, status=PumpStatus.CLEANING, **asdict(entry))
    session.add(pump)
    begin_life(session, pump, by=by, at=at)
    record(session, pump, "registered a pump", by=by, at=at, **asdict(entry))
    return pump


def clean_pump(session: Session, pump: Pump, *, by: Person, at: datetime) -> Pump:
    """Record that a pump was cleaned and its last program cleared; it may go to a patient again."""
    ensure_may(by.role, Permission.PREPARE_PUMP_SHEETS)
    move(session, pump, PUMP_MOVES, PumpStatus.AVAILABLE, what="a pump", by=by, at=at)
    pump.cleaned_on = to_local(at, ZoneInfo(by.site.time_zone)).date()
    record(session, pump, "cleaned a pump", by=by, at=at, asset=pump.asset_number, cleaned_on=pump.cleaned_on)
    return pump


def record_maintenance(
    session: Session, pump: Pump, *, next_due: date, note: str, by: Person, at: datetime
) -> Pump:
    """Record that a pump was maintained, and when it is due next."""
    ensure_may(by.role, Permission.PREPARE_PUMP_SHEETS)
    if not note.strip():
        raise InvalidInput("Enter who maintained the pump and what was found.", field="note")
    if pump.status in (PumpStatus.WITH_PATIENT, PumpStatus.RETIRED):
        raise Refusal(f"Pump {pump.asset_number} is not at the pharmacy, so it was not maintained here.")
    today = to_local(at, ZoneInfo(by.site.time_zone)).date()
    if next_due <= today:
        raise InvalidInput(f"The next maintenance should be due after {day(today)}.", field="next_due")
    was, pump.maintenance_due = pump.maintenance_due, next_due
    record(session, pump, "maintained a pump", by=by, at=at, reason=note.strip(),
           asset=pump.asset_number, was=was, next_due=next_due)  # fmt: skip
    return pump


def hand_over_pump(session: Session, pump: Pump, patient: Patient, *, by: Person, at: datetime) -> Pump:
    """Record that a pump came to a patient, with the delivery that it was in."""
    ensure_may(by.role, Permission.DRIVE_DELIVERIES)
    move(session, pump, PUMP_MOVES, PumpStatus.WITH_PATIENT, what="a pump", by=by, at=at)
    pump.patient = patient
    record(session, pump, "handed over a pump", by=by, at=at, asset=pump.asset_number, patient=patient.id)
    return pump


def take_back_pump(session: Session, pump: Pump, *, by: Person, at: datetime) -> Pump:
    """Record that a pump came back from its patient; nobody gets it before it is cleaned."""
    ensure_may(by.role, Permission.PREPARE_PUMP_SHEETS)
    if pump.status is not PumpStatus.WITH_PATIENT:
        raise Refusal(f"Pump {pump.asset_number} is not with a patient.")
    _leave_patient(session, pump, PumpStatus.CLEANING, reason=None, by=by, at=at)
    return pump


def quarantine_pump(session: Session, pump: Pump, *, reason: str, by: Person, at: datetime) -> Pump:
    """Hold a pump back, with the reason: it was dropped, got wet, gave a wrong alarm, or is recalled."""
    ensure_may(by.role, Permission.PREPARE_PUMP_SHEETS)
    ensure_reason(reason)
    _leave_patient(session, pump, PumpStatus.QUARANTINED, reason=reason.strip(), by=by, at=at)
    return pump


def end_quarantine(session: Session, pump: Pump, *, reason: str, by: Person, at: datetime) -> Pump:
    """Let a pump be cleaned and used again, with what was found; a pharmacist decides it."""
    ensure_may(by.role, Permission.VERIFY_PUMP_SHEETS)
    ensure_reason(reason)
    if pump.status is not PumpStatus.QUARANTINED:
        raise Refusal(f"Pump {pump.asset_number} is not in quarantine.")
    _leave_patient(session, pump, PumpStatus.CLEANING, reason=reason.strip(), by=by, at=at)
    return pump


def retire_pump(session: Session, pump: Pump, *, reason: str, by: Person, at: datetime) -> Pump:
    """Take a pump out of use for good, with the reason."""
    ensure_may(by.role, Permission.PREPARE_PUMP_SHEETS)
    ensure_reason(reason)
    _leave_patient(session, pump, PumpStatus.RETIRED, reason=reason.strip(), by=by, at=at)
    return pump


def _leave_patient(
    session: Session, pump: Pump, to: PumpStatus, *, reason: str | None, by: Person, at: datetime
) -> None:
    was = pump.patient_id
    move(session, pump, PUMP_MOVES, to, what="a pump", by=by, at=at, reason=reason)
    pump.patient = pump.cleaned_on = None
    record(session, pump, f"moved a pump to {to.value}", by=by, at=at, reason=reason,
           asset=pump.asset_number, patient=was)  # fmt: skip
