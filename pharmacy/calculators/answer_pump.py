"""Answer `pharmacy calc pump` (calculators.md, pump)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pharmacy.calculators.reading import Fields
from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.frequency import parse_frequency
from pharmacy.domain.pump_limits import SubcutaneousLimits, get_subcutaneous_limits
from pharmacy.domain.pump_numbers import DeliveryBasis, ProgramRequest
from pharmacy.domain.pump_profiles import Mode, PumpProfile, load_profiles
from pharmacy.domain.pump_program import PumpProgram, program_pump
from pharmacy.domain.quantities import decimal_text
from pharmacy.domain.routes import Route

# The limits that stand for a calculation without an order; every other drug has its own.
_DRUG = "magnesium-sulfate"


def answer(fields: Fields) -> dict[str, Any]:
    """Answer one pump program from its fields; raises InvalidInput naming the field that is wrong."""
    request, profile = read(fields)
    return write(compute(request, profile))


def read(fields: Fields) -> tuple[ProgramRequest, PumpProfile]:
    """Read what is asked for and the pump that is asked."""
    profiles = load_profiles()
    profile = profiles[fields.choice("pump", tuple(profiles))]
    request = _read_request(fields)
    fields.close()
    return request, profile


def compute(request: ProgramRequest, profile: PumpProfile) -> PumpProgram:
    """Compute the program that the pump is asked for."""
    return program_pump(request, profile=profile, limits=find_limits())


def find_limits() -> SubcutaneousLimits:
    """Return the subcutaneous limits that stand for a calculation without an order."""
    return get_subcutaneous_limits(_DRUG)


def _read_request(fields: Fields) -> ProgramRequest:
    dose_mg, basis = _read_dose(fields)
    return ProgramRequest(
        mode=Mode(fields.choice("mode", tuple(Mode))),
        volume_ml=fields.quantity("volume_mL"),
        infusion_hours=fields.quantity("infusion_hours"),
        frequency=parse_frequency(fields.text("frequency"), field=fields.name("frequency")),
        route=Route(fields.choice("route", tuple(Route))),
        sites=fields.whole("sites"),
        mg_per_ml=fields.quantity("mg_per_mL"),
        content_ml=fields.quantity("content_mL"),
        prime_ml=fields.quantity("prime_mL", zero_allowed=True),
        residual_ml=fields.quantity("residual_mL", zero_allowed=True),
        prime_by_pump=fields.boolean("prime_by_pump"),
        kvo_ml_per_h=fields.quantity("kvo_mL_per_h", zero_allowed=True),
        doses_per_bag=fields.whole("doses_per_bag") if fields.has("doses_per_bag") else 1,
        mosm_per_l=fields.quantity("mosm_per_L") if fields.has("mosm_per_L") else None,
        dose_mg=dose_mg,
        delivery_basis=basis,
    )


def _read_dose(fields: Fields) -> tuple[Decimal | None, DeliveryBasis | None]:
    given = {key: fields.has(key) for key in ("dose_mg", "delivery_basis")}
    if not any(given.values()):
        return None, None
    if not all(given.values()):
        missing = fields.name("delivery_basis" if given["dose_mg"] else "dose_mg")
        raise InvalidInput(
            f"{missing} is missing; dose_mg and delivery_basis belong together.", field=missing
        )
    return fields.quantity("dose_mg"), DeliveryBasis(fields.choice("delivery_basis", tuple(DeliveryBasis)))


def write(program: PumpProgram) -> dict[str, Any]:
    """Write a program as the contract's output."""
    return {
        "verdict": str(program.verdict),
        "settings": [
            {
                "field": setting.field,
                "value": setting.value,
                "unit": setting.unit,
                "entered": setting.entered,
                "shown": setting.shown,
            }
            for setting in program.settings
        ],
        "rate_mL_per_h": _text(program.rate_ml_per_h),
        "error_percent": _text(program.error_percent),
        "runs_for": program.runs_for,
        "delivered_mg": _text(program.delivered_mg),
        "mg_per_hour": _text(program.mg_per_hour),
        "profile_verified": program.profile_verified,
        "findings": [
            {"rule": one.rule, "severity": str(one.severity), "message": one.message}
            for one in program.findings
        ],
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else decimal_text(value)
