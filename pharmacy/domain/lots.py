"""Lots on hand: which containers to take first (first expiry, first out; domain.md 1.3 and 5, inventory).

An expired lot and one that may not be used (quarantined, recalled) are never proposed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formatting import counted, moment


@dataclass(frozen=True, slots=True)
class LotOnHand:
    """Hold one lot of a product: its containers on hand, its last good instant and whether it may be used.

    `usable` is false while the lot is quarantined, recalled or otherwise held; `held_because` says why, and
    may also say why none of its containers counts.
    """

    lot_id: int
    number: str
    expires: datetime
    containers: int
    usable: bool
    held_because: str = ""

    def may_be_used(self, at: datetime) -> bool:
        """Tell whether a container may be taken: usable and not yet expired; an equal instant is too late."""
        return self.usable and at < self.expires


def is_short_dated(expires: datetime, *, at: datetime, days: int) -> bool:
    """Tell whether a lot expires within a site's limit of days; exactly at the limit it does not.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 9, 12, tzinfo=UTC)
    >>> is_short_dated(datetime(2026, 12, 9, 12, tzinfo=UTC), at=noon, days=30)
    False
    """
    return expires < at + timedelta(days=days)


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


class Turn(NamedTuple):
    """Say when a lot is taken: its turn from 1 on, None when it is not, and why."""

    lot: LotOnHand
    turn: int | None
    why: str


def order_of_taking(lots: Iterable[LotOnHand], *, at: datetime, zone: ZoneInfo) -> list[Turn]:
    """List lots in the order in which they are taken, first expiry first, then those that are not."""
    ordered = sorted(lots, key=lambda lot: (lot.expires, lot.number, lot.lot_id))
    good = [lot for lot in ordered if lot.containers > 0 and lot.may_be_used(at)]
    taken = [Turn(lot, place, _why_now(place, lot, zone)) for place, lot in enumerate(good, start=1)]
    return [*taken, *(Turn(lot, None, _why_not(lot, at, zone)) for lot in ordered if lot not in good)]


def _why_now(turn: int, lot: LotOnHand, zone: ZoneInfo) -> str:
    first = "expires first of what may be used" if turn == 1 else "expires later than those before it"
    return f"{first}: {moment(lot.expires, zone)}"


def _why_not(lot: LotOnHand, at: datetime, zone: ZoneInfo) -> str:
    if at >= lot.expires:
        return f"expired {moment(lot.expires, zone)}"
    if lot.held_because:
        return lot.held_because
    return "none is left" if lot.containers < 1 else "on hold"


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
