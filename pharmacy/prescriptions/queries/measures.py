"""What screening measured of an order, with the site's limits beside it, whether or not it found anything."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from pharmacy.domain.formatting import quantity
from pharmacy.domain.pump_limits import Limit, most_in_24_hours
from pharmacy.domain.reference_data import unchecked_notice
from pharmacy.domain.routes import Route
from pharmacy.formulary.queries import adopted_screening_limits
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.prescriptions.queries.screening import order_facts


@dataclass(frozen=True)
class Measure:
    """One number of an order, with the soft and the hard limit where there are any."""

    name: str
    value: str
    soft: str
    hard: str


@dataclass(frozen=True)
class Measures:
    """The numbers of an order, and what is to be said of the limits that they are held against."""

    rows: tuple[Measure, ...]
    notices: tuple[str, ...]


def measure_version(session: Session, version: OrderVersion) -> Measures:
    """Measure an order as it would run, against the limits that the site has adopted."""
    limits = adopted_screening_limits(session, version.drug, site_id=version.order.site_id)
    under_skin, facts = limits.subcutaneous, order_facts(version, ())
    rate, strength = Fraction(facts.rate_ml_per_h), Fraction(facts.mg_per_ml)
    volume = Fraction(facts.volume_ml)
    daily = most_in_24_hours(volume, gap_hours=facts.gap_hours, run_hours=volume / rate)
    held = facts.route is Route.SUBCUTANEOUS
    rows: list[tuple[str, Fraction, Limit]] = [
        ("Rate at each site", rate / facts.sites, under_skin.rate_per_site),
        ("Volume at each site in 24 hours", daily / facts.sites, under_skin.volume_per_site),
        ("Concentration", strength, under_skin.concentration),
        ("Osmolarity", Fraction(facts.mosm_per_l or 0), under_skin.osmolarity),
        ("Drug in an hour", rate * strength, under_skin.drug_rate),
        ("Drug in any 24 hours", daily * strength, under_skin.daily_dose),
    ]
    entries = (limits.entry, under_skin.entry)
    return Measures(
        rows=tuple(_measure(name, value, limit, held=held) for name, value, limit in rows),
        notices=tuple(notice for notice in map(unchecked_notice, entries) if notice),
    )


def _measure(name: str, value: Fraction, limit: Limit, *, held: bool) -> Measure:
    return Measure(
        name=name,
        value=quantity(value, limit.unit),
        soft=quantity(limit.soft, limit.unit) if held else "none",
        hard=quantity(limit.hard, limit.unit) if held else "none",
    )
