"""A sheet read back as it is, or with some fields typed otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pharmacy.domain.findings import Finding
from pharmacy.domain.pump_profiles import find_profile
from pharmacy.domain.pump_readback import BagNumbers, Shown, check_readback
from tests.pump_requests import make_request, program

LEGACY_1, CURLIN = "cadd-legacy-1", "curlin-6000"
NBSP = "\N{NO-BREAK SPACE}"


def read_back(
    pump: str,
    typed: Mapping[str, str | None],
    *,
    units: Mapping[str, str] | None = None,
    bag: BagNumbers | None = None,
    **sheet: Any,
) -> list[tuple[str, str, str]]:
    """Read a sheet back with some fields typed otherwise, None left out; answers rule, severity and words."""
    profile = find_profile(pump)
    assert profile is not None
    settings = program(pump, **sheet).settings
    values = {one.field: one.shown for one in settings} | typed
    screen = {
        field: Shown(value, (units or {}).get(field, ""))
        for field, value in values.items()
        if value is not None
    }
    found = check_readback(
        screen,
        settings=settings,
        request=make_request(**sheet),
        profile=profile,
        bag=bag or BagNumbers(dose_mg=Decimal(2000), meq=Decimal("16.24")),
    )
    return [plain(one) for one in found]


def plain(found: Finding) -> tuple[str, str, str]:
    return found.rule, str(found.severity), found.message.replace(NBSP, " ")
