"""Pages of the compounding room, by intent; they share one blueprint."""

from __future__ import annotations

from pharmacy.compounding.routes import (
    beyond_use,
    complaints,
    deviations,
    disposal,
    investigation,
    labels,
    places,
    queue,
    release,
    rework,
    scans,
    sheets,
    station,
    steps,
    stock,
    watch,
    worksheets,
)
from pharmacy.compounding.routes.blueprint import (
    blueprint,
)

__all__ = [
    "beyond_use",
    "blueprint",
    "complaints",
    "deviations",
    "disposal",
    "investigation",
    "labels",
    "places",
    "queue",
    "release",
    "rework",
    "scans",
    "sheets",
    "station",
    "steps",
    "stock",
    "watch",
    "worksheets",
]
