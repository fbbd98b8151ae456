"""The rate of a bag: what its pump is set to for an order."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from sqlalchemy.orm import Session

from pharmacy.domain.admixture import BagArithmetic
from pharmacy.domain.formatting import quantity
from pharmacy.domain.frequency import parse_frequency
from pharmacy.domain.pump_numbers import ProgramRequest, find_numbers
from pharmacy.domain.pump_profiles import Mode
from pharmacy.domain.quantities import round_down, round_half_up
from pharmacy.domain.routes import Route
from pharmacy.formulary.queries import adopted_pump_profile
from pharmacy.prescriptions.models import OrderVersion


def kept(value: Fraction) -> Decimal:
    """Round a value to the six decimals that a record keeps."""
    return round_half_up(value, 6)


def find_rate(session: Session, version: OrderVersion, bag: BagArithmetic) -> tuple[Decimal, str]:
    """Find the rate for what the pump gives, at the step of the ordered pump, and say how it follows."""
    profile = adopted_pump_profile(session, version.device, site_id=version.order.site_id)
    volume = bag.deliverable_ml if bag.pump_volume_ml is None else bag.pump_volume_ml
    mode = Mode.CONTINUOUS if profile.list_screens(Mode.CONTINUOUS) else Mode.INTERMITTENT
    request = ProgramRequest(
        mode=mode,
        volume_ml=_exact(round_down(volume, Fraction(1, 10**6))),
        infusion_hours=version.infusion_hours,
        frequency=parse_frequency(version.frequency),
        route=Route(version.route),
        sites=version.sites,
        mg_per_ml=kept(bag.mg_per_ml),
        content_ml=kept(bag.total_ml),
        prime_ml=version.formula.prime_ml,
        residual_ml=version.formula.residual_ml,
        prime_by_pump=version.formula.prime_by_pump,
        kvo_ml_per_h=Decimal(0),
    )
    numbers = find_numbers(request, profile=profile)
    rate = kept(numbers.exact_rate if numbers.rate is None else numbers.rate)
    hours = quantity(version.infusion_hours, "h")
    return rate, f"Rate: {quantity(volume, 'mL')} ÷ {hours} = {quantity(rate, 'mL/h')} on the {profile.name}."


def _exact(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
