"""The sample prescribers and patients; all names and numbers are invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.domain.local_time import to_instant, to_local
from pharmacy.patients.models import (
    Allergy,
    AllergyStatus,
    Condition,
    Consent,
    LabResult,
    Measurement,
    Medication,
    Patient,
    Prescriber,
)

MAIN_PATIENT, QUIET_PATIENT = "P-1001", "P-1002"
NEPHROLOGIST = "Nestor Nephridge, MD"
LABORATORY = "Sampleton Laboratory (sample)"


@dataclass(frozen=True)
class _Analyte:
    loinc: str
    unit: str
    low: str
    high: str


# The laboratory's own ranges, as it would report them (domain.md 8; sample).
_ANALYTES = {
    "magnesium": _Analyte("19123-9", "mg/dL", "1.7", "2.4"),
    "potassium": _Analyte("2823-3", "mmol/L", "3.5", "5"),
    "calcium": _Analyte("17861-6", "mg/dL", "8.5", "10.2"),
    "creatinine": _Analyte("2160-0", "mg/dL", "0.5", "1.1"),
    "eGFR": _Analyte("98979-8", "mL/min/1.73 m2", "60", ""),
}


class _Days:
    """Count dates and instants back from the day of the load, at the home's clock."""

    def __init__(self, at: datetime, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self.today = to_local(at, self.zone).date()

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def morning(self, days: int) -> datetime:
        return to_instant(datetime.combine(self.ago(days), time(8, 30)), self.zone)


def load_patients(session: Session, people: dict[str, Person], *, at: datetime) -> None:
    """Add the nephrologist, the patient of the main job, and a second, quieter one."""
    site = people["petra"].site
    days = _Days(at, site.time_zone)
    session.add_all(
        [
            Prescriber(
                site_id=site.id,
                name=NEPHROLOGIST,
                speciality="Nephrology",
                npi="SAMPLE-NPI-01",
                address="22 Sample Hospital Plaza, Sampleton, NY 10000",
                phone="555-0122",
            ),
            _main_patient(site.id, days),
            _quiet_patient(site.id, days),
        ]
    )
    session.flush()


def _main_patient(site_id: int, days: _Days) -> Patient:
    return Patient(
        site_id=site_id,
        record_number=MAIN_PATIENT,
        family_name="Larkspur",
        given_name="Marigold",
        born=days.ago(46 * 365 + 120),
        sex="female",
        phone="555-0146",
        address="46 Sample Lane, Sampleton, NY 10000",
        delivery_instructions="Ring twice. The refrigerator for the bags is in the kitchen.",
        time_zone=str(days.zone),
        allergy_status=AllergyStatus.LISTED,
        caregiver="Basil Larkspur, husband",
        emergency_contact="Basil Larkspur, husband, 555-0147",
        allergies=[
            Allergy(substance="penicillin", reaction="hives", severity="moderate"),
            Allergy(substance="adhesive tape", reaction="skin rash under the dressing", severity="mild"),
        ],
        conditions=[
            Condition(
                code="E83.42",
                description="Hypomagnesemia, renal magnesium wasting suspected",
                principal=True,
            ),
            Condition(code="R56.9", description="Seizures with low magnesium", principal=False),
        ],
        measurements=[
            Measurement(kind="weight", value=Decimal("64.5"), unit="kg", taken_at=days.morning(6)),
            Measurement(kind="height", value=Decimal(168), unit="cm", taken_at=days.morning(60)),
        ],
        lab_results=[
            _lab("magnesium", "1.3", days, 5),
            _lab("magnesium", "1.1", days, 33),
            _lab("potassium", "3.8", days, 5),
            _lab("calcium", "8.9", days, 5),
            _lab("creatinine", "0.8", days, 5),
            _lab("eGFR", "92", days, 5),
        ],
        medications=[
            Medication(
                drug="levetiracetam 500 mg tablet",
                directions="1 tablet by mouth 2 times a day, for seizures",
                started_on=days.ago(410),
            ),
            Medication(
                drug="magnesium oxide 400 mg tablet",
                directions="1 tablet by mouth 2 times a day with food, beside the infusions",
                started_on=days.ago(380),
            ),
            Medication(
                drug="omeprazole 20 mg capsule",
                directions="1 capsule by mouth daily",
                started_on=days.ago(900),
                stopped_on=days.ago(370),
            ),
        ],
        consents=[
            Consent(kind="Home infusion treatment", given_on=days.ago(8)),
            Consent(kind="Notice of privacy practices", given_on=days.ago(8)),
            Consent(kind="Release of information to the prescriber", given_on=days.ago(8)),
        ],
    )


def _quiet_patient(site_id: int, days: _Days) -> Patient:
    return Patient(
        site_id=site_id,
        record_number=QUIET_PATIENT,
        family_name="Quince",
        given_name="Quillon",
        born=days.ago(61 * 365 + 200),
        sex="male",
        phone="555-0161",
        address="8 Sample Orchard Road, Sampleton, NY 10000",
        delivery_instructions="Leave with a neighbour only after a call.",
        time_zone=str(days.zone),
        allergy_status=AllergyStatus.NONE_KNOWN,
        caregiver="",
        emergency_contact="Myrtle Quince, sister, 555-0162",
        conditions=[Condition(code="E83.42", description="Hypomagnesemia", principal=True)],
        measurements=[
            Measurement(kind="weight", value=Decimal(81), unit="kg", taken_at=days.morning(12)),
            Measurement(kind="height", value=Decimal(177), unit="cm", taken_at=days.morning(90)),
        ],
        lab_results=[
            _lab("magnesium", "1.6", days, 9),
            _lab("potassium", "4.2", days, 9),
            _lab("calcium", "9.3", days, 9),
            _lab("creatinine", "0.9", days, 9),
            _lab("eGFR", "84", days, 9),
        ],
        medications=[
            Medication(
                drug="magnesium oxide 400 mg tablet",
                directions="1 tablet by mouth daily with food",
                started_on=days.ago(200),
            )
        ],
        consents=[
            Consent(kind="Home infusion treatment", given_on=days.ago(30)),
            Consent(kind="Notice of privacy practices", given_on=days.ago(30)),
        ],
    )


def _lab(analyte: str, value: str, days: _Days, ago: int) -> LabResult:
    known = _ANALYTES[analyte]
    return LabResult(
        analyte=analyte,
        loinc=known.loinc,
        value=Decimal(value),
        reported=value,
        unit=known.unit,
        range_low=known.low,
        range_high=known.high,
        laboratory=LABORATORY,
        collected_at=days.morning(ago),
    )
