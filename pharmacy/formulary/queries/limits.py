"""The limits of dose, rate and concentration that hold for a record, read from adopted reference data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from pharmacy.domain.admixture import BagArithmetic
from pharmacy.domain.errors import NotFound
from pharmacy.domain.formatting import dose, quantity
from pharmacy.domain.pump_limits import Limit
from pharmacy.domain.routes import Route
from pharmacy.domain.screening_limits import ScreeningLimits
from pharmacy.formulary.models import Formula
from pharmacy.formulary.queries.adopted import adopted_screening_limits

_BY_ORDER = "set by the order"


@dataclass(frozen=True)
class ToldLimit:
    """Hold one limit in words: what it limits, its soft and hard value, this bag's value, and its source."""

    what: str
    soft: str
    hard: str
    this_bag: str
    source: str


def tell_limits(session: Session, formula: Formula, bag: BagArithmetic, *, site_id: int) -> list[ToldLimit]:
    """Tell the limits of the record's drug that the site has adopted; none where it has adopted none."""
    try:
        limits = adopted_screening_limits(session, formula.additive.drug, site_id=site_id)
    except NotFound:
        return []
    return [*_tell_dose(limits, bag), *_tell_route(limits, formula, bag)]


def _tell_dose(limits: ScreeningLimits, bag: BagArithmetic) -> Iterator[ToldLimit]:
    most = limits.most_expected_mg
    soft = (
        f"{dose(limits.least_expected_mg)} to {dose(most)}"
        if most
        else f"from {dose(limits.least_expected_mg)}"
    )
    yield ToldLimit("Dose of one bag", soft, "none", dose(bag.dose_mg), limits.entry.title)


def _tell_route(limits: ScreeningLimits, formula: Formula, bag: BagArithmetic) -> Iterator[ToldLimit]:
    if formula.route != Route.SUBCUTANEOUS:
        for what, value, unit, ours in (
            ("Concentration", limits.label.mg_per_ml, "mg/mL", quantity(bag.mg_per_ml, "mg/mL")),
            ("Rate", limits.label.mg_per_hour, "mg/h", _BY_ORDER),
        ):
            yield ToldLimit(what, "none", f"{quantity(value, unit)}, by the label", ours, limits.entry.title)
        return
    under_skin = limits.subcutaneous
    volume = Fraction(bag.pump_volume_ml or 0)
    for what, limit, ours in (
        ("Rate at one site", under_skin.rate_per_site, _BY_ORDER),
        ("Volume at one site in 24 hours", under_skin.volume_per_site, f"{quantity(volume, 'mL')} a bag"),
        ("Concentration", under_skin.concentration, quantity(bag.mg_per_ml, "mg/mL")),
        ("Osmolarity", under_skin.osmolarity, quantity(bag.mosm_per_l, "mOsm/L")),
        ("Drug in an hour", under_skin.drug_rate, _BY_ORDER),
        ("Drug in 24 hours", under_skin.daily_dose, f"{quantity(bag.dose_mg, 'mg')} a bag"),
    ):
        yield _tell_limit(what, limit, ours, under_skin.entry.title)


def _tell_limit(what: str, limit: Limit, ours: str, source: str) -> ToldLimit:
    return ToldLimit(what, quantity(limit.soft, limit.unit), quantity(limit.hard, limit.unit), ours, source)
