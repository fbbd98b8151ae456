"""The subcutaneous limits at, below and above each (R9 to R11, pumps.md 3.3)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pump_requests import (
    IV,
    SOLIS,
    program,
    worst,
)


# Each at the soft limit, above it, at the hard limit and above it (pumps.md 3.3).
@pytest.mark.parametrize(
    ("changes", "rule", "severity"),
    [
        ({"volume_ml": "250", "infusion_hours": "10"}, "R9", ""),
        ({"volume_ml": "251", "infusion_hours": "10"}, "R9", "flag"),
        ({"volume_ml": "300", "infusion_hours": "5"}, "R9", "flag"),
        ({"volume_ml": "300.5", "infusion_hours": "5"}, "R9", "refuse"),
        ({"volume_ml": "300.5", "infusion_hours": "5", "sites": 2}, "R9", "flag"),
        ({"volume_ml": "500", "infusion_hours": "20"}, "R9", ""),
        ({"volume_ml": "504", "infusion_hours": "21"}, "R9", "flag"),
        ({"volume_ml": "1008", "infusion_hours": "21", "sites": 2}, "R9", "flag"),
        ({"volume_ml": "1440", "infusion_hours": "24"}, "R9", "flag"),
        ({"volume_ml": "500", "infusion_hours": "20", "frequency": "every 2 days"}, "R9", ""),
        ({"mg_per_ml": "40", "volume_ml": "10"}, "R10", ""),
        ({"mg_per_ml": "40.000001", "volume_ml": "10"}, "R10", "flag"),
        ({"mg_per_ml": "200", "volume_ml": "10"}, "R10", "flag"),
        ({"mg_per_ml": "200.1", "volume_ml": "10"}, "R10", "refuse"),
        ({"mosm_per_l": "500"}, "R10", ""),
        ({"mosm_per_l": "500.1"}, "R10", "flag"),
        ({"mosm_per_l": "900"}, "R10", "flag"),
        ({"mosm_per_l": "900.1"}, "R10", "refuse"),
        ({"volume_ml": "100", "infusion_hours": "4"}, "R11", ""),
        ({"volume_ml": "25.1", "infusion_hours": "1"}, "R11", "flag"),
        ({"volume_ml": "75", "infusion_hours": "1"}, "R11", "flag"),
        ({"volume_ml": "75.1", "infusion_hours": "1"}, "R11", "refuse"),
        ({"volume_ml": "200", "infusion_hours": "20"}, "R11", ""),
        ({"volume_ml": "201", "infusion_hours": "20"}, "R11", "flag"),
        ({"volume_ml": "400", "infusion_hours": "20"}, "R11", "flag"),
        ({"volume_ml": "402", "infusion_hours": "20"}, "R11", "refuse"),
        ({"volume_ml": "100", "infusion_hours": "10", "frequency": "twice daily"}, "R11", ""),
        ({"volume_ml": "101", "infusion_hours": "10", "frequency": "twice daily"}, "R11", "flag"),
        ({"volume_ml": "100", "infusion_hours": "8", "frequency": "every 8 hours"}, "R11", "flag"),
        ({"volume_ml": "100", "infusion_hours": "4", "frequency": "every 4 hours"}, "R11", "refuse"),
        # 8 g over 48 hours is 4 g in any 24.
        ({"volume_ml": "400", "infusion_hours": "40", "frequency": "every 2 days"}, "R11", "flag"),
        ({"volume_ml": "384", "infusion_hours": "48", "frequency": "every 2 days"}, "R11", ""),
    ],
)
def test_r9_to_r11_the_subcutaneous_limits(changes: dict[str, Any], rule: str, severity: str) -> None:
    made = program(SOLIS, **{"content_ml": "2000", **changes})
    assert worst(made, rule) == severity
    elsewhere = program(SOLIS, **{"content_ml": "2000", **IV, **changes})
    assert worst(elsewhere, rule) == ""
