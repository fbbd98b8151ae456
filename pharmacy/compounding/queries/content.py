"""What a worksheet says in full, as it is signed, and the limits that were frozen at the start."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from pharmacy.compounding.models import Worksheet
from pharmacy.domain.quantities import decimal_text

_ARITHMETIC = (
    "additive_ml",
    "withdraw_ml",
    "diluent_ml",
    "total_ml",
    "mg_per_ml",
    "meq",
    "mosm_per_l",
    "deliverable_ml",
    "rate_ml_per_h",
    "vials",
    "total_additive_ml",
    "waste_ml",
)
_ORDER = (
    "version",
    "drug",
    "dose_mg",
    "diluent",
    "diluent_volume_ml",
    "route",
    "infusion_hours",
    "sites",
    "device",
    "frequency",
    "anchor",
)


@dataclass(frozen=True)
class FrozenLimit:
    """Hold one limit of a beyond-use date as it was frozen: its rule, its instant and where it comes from."""

    rule: str
    until: datetime
    source: str


def worksheet_content(worksheet: Worksheet) -> dict[str, Any]:
    """Return all that a signature under a worksheet stands for: order, formula, numbers, lots and bags."""
    formula = worksheet.formula
    return {
        "worksheet": worksheet.serial,
        **_made_for(worksheet),
        "formula": [formula.code, formula.version, formula.name],
        "products": [formula.additive.name, formula.diluent.name],
        "method": formula.method,
        "needed_at": _plain(worksheet.needed_at),
        "arithmetic": {name: _plain(getattr(worksheet, name)) for name in _ARITHMETIC},
        "working": worksheet.working,
        "lots": [
            [one.lot.product.name, one.lot.number, _plain(one.lot.expires_at), one.containers]
            for one in worksheet.proposed_lots
        ],
        "bags": [[bag.position, bag.serial, _plain(bag.planned_dose_at)] for bag in worksheet.bags],
        "steps": [step.instruction for step in formula.steps],
    }


def _made_for(worksheet: Worksheet) -> dict[str, Any]:
    version, patient = worksheet.order_version, worksheet.patient
    if version is None or patient is None:
        return {"stock": worksheet.stock_reason}
    return {
        "patient": [patient.record_number, patient.name, str(patient.born)],
        "prescription": version.order.rx_number,
        "order": {name: _plain(getattr(version, name)) for name in _ORDER},
    }


def _plain(value: Any) -> Any:
    """Write a value in one way only, whether it was just computed or read back from the database."""
    if isinstance(value, Decimal):
        return decimal_text(value)
    return value.isoformat() if isinstance(value, datetime) else value


def list_frozen_limits(worksheet: Worksheet) -> list[FrozenLimit]:
    """List the limits of a worksheet's beyond-use date, the soonest first; none before it starts."""
    if worksheet.beyond_use_limits is None:
        return []
    return [
        FrozenLimit(one["rule"], datetime.fromisoformat(one["until"]), one["source"])
        for one in json.loads(worksheet.beyond_use_limits)["limits"]
    ]
