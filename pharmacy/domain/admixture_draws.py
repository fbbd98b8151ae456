"""From which lots each bag of a batch is drawn: several lots of one product in one bag, each with its volume.

Vials are taken whole, in the order given (first expiry first). Without pooling a vial serves whole bags only,
and a bag that needs more than a vial takes whole vials of its own (domain.md 1.3; pumps.md 4.6).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pharmacy.domain.admixture import Batch
from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import counted
from pharmacy.domain.lots import LotOnHand, LotShare


@dataclass(frozen=True, slots=True)
class LotVolume:
    """Say how much of a lot goes into a bag, or is wasted of it, in mL."""

    lot: LotOnHand
    volume_ml: Fraction


@dataclass(frozen=True, slots=True)
class DrawPlan:
    """Hold what each bag is drawn from, bag by bag, and what is wasted of each lot; whole vials open."""

    bags: tuple[tuple[LotVolume, ...], ...]
    wasted: tuple[LotVolume, ...]


def plan_draws(batch: Batch, shares: Sequence[LotShare]) -> DrawPlan:
    """Plan the draws of a batch from the vials of its lots; refuses shares of fewer vials than it needs."""
    there = sum(share.containers for share in shares)
    if there < batch.vials:
        raise Refusal(
            f"{counted(batch.vials, 'vial')} needed for {counted(batch.bags, 'bag')}, "
            f"{there:,} given: {batch.vials - there:,} short.",
            field="vials",
        )
    vials = _Vials(shares, batch.vial_ml)
    bags = tuple(_draw_bag(batch, vials) for _ in range(batch.bags))
    vials.discard_rest()
    return DrawPlan(bags, _by_lot(vials.wasted))


class _Vials:
    """Open one vial after the other; what is left of the open one is drawn first."""

    def __init__(self, shares: Sequence[LotShare], vial_ml: Fraction) -> None:
        self._closed: Iterator[LotOnHand] = (share.lot for share in shares for _ in range(share.containers))
        self._vial_ml = vial_ml
        self._open: LotVolume | None = None
        self.wasted: list[LotVolume] = []

    def left_ml(self) -> Fraction:
        return Fraction(0) if self._open is None else self._open.volume_ml

    def draw(self, wanted_ml: Fraction) -> LotVolume:
        """Draw from the open vial, or a new one, what is wanted or all that is in it."""
        opened = self._open or LotVolume(next(self._closed), self._vial_ml)
        drawn = min(wanted_ml, opened.volume_ml)
        left = opened.volume_ml - drawn
        self._open = LotVolume(opened.lot, left) if left else None
        return LotVolume(opened.lot, drawn)

    def discard_rest(self) -> None:
        """Waste what is left of the open vial."""
        if self._open is not None:
            self.wasted.append(self._open)
            self._open = None


def _draw_bag(batch: Batch, vials: _Vials) -> tuple[LotVolume, ...]:
    if not batch.pool and vials.left_ml() < batch.additive_ml:
        vials.discard_rest()
    drawn: list[LotVolume] = []
    missing = batch.additive_ml
    while missing > 0:
        part = vials.draw(missing)
        drawn.append(part)
        missing -= part.volume_ml
    if not batch.pool and batch.additive_ml > batch.vial_ml:
        vials.discard_rest()
    return _by_lot(drawn)


def _by_lot(parts: Sequence[LotVolume]) -> tuple[LotVolume, ...]:
    """Sum the parts of each lot, in the order in which the lots came."""
    sums: dict[LotOnHand, Fraction] = {}
    for part in parts:
        sums[part.lot] = sums.get(part.lot, Fraction(0)) + part.volume_ml
    return tuple(LotVolume(lot, volume) for lot, volume in sums.items())
