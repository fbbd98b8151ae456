"""What clinical verification looks at: the order and the chart, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from pharmacy.domain.routes import Route


@dataclass(frozen=True, slots=True)
class Premix:
    """Hold a commercial ready-made bag: its name and the mg in the whole of it."""

    name: str
    mg: Decimal


@dataclass(frozen=True, slots=True)
class Condition:
    """Hold a diagnosis with its ICD-10-CM code; either may be empty."""

    code: str
    description: str


@dataclass(frozen=True, slots=True)
class LabResult:
    """Hold a laboratory result as reported, with that laboratory's own range."""

    value: Decimal
    unit: str
    collected_at: datetime
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Weight:
    """Hold a body weight with the instant it was taken."""

    kg: Decimal
    taken_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """Hold an order as it would run: one dose, its rate and its route.

    `substances` are all that the bag holds, the drug first. `volume_ml` and `rate_ml_per_h` are those of the
    pump program. Reasons, literature and acknowledgements are texts as recorded, empty where nothing is.
    """

    substances: tuple[str, ...]
    dose_mg: Decimal
    volume_ml: Decimal
    rate_ml_per_h: Decimal
    gap_hours: Fraction
    mg_per_ml: Decimal
    mosm_per_l: Decimal | None
    route: Route
    sites: int
    off_label_reason: str
    literature: str
    premixes: tuple[Premix, ...]
    premix_reason: str
    renal_acknowledgement: str

    @property
    def drug(self) -> str:
        """Return the drug's name."""
        return self.substances[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartFacts:
    """Hold what the chart says; None where it says nothing.

    `allergies` is None while nobody has asked, and empty when none are known. `egfr` is in mL/min/1.73 m2.
    """

    allergies: tuple[str, ...] | None
    conditions: tuple[Condition, ...]
    medications: tuple[str, ...]
    is_pregnant: bool | None
    weight: Weight | None
    egfr: LabResult | None
    magnesium: LabResult | None
    potassium: LabResult | None


__all__ = ["ChartFacts", "Condition", "LabResult", "OrderFacts", "Premix", "Weight"]
