"""What an order's coded fields mean, in words and dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.audit.queries import list_history
from pharmacy.domain.frequency import say
from pharmacy.domain.infusion_calendar import MOST_DAYS, CalendarMonth, lay_out_schedule
from pharmacy.domain.local_time import to_local
from pharmacy.domain.order_terms import read_frequency
from pharmacy.domain.routes import Route
from pharmacy.domain.statuses import OrderStatus
from pharmacy.domain.wording import directions
from pharmacy.formulary.models import Formula
from pharmacy.formulary.queries import AdoptedKind, as_reference_entry, compute_bag_of, find_adopted
from pharmacy.prescriptions.models import OrderVersion

# Five weeks show every phase of any pattern that people use.
_DAYS_SHOWN = 35
_PATIENTS_DEVICE = "ambulatory pump"


class Timed(Protocol):
    """Anything with an order's dose, frequency and times: what is typed, or a version on record."""

    @property
    def dose_mg(self) -> Decimal: ...
    @property
    def route(self) -> str: ...
    @property
    def infusion_hours(self) -> Decimal: ...
    @property
    def frequency_as_written(self) -> str: ...
    @property
    def anchor(self) -> datetime: ...
    @property
    def effective(self) -> datetime: ...


@dataclass(frozen=True)
class Understood:
    """How a frequency was understood: its canonical text, the patient's words and a dated calendar."""

    text: str
    say: str
    directions: str
    months: tuple[CalendarMonth, ...]


def understand_schedule(order: Timed, *, zone: str, at: datetime) -> Understood:
    """Say how an order's frequency is understood, with a calendar of its first weeks at the home's clock."""
    frequency = read_frequency(order.frequency_as_written)
    home = ZoneInfo(zone)
    lead = (order.anchor.date() - order.effective.date()).days
    return Understood(
        text=frequency.text,
        say=say(frequency),
        directions=directions(
            dose_mg=order.dose_mg,
            bags_per_dose=1,
            route=Route(order.route),
            infusion_hours=order.infusion_hours,
            device=_PATIENTS_DEVICE,
            rate_ml_per_h=None,
            frequency=frequency,
        ),
        months=lay_out_schedule(
            frequency,
            anchor=order.anchor,
            effective=order.effective,
            infusion_hours=order.infusion_hours,
            zone=home,
            days=min(max(lead, 0) + _DAYS_SHOWN, MOST_DAYS),
            today=to_local(at, home).date(),
        ),
    )


def running_rate(formula: Formula, infusion_hours: Decimal) -> Fraction:
    """Return the exact mL in an hour at which a formula's bag runs for these hours."""
    bag = compute_bag_of(formula)
    return Fraction(bag.pump_volume_ml or bag.deliverable_ml) / Fraction(infusion_hours)


def name_device(session: Session, device: str, *, site_id: int) -> str:
    """Name a device as its adopted profile does; a profile that is adopted no more leaves its key."""
    adopted = find_adopted(session, AdoptedKind.PUMP_PROFILE, device, site_id=site_id)
    return as_reference_entry(adopted).title if adopted else device


def find_sent_back_reason(session: Session, version: OrderVersion) -> str | None:
    """Find why a pharmacist sent an order back last."""
    changes = list_history(session, version.__tablename__, version.id)
    reasons = [one.reason for one in changes if one.to_status == OrderStatus.SENT_BACK]
    return reasons[-1] if reasons else None
