"""A worked example of each rule: the therapy that the pharmacy is measured on (domain.md 0 and 6.3).

Magnesium sulfate 2 g in 100 mL 0.9% sodium chloride, subcutaneously over 10 hours, daily,
later 2 of every 3 days.
"""

from __future__ import annotations

from typing import Any

_HOME = {"timezone": "America/New_York"}
# Nine bags delivered, three taken daily, then the change: domain.md 6.3, vector A.
_COURSE = _HOME | {
    "regimen": [
        {"frequency": "daily", "anchor": "2026-11-09T21:00"},
        {"effective": "2026-11-12T00:00", "frequency": "2 of every 3 days", "anchor": "2026-11-12T21:00"},
    ],
    "from": "2026-11-12T12:00",
    "until": "2026-11-26T00:00",
    "on_hand": [{"bags": "6", "beyond_use": "2026-11-18T09:00"}],
    "spare_bags": "1",
}

EXAMPLES: dict[str, dict[str, Any]] = {
    "frequency": _HOME
    | {
        "frequency": "every two out of three days",
        "anchor": "2026-11-09T21:00",
        "infusion_hours": "10",
        "from": "2026-11-09T00:00",
        "until": "2026-12-09T00:00",
    },
    "admixture": {
        "dose_mg": "2000",
        "method": "add",
        "additive": {"mg_per_mL": "500", "vial_mL": "10", "meq_per_mL": "4.06", "mosm_per_mL": "4.06"},
        "diluent": {"volume_mL": "100", "overfill_mL": "0", "mosm_per_mL": "0.308"},
        "bags": "9",
        "pool": False,
        "prime_mL": "0",
        "residual_mL": "0",
        "pump_volume_mL": "104",
    },
    "beyond-use": _HOME
    | {
        "prepared_at": "2026-11-08T09:00",
        "category": "2",
        "method": "aseptic",
        "sterility_tested": False,
        "nonsterile_components": False,
        "storage": "refrigerator",
        "stability": [
            {"storage": "refrigerator", "days": "14", "reference": "Sample, no study of this formula"}
        ],
        "components": [
            {"name": "Magnesium sulfate 50%", "lot": "M-SAMPLE", "expires": "2027-06"},
            {"name": "0.9% sodium chloride 100 mL", "lot": "S-SAMPLE", "expires": "2027-12-31"},
        ],
    },
    "pump": {
        "pump": "cadd-solis-vip",
        "mode": "continuous",
        "volume_mL": "100",
        "infusion_hours": "10",
        "frequency": "2 of every 3 days",
        "route": "subcutaneous",
        "sites": "1",
        "mg_per_mL": "20",
        "content_mL": "106",
        "prime_mL": "5",
        "prime_by_pump": False,
        "residual_mL": "1",
        "kvo_mL_per_h": "0",
        "dose_mg": "2000",
        "delivery_basis": "exact_fill",
    },
    "dispense": _COURSE | {"deliveries": [{"arrives": "2026-11-17T12:00", "beyond_use": "2026-11-26T09:00"}]},
    "deliveries": _COURSE
    | {
        "delivery_days": ["Tuesday", "Friday"],
        "closed": ["2026-11-24"],
        "arrival_time": "12:00",
        "lead_hours": "27",
        "beyond_use_hours": "240",
    },
}
