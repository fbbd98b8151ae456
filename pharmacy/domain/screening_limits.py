"""The limits and lists that clinical verification uses, as reviewed data (domain.md 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from pharmacy.domain.errors import NotFound
from pharmacy.domain.findings import Severity
from pharmacy.domain.pump_limits import SubcutaneousLimits, get_subcutaneous_limits
from pharmacy.domain.quantities import parse_quantity
from pharmacy.domain.reference_data import ReferenceEntry, load_entries
from pharmacy.domain.routes import Route

_FILE = "screening_limits.toml"


@dataclass(frozen=True, slots=True)
class LabelLimits:
    """Hold what the drug's label allows: its routes, concentration and rate."""

    routes: frozenset[Route]
    mg_per_ml: Decimal
    mg_per_hour: Decimal


@dataclass(frozen=True, slots=True)
class KidneyLimits:
    """Hold below which eGFR the kidney is flagged (soft) and refused without acknowledgement (hard)."""

    soft: Decimal
    hard: Decimal
    valid_days: int


@dataclass(frozen=True, slots=True)
class LabLimits:
    """Hold the critical values of an analyte in `unit`, and for how many days a result says something."""

    critical_low: Decimal
    critical_high: Decimal
    unit: str
    valid_days: int


@dataclass(frozen=True, slots=True)
class AllergyWords:
    """Hold the words that decide what an allergy means for the drug."""

    other_names: frozenset[str]
    salts: frozenset[str]
    other_salts: frozenset[str]
    look_alike: str
    look_alike_message: str


@dataclass(frozen=True, slots=True)
class Hazard:
    """Hold what speaks against the drug: the words and code beginnings that name it, and what to say."""

    name: str
    words: tuple[str, ...]
    codes: tuple[str, ...]
    severity: Severity
    message: str


@dataclass(frozen=True, slots=True)
class ScreeningLimits:
    """Hold everything that an order of one drug is screened against.

    `most_expected_mg` is None in an entry that was adopted before there was such a limit.
    """

    entry: ReferenceEntry
    subcutaneous: SubcutaneousLimits
    label: LabelLimits
    least_expected_mg: Decimal
    most_expected_mg: Decimal | None
    kidney: KidneyLimits
    magnesium: LabLimits
    potassium: LabLimits
    weight_valid_days: int
    allergies: AllergyWords
    conditions: tuple[Hazard, ...]
    interactions: tuple[Hazard, ...]


@cache
def load_screening_limits() -> Mapping[str, ScreeningLimits]:
    """Load the limits that ship, by drug; data that is not well formed is a ValueError."""
    return {
        drug: read_screening_limits(entry, subcutaneous=get_subcutaneous_limits(drug))
        for drug, entry in load_entries(_FILE).items()
    }


def get_screening_limits(drug: str) -> ScreeningLimits:
    """Return the limits of a drug such as `magnesium-sulfate`; raises NotFound for a drug that has none."""
    limits = load_screening_limits().get(drug)
    if limits is None:
        raise NotFound(f"There are no screening limits for {drug}.")
    return limits


def read_screening_limits(entry: ReferenceEntry, *, subcutaneous: SubcutaneousLimits) -> ScreeningLimits:
    """Read the limits of one reviewed entry; raises ValueError naming what is wrong with its form."""
    try:
        return _read(entry, entry.content, subcutaneous)
    except (KeyError, TypeError) as error:
        raise ValueError(f"{_FILE}: {entry.key}: {error!r}") from None


def _read(
    entry: ReferenceEntry, content: Mapping[str, Any], subcutaneous: SubcutaneousLimits
) -> ScreeningLimits:
    label, kidney, words = content["label"], content["kidney"], content["allergies"]
    hazards = [*content["conditions"], *content["interactions"]]
    for part in (label, content["dose"], kidney, content["magnesium"], content["potassium"], words, *hazards):
        if not part["source"]:
            raise TypeError(f"{part} should have a source")
    return ScreeningLimits(
        entry=entry,
        subcutaneous=subcutaneous,
        label=LabelLimits(
            routes=frozenset(map(Route, label["routes"])),
            mg_per_ml=_decimal(label["concentration_mg_per_ml"]),
            mg_per_hour=_decimal(label["drug_rate_mg_per_h"]),
        ),
        least_expected_mg=_decimal(content["dose"]["least_expected_mg"]),
        most_expected_mg=_decimal(most) if (most := content["dose"].get("most_expected_mg")) else None,
        kidney=KidneyLimits(_decimal(kidney["soft"]), _decimal(kidney["hard"]), kidney["valid_days"]),
        magnesium=_read_lab(content["magnesium"]),
        potassium=_read_lab(content["potassium"]),
        weight_valid_days=content["weight"]["valid_days"],
        allergies=AllergyWords(
            other_names=frozenset(words["other_names"]),
            salts=frozenset(words["salts"]),
            other_salts=frozenset(words["other_salts"]),
            look_alike=words["look_alike"],
            look_alike_message=words["look_alike_message"],
        ),
        conditions=tuple(_read_hazard(given) for given in content["conditions"]),
        interactions=tuple(_read_hazard(given) for given in content["interactions"]),
    )


def _decimal(text: str) -> Decimal:
    return parse_quantity(text, field="a screening limit")


def _read_lab(given: Mapping[str, Any]) -> LabLimits:
    return LabLimits(
        critical_low=_decimal(given["critical_low"]),
        critical_high=_decimal(given["critical_high"]),
        unit=given["unit"],
        valid_days=given["valid_days"],
    )


def _read_hazard(given: Mapping[str, Any]) -> Hazard:
    return Hazard(
        name=given["name"],
        words=tuple(given["words"]),
        codes=tuple(given.get("codes", [])),
        severity=Severity(given["severity"]),
        message=given["message"],
    )


__all__ = [
    "AllergyWords",
    "Hazard",
    "KidneyLimits",
    "LabLimits",
    "LabelLimits",
    "ScreeningLimits",
    "get_screening_limits",
    "load_screening_limits",
    "read_screening_limits",
]
