"""Lots on hand: which containers to take first (first expiry, first out; domain.md 1.3 and 5, inventory).

An expired lot and one that may not be used (quarantined, recalled) are never proposed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formatting import counted


@dataclass(frozen=True, slots=True)
class LotOnHand:
    """Hold one lot of a product: its containers on hand, its last good instant and whether it may be used.

    `usable` is false while the lot is quarantined, recalled or otherwise held.
    """

    lot_id: int
    number: str
    expires: datetime
    containers: int
    usable: bool

    def may_be_used(self, at: datetime) -> bool:
        """Tell whether a container may be taken: usable and not yet expired; an equal instant is too late."""
        return self.usable and at < self.expires


class LotShare(NamedTuple):
    """Say how many containers of a lot to take."""

    lot: LotOnHand
    containers: int


def propose_first_expiry_first_out(
    lots: Iterable[LotOnHand], *, needed: int, at: datetime, lasting_until: datetime | None = None
) -> list[LotShare]:
    """Propose whole containers, the soonest expiry first; equal expiries go by lot number.

    With `lasting_until`, lots that expire before that instant are left on the shelf. Refuses when what may be
    used is short, saying how many are short and why the others were not counted.
    """
    if needed < 1:
        raise InvalidInput("The number of containers needed should be at least 1.", field="needed")
    on_hand = [lot for lot in lots if lot.containers > 0]
    good = [lot for lot in on_hand if lot.may_be_used(at) and _lasts(lot, lasting_until)]
    shares: list[LotShare] = []
    missing = needed
    for lot in sorted(good, key=lambda lot: (lot.expires, lot.number, lot.lot_id)):
        if missing == 0:
            break
        taken = min(missing, lot.containers)
        shares.append(LotShare(lot, taken))
        missing -= taken
    if missing:
        raise Refusal(_short_sentence(on_hand, needed, missing, at, lasting_until))
    return shares


def _lasts(lot: LotOnHand, until: datetime | None) -> bool:
    return until is None or lot.expires >= until


def _short_sentence(
    on_hand: list[LotOnHand], needed: int, missing: int, at: datetime, lasting_until: datetime | None
) -> str:
    """Say how many containers are short, and what stands on the shelf that may not be taken."""
    expired = sum(lot.containers for lot in on_hand if at >= lot.expires)
    held = sum(lot.containers for lot in on_hand if at < lot.expires and not lot.usable)
    too_soon = sum(
        lot.containers for lot in on_hand if lot.may_be_used(at) and not _lasts(lot, lasting_until)
    )
    reasons = [
        f"{counted(count, 'container')} {reason}"
        for count, reason in ((expired, "expired"), (held, "on hold"), (too_soon, "expiring too soon"))
        if count
    ]
    uncounted = f" Not counted: {', '.join(reasons)}." if reasons else ""
    return (
        f"{counted(needed, 'container')} needed, {counted(needed - missing, 'container')} may be used: "
        f"{missing:,} short.{uncounted}"
    )
