"""The order of the quieter sample patient, entered and verified by the right people."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.domain.local_time import to_local
from pharmacy.formulary.queries import list_approved_formulas
from pharmacy.patients.queries import list_patients, list_prescribers
from pharmacy.prescriptions.actions import OrderEntry, enter_order, verify_order
from pharmacy.sample.patients import QUIET_PATIENT
from pharmacy.sample.people import PASSWORD

OFF_LABEL = (
    "Oral magnesium is not absorbed well enough and there is no vein access at home. "
    "The prescriber knows that the vial is labelled for intravenous and intramuscular use"
)
LITERATURE = (
    "Home subcutaneous magnesium sulfate, 2 g a day, for refractory renal wasting (case report); sample"
)


def load_orders(session: Session, people: dict[str, Person], *, at: datetime) -> None:
    """Put one order in force, on three days of the week; the patient of the main job has none yet."""
    by = people["tina"]
    site_id = by.site_id
    (patient,) = list_patients(session, site_id=site_id, page=1, search=QUIET_PATIENT)
    today = to_local(at, ZoneInfo(patient.time_zone)).date()
    first = _next_evening(today)
    entry = OrderEntry(
        patient_id=patient.id,
        formula_id=list_approved_formulas(session, site_id=site_id)[0].id,
        dose_mg=Decimal(2000),
        diluent_volume_ml=Decimal(100),
        route="subcutaneous",
        infusion_hours=Decimal(10),
        sites=1,
        device="cadd-solis-vip",
        frequency_as_written="every Monday, Wednesday and Friday",
        anchor=first,
        effective=first,
        bags_authorised=40,
        prescriber_id=list_prescribers(session, site_id=site_id)[0].id,
        diagnosis_code="E83.42",
        diagnosis="Hypomagnesemia",
        off_label_reason=OFF_LABEL,
        literature=LITERATURE,
        written_on=today - timedelta(days=1),
        expires_on=today + timedelta(days=180),
        received_how="electronic prescription",
        read_back=False,
    )
    version = enter_order(session, entry, by=by, at=at)
    verify_order(
        session, version, list_checked=True, acknowledged={}, password=PASSWORD, by=people["paula"], at=at
    )


def _next_evening(today: date) -> datetime:
    """Return 20:00 on the next Monday, Wednesday or Friday after today."""
    days = (today + timedelta(days=ahead) for ahead in range(1, 4))
    return datetime.combine(next(day for day in days if day.weekday() in (0, 2, 4)), time(20))
