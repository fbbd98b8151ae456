"""The making of one bag: its steps, what is drawn from which container, and the two volumes.

A container that was entered is used within its clock and on its own worksheet; without pooling a vial serves
whole bags only, and a bag that needs more than a vial takes whole vials of its own (domain.md 1.3, 4.1;
pumps.md 4.6).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from pharmacy.domain.quantities import round_half_up

# Syringes are read to a hundredth of a mL at best, and volumes are shown so.
_DRAWN_PLACES = 2


class Step(StrEnum):
    """What is done at the station; `preparation_sequence` puts the steps in order."""

    INSTRUCTION = "confirm a step of the formula"
    SCAN_DILUENT = "scan the diluent"
    MEASURE_DILUENT = "measure the diluent"
    WEIGH_BEFORE = "weigh the bag before the addition"
    SCAN_ADDITIVE = "scan the additive"
    FIRST_VOLUME = "draw the additive"
    SECOND_VOLUME = "second person checks the volume"
    INJECT = "put the additive into the bag"
    WEIGH_AFTER = "weigh the bag after the addition"
    COMPLETE = "finish the bag"
    FINISH = "finish preparation"


class Confirmed(StrEnum):
    """What a person confirms at the station: an instruction of the formula, or a step that every bag has."""

    FORMULA_STEP = "formula_step"
    DILUENT_MEASURED = "diluent_measured"
    WEIGHED = "weighed"
    INJECTED = "injected"


CONFIRMED_WORDS = {
    Confirmed.FORMULA_STEP: "Step of the formula",
    Confirmed.DILUENT_MEASURED: "Diluent measured",
    Confirmed.WEIGHED: "Weighed before the addition",
    Confirmed.INJECTED: "Additive put into the bag",
}


class DrawState(StrEnum):
    """Where the drawn additive of a bag stands: not drawn, or entered by one person or by two."""

    NONE = "none"
    ENTERED_ONCE = "entered once"
    AGREED = "agreed"


class Share(NamedTuple):
    """Say how much is drawn from one container."""

    container_id: int
    volume_ml: Decimal


@dataclass(frozen=True, slots=True)
class EnteredContainer:
    """Hold a container that was entered: what is left by its label, and until when it may be used."""

    container_id: int
    left_ml: Decimal
    use_until: datetime


@dataclass(frozen=True, slots=True)
class Need:
    """Hold what one bag takes of a product, the label volume of its containers, and if remnants pool."""

    volume_ml: Decimal
    container_ml: Decimal
    pool: bool

    def may_serve(self, container: EnteredContainer, *, at: datetime) -> bool:
        """Tell whether a bag may draw from a container; at the end of its clock it may not."""
        if at >= container.use_until:
            return False
        if self.pool:
            return container.left_ml > 0
        return container.left_ml >= min(self.volume_ml, self.container_ml)


def measured_ml(volume: Fraction | Decimal) -> Decimal:
    """Return a computed volume as it is measured and shown: rounded half up to a hundredth of a mL.

    >>> measured_ml(Fraction(20, 3))
    Decimal('6.67')
    """
    return round_half_up(volume, _DRAWN_PLACES)


def share_out(need: Need, containers: Sequence[EnteredContainer], *, at: datetime) -> tuple[Share, ...]:
    """Share what a bag needs among the containers scanned for it, in that order; () when they are short.

    >>> from datetime import UTC
    >>> noon, night = datetime(2026, 11, 9, 12, tzinfo=UTC), datetime(2026, 11, 10, tzinfo=UTC)
    >>> vial = EnteredContainer(7, Decimal(10), night)
    >>> share_out(Need(Decimal(4), Decimal(10), False), [vial], at=noon)
    (Share(container_id=7, volume_ml=Decimal('4')),)
    """
    shares: list[Share] = []
    missing = need.volume_ml
    for container in containers:
        if missing > 0 and need.may_serve(container, at=at):
            taken = min(missing, container.left_ml)
            shares.append(Share(container.container_id, taken))
            missing -= taken
    return () if missing > 0 else tuple(shares)


def find_opened(
    need: Need, containers: Iterable[EnteredContainer], *, at: datetime
) -> EnteredContainer | None:
    """Find the container, entered for an earlier bag, that this bag should be drawn from."""
    return next((one for one in containers if need.may_serve(one, at=at)), None)


def is_agreed(*, needed_ml: Decimal, first_ml: Decimal, second_ml: Decimal) -> bool:
    """Tell whether both people entered exactly the volume that the bag needs (domain.md 4.1)."""
    return first_ml == needed_ml and second_ml == needed_ml


__all__ = [
    "CONFIRMED_WORDS",
    "Confirmed",
    "DrawState",
    "EnteredContainer",
    "Need",
    "Share",
    "Step",
    "find_opened",
    "is_agreed",
    "measured_ml",
    "share_out",
]
