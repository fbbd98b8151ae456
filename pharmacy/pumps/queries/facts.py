"""What a sheet states of the patient, the order, the bag and the pump, as finished texts by name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.compounding.models import Bag, Worksheet
from pharmacy.compounding.queries import list_bags_for, say_directions
from pharmacy.domain.formatting import day, dose, moment, number, quantity
from pharmacy.domain.pump_calendar import InfusionPlan
from pharmacy.domain.pump_numbers import ProgramRequest
from pharmacy.domain.pump_program import PumpProgram
from pharmacy.patients.models import AllergyStatus, Patient
from pharmacy.patients.queries import find_latest_measurement
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.pumps.models import Pump


def describe_sheet(
    session: Session,
    version: OrderVersion,
    worksheet: Worksheet,
    pump: Pump,
    plan: InfusionPlan,
) -> dict[str, str]:
    """Describe what a sheet is made from, each fact under the name that the paper has for it."""
    zone = ZoneInfo(version.order.patient.time_zone)
    bags = list_bags_for(worksheet, version.order_id)
    return (
        _describe_patient(version.order.patient, zone)
        | _describe_order(version)
        | {"directions": say_directions(session, version, bags[0].get_rate())}
        | {"start_date": moment(plan.infusions[0].starts, zone)}
        | _describe_bag(worksheet, bags, zone)
        | _describe_pump(pump)
    )


def _describe_patient(patient: Patient, zone: ZoneInfo) -> dict[str, str]:
    weight = find_latest_measurement(patient, "weight")
    return {
        "patient_name": patient.name,
        "date_of_birth": day(patient.born),
        "patient_number": patient.record_number,
        "allergies": _say_allergies(patient),
        "weight": f"{quantity(weight.value, weight.unit)} on {day(weight.taken_at.astimezone(zone).date())}"
        if weight
        else "not recorded",
    }


def _say_allergies(patient: Patient) -> str:
    if patient.allergy_status is AllergyStatus.LISTED:
        return ", ".join(f"{one.substance} ({one.reaction})" for one in patient.allergies)
    return "none known" if patient.allergy_status is AllergyStatus.NONE_KNOWN else "NOT ASKED"


def _describe_order(version: OrderVersion) -> dict[str, str]:
    return {
        "rx_number": version.order.rx_number,
        "order_version": str(version.version),
        "prescriber": version.prescriber.name,
        "ordered_on": day(version.written_on),
        "drug": version.drug,
        "dose": dose(version.dose_mg),
        "route": version.route,
        "sites": number(version.sites),
        "frequency": version.frequency,
        "duration": quantity(version.infusion_hours, "h"),
    }


def _describe_bag(worksheet: Worksheet, bags: Sequence[Bag], zone: ZoneInfo) -> dict[str, str]:
    formula = worksheet.formula
    return {
        "product": formula.name,
        "amount": f"{quantity(formula.dose_mg, 'mg')} ({quantity(worksheet.meq, 'mEq')})",
        "nominal_volume": quantity(formula.diluent.volume_ml, "mL"),
        "content_volume": quantity(worksheet.total_ml, "mL"),
        "concentration": quantity(worksheet.mg_per_ml, "mg/mL"),
        "volume_method": formula.method,
        "lot": f"worksheet {worksheet.serial}",
        "beyond_use": _say_beyond_use(sorted({bag.beyond_use_at for bag in bags if bag.beyond_use_at}), zone),
        "storage": formula.storage_words,
    }


def _say_beyond_use(dates: Sequence[datetime], zone: ZoneInfo) -> str:
    if len(dates) == 1:
        return moment(dates[0], zone)
    return f"{moment(dates[0], zone)} at the earliest; each bag as on its label"


def _describe_pump(pump: Pump) -> dict[str, str]:
    return {
        "pump_model": f"{pump.maker} {pump.model}",
        "pump_serial": pump.serial_number,
        "pump_asset": pump.asset_number,
        "pump_software": pump.software_version,
        "administration_set": pump.administration_set,
        "air_detector": pump.air_detector,
        "occlusion_sensor": pump.occlusion_sensor,
        "low_reservoir": pump.low_reservoir,
        "lock_level": pump.lock_level,
        "maintenance_due": day(pump.maintenance_due),
    }


def describe_numbers(program: PumpProgram, *, request: ProgramRequest) -> dict[str, str]:
    """Describe what each line of a program's working comes to; what does not exist is left out."""
    numbers = program.numbers
    doses = request.doses_per_bag * numbers.volume_ml
    found = {
        "volume": quantity(numbers.volume_ml, "mL"),
        "left": quantity(request.deliverable_ml - doses - request.kvo_ml, "mL"),
    }
    if numbers.rate is not None:
        found["rate"] = quantity(numbers.rate, "mL/h")
        found["rate_in_24_hours"] = f"{number(numbers.rate * 24, 2)} mL in 24 hours"
    if program.error_percent is not None:
        found["error"] = quantity(program.error_percent, "percent")
    if program.runs_for is not None:
        found["runs_for"] = program.runs_for
    if program.mg_per_hour is not None:
        found["mg_per_hour"] = quantity(program.mg_per_hour, "mg/h")
    if numbers.delivered_mg is not None:
        found["delivered"] = quantity(numbers.delivered_mg, "mg")
        if request.dose_mg is not None:
            found["percent"] = quantity(numbers.delivered_mg / Fraction(request.dose_mg) * 100, "percent")
    if program.window is not None:
        found["window"] = f"{program.window[0]} to {program.window[1]}"
    return found
