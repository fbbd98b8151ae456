"""The pump request that the tests vary: magnesium sulfate 2 g in 106 mL, exact fill, 100 mL over 10 hours."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pharmacy.domain.findings import Finding
from pharmacy.domain.frequency import parse_frequency
from pharmacy.domain.pump_limits import get_subcutaneous_limits
from pharmacy.domain.pump_program import (
    DeliveryBasis,
    Mode,
    ProgramRequest,
    PumpProgram,
    Route,
    find_profile,
    program_pump,
)

PROGRAMMABLE = (
    "cadd-solis-vip",
    "cadd-legacy-plus",
    "cadd-legacy-1",
    "cadd-prizm-vip",
    "curlin-6000",
    "sapphire",
    "bodyguard-323",
)
NOT_PROGRAMMABLE = ("freedom60", "elastomeric")
PLUS, SOLIS = "cadd-legacy-plus", "cadd-solis-vip"
IV: dict[str, Any] = {"route": "intravenous"}
CYCLE: dict[str, Any] = {"mode": "intermittent"}
BIG: dict[str, Any] = {"content_ml": "9000", "mg_per_ml": "1", **IV}
_SEED: dict[str, Any] = {
    "mode": "continuous",
    "volume_ml": "100",
    "infusion_hours": "10",
    "frequency": "daily",
    "route": "subcutaneous",
    "sites": 1,
    "mg_per_ml": "20",
    "content_ml": "106",
    "prime_ml": "5",
    "residual_ml": "1",
    "prime_by_pump": False,
    "kvo_ml_per_h": "0",
}
_READ = {
    "mode": Mode,
    "route": Route,
    "delivery_basis": DeliveryBasis,
    "frequency": parse_frequency,
}


def make_request(**changes: Any) -> ProgramRequest:
    """Return the seed request with changes; texts are quantities where a quantity belongs."""
    given = _SEED | changes
    read = {
        name: _READ[name](value) if name in _READ else Decimal(value) if isinstance(value, str) else value
        for name, value in given.items()
    }
    return ProgramRequest(**read)


def program(pump: str, **changes: Any) -> PumpProgram:
    """Program a pump for the seed request with changes, under the limits that ship."""
    profile = find_profile(pump)
    assert profile is not None
    return program_pump(
        make_request(**changes), profile=profile, limits=get_subcutaneous_limits("magnesium-sulfate")
    )


def shown(made: PumpProgram) -> dict[str, str]:
    """Return what each field of a program shows on the pump."""
    return {setting.field: setting.shown for setting in made.settings}


def rules(made: PumpProgram, severity: str) -> set[str]:
    """Return the rules that speak with this severity."""
    return {finding.rule for finding in made.findings if finding.severity == severity}


def worst(made: PumpProgram, rule: str) -> str:
    """Return how gravely a rule speaks, or an empty text."""
    for severity in ("refuse", "flag", "note"):
        if rule in rules(made, severity):
            return severity
    return ""


def said(made: PumpProgram, rule: str) -> Finding:
    """Return the one finding of a rule."""
    (found,) = [finding for finding in made.findings if finding.rule == rule]
    return found
