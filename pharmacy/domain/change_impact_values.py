"""What a change of an order is, and the table of what each kind of change does (domain.md 6.2 and 6.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo

from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import clock, day, dose, moment, quantity
from pharmacy.domain.statuses import OrderStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTerms:
    """Hold what one version of an order says; `anchor` is a clock time at home, `effective` an instant."""

    frequency: str
    anchor: datetime
    dose_mg: Decimal
    diluent: str
    rate_ml_per_h: Decimal
    route: str
    status: OrderStatus
    effective: datetime


class Change(StrEnum):
    """Name the kinds of change."""

    FREQUENCY = "frequency"
    DOSE = "dose"
    DILUENT = "diluent"
    RATE = "rate"
    ROUTE = "route"
    HOLD = "hold"
    STOP = "stop"
    RESUME = "resume"


class Fate(IntEnum):
    """Say what becomes of what was made for the old order, mildest first."""

    KEPT = 0
    SET_ASIDE = 1
    VOID = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Say what a change does to the bags, to the pump program, to directions and to quantities.

    Calendars are void after every change.
    """

    bags: Fate
    program: Fate
    directions: bool
    quantities: bool


EFFECTS: Mapping[Change, Effect] = {
    Change.FREQUENCY: Effect(bags=Fate.KEPT, program=Fate.VOID, directions=True, quantities=True),
    Change.DOSE: Effect(bags=Fate.VOID, program=Fate.VOID, directions=True, quantities=True),
    Change.DILUENT: Effect(bags=Fate.VOID, program=Fate.VOID, directions=True, quantities=True),
    Change.RATE: Effect(bags=Fate.KEPT, program=Fate.VOID, directions=True, quantities=False),
    Change.ROUTE: Effect(bags=Fate.VOID, program=Fate.VOID, directions=True, quantities=True),
    Change.HOLD: Effect(bags=Fate.SET_ASIDE, program=Fate.SET_ASIDE, directions=True, quantities=True),
    Change.STOP: Effect(bags=Fate.VOID, program=Fate.VOID, directions=True, quantities=True),
    Change.RESUME: Effect(bags=Fate.KEPT, program=Fate.KEPT, directions=False, quantities=True),
}


def find_changes(old: OrderTerms, new: OrderTerms) -> tuple[Change, ...]:
    """Find what differs between two versions of an order; a stopped order is refused, it needs a new one."""
    if old.status is OrderStatus.DISCONTINUED:
        raise Refusal("A stopped order does not change any more; a new order is needed.")
    held, stopped = OrderStatus.ON_HOLD, OrderStatus.DISCONTINUED
    differs = {
        Change.FREQUENCY: (old.frequency, old.anchor) != (new.frequency, new.anchor),
        Change.DOSE: old.dose_mg != new.dose_mg,
        Change.DILUENT: old.diluent != new.diluent,
        Change.RATE: old.rate_ml_per_h != new.rate_ml_per_h,
        Change.ROUTE: old.route != new.route,
        Change.HOLD: new.status is held and old.status is not held,
        Change.STOP: new.status is stopped,
        Change.RESUME: old.status is held and new.status not in {held, stopped},
    }
    return tuple(change for change in Change if differs[change])


def combine_effects(changes: Sequence[Change]) -> Effect:
    """Combine what several changes do: the worst of each."""
    effects = [EFFECTS[change] for change in changes]
    return Effect(
        bags=max(effect.bags for effect in effects),
        program=max(effect.program for effect in effects),
        directions=any(effect.directions for effect in effects),
        quantities=any(effect.quantities for effect in effects),
    )


def say_changes(old: OrderTerms, new: OrderTerms, changes: Sequence[Change], zone: ZoneInfo) -> str:
    """Say since when and what changes, to stand behind "because"."""
    said = {
        Change.FREQUENCY: _say_frequency(old, new),
        Change.DOSE: f"the dose changes from {dose(old.dose_mg)} to {dose(new.dose_mg)}",
        Change.DILUENT: f"the diluent changes from {old.diluent} to {new.diluent}",
        Change.RATE: (
            f"the rate changes from {quantity(old.rate_ml_per_h, 'mL/h')}"
            f" to {quantity(new.rate_ml_per_h, 'mL/h')}"
        ),
        Change.ROUTE: f"the route changes from {old.route} to {new.route}",
        Change.HOLD: "the order is on hold",
        Change.STOP: "the order is stopped",
        Change.RESUME: "the order is resumed",
    }
    return f"from {moment(new.effective, zone)} " + " and ".join(said[change] for change in changes)


def _say_frequency(old: OrderTerms, new: OrderTerms) -> str:
    if old.frequency != new.frequency:
        return f"the frequency changes from {old.frequency} to {new.frequency}"
    first, moved = (f"{day(one.anchor.date())} {clock(one.anchor)}" for one in (old, new))
    return f"day 1 of the pattern ({new.frequency}) moves from {first} to {moved}"


__all__ = [
    "EFFECTS",
    "Change",
    "Effect",
    "Fate",
    "OrderTerms",
    "combine_effects",
    "find_changes",
    "say_changes",
]
