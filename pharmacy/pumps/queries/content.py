"""What a sheet says, as it is kept in its record and as its verification signs it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from pharmacy.domain.findings import Finding, Severity
from pharmacy.domain.formatting import iso_instant
from pharmacy.domain.pump_calendar import Infusion, InfusionPlan
from pharmacy.domain.pump_settings import Setting
from pharmacy.domain.quantities import decimal_text
from pharmacy.pumps.models import ProgramSheet
from pharmacy.pumps.queries.calendar import AT_HOME

# What a sheet's signature stands for beside its program and calendar; nothing of it changes afterwards.
_COLUMNS = (
    *("order_id", "order_version_id", "patient_id", "worksheet_id", "pump_id", "version", "replaces_id"),
    *("mode", "volume_ml", "rate_ml_per_h", "verdict", "program", "calendar", "flag_reason"),
    *("prepared_by_id", "prepared_at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetProgram:
    """Hold a sheet's program: settings in screen order, findings, working, and finished texts by name.

    `numbers` are the results of the working, `facts` what the sheet states of patient, order, bag and pump;
    `profile` is the adopted pump profile with its version and digest.
    """

    settings: tuple[Setting, ...]
    findings: tuple[Finding, ...]
    working: tuple[str, ...]
    numbers: Mapping[str, str]
    facts: Mapping[str, str]
    profile: Mapping[str, str]
    profile_verified: bool


def write_program(program: SheetProgram) -> str:
    """Write a program as it is kept."""
    return json.dumps(asdict(program), sort_keys=True, ensure_ascii=False)


def read_program(sheet: ProgramSheet) -> SheetProgram:
    """Read the program of a sheet."""
    kept = json.loads(sheet.program)
    return SheetProgram(
        settings=tuple(Setting(**one) for one in kept["settings"]),
        findings=tuple(
            Finding(one["rule"], Severity(one["severity"]), one["message"]) for one in kept["findings"]
        ),
        working=tuple(kept["working"]),
        numbers=kept["numbers"],
        facts=kept["facts"],
        profile=kept["profile"],
        profile_verified=kept["profile_verified"],
    )


@dataclass(frozen=True, slots=True)
class SheetCalendar:
    """Hold a sheet's infusions with their bags, the bags that no day names, and the home's time zone."""

    zone: str
    infusions: tuple[Infusion, ...]
    unused: tuple[str, ...]

    @property
    def serials(self) -> tuple[str, ...]:
        """List every bag that the calendar names by its serial, on a day or as a spare."""
        named = (*(one.bag for one in self.infusions if one.bag), *self.unused)
        return tuple(one for one in named if one != AT_HOME)


def write_calendar(plan: InfusionPlan, *, zone: str) -> str:
    """Write a calendar as it is kept."""
    days = [
        {"starts": iso_instant(one.starts), "ends": iso_instant(one.ends), "bag": one.bag}
        for one in plan.infusions
    ]
    return json.dumps({"zone": zone, "infusions": days, "unused": list(plan.unused)}, sort_keys=True)


def read_calendar(sheet: ProgramSheet) -> SheetCalendar:
    """Read the calendar of a sheet."""
    kept = json.loads(sheet.calendar)
    return SheetCalendar(kept["zone"], _read_infusions(kept["infusions"]), tuple(kept["unused"]))


def _read_infusions(kept: Sequence[Mapping[str, str]]) -> tuple[Infusion, ...]:
    return tuple(
        Infusion(
            datetime.fromisoformat(one["starts"]), datetime.fromisoformat(one["ends"]), one["bag"] or None
        )
        for one in kept
    )


def sheet_content(sheet: ProgramSheet) -> dict[str, Any]:
    """Return all that a signature under a sheet stands for, the same whenever it is asked for."""
    return {name: _plain(getattr(sheet, name)) for name in _COLUMNS}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return decimal_text(value)
    return iso_instant(value) if isinstance(value, datetime) else value
