"""What the bags on hand can do for one window, counted without handing them out (calculators.md, dispense).

Bags are taken earliest beyond-use first and doses come in time order. So which bags are gone, used or too
old, is one number: how many from the front of the row.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from pharmacy.domain.dispensing_bags import BagsOnHand


class Stock:
    """Count what the bags on hand serve; doses are known by their places."""

    def __init__(self, doses: Sequence[datetime], on_hand: Sequence[BagsOnHand], bags_per_dose: int) -> None:
        row = sorted((some.beyond_use, some.bags) for some in on_hand)
        ends = [beyond_use for beyond_use, _ in row]
        sums = [0, *accumulate(bags for _, bags in row)]
        self._bags = sums[-1]
        self._each = bags_per_dose
        # How many bags are too old for each dose.
        self._too_old = [sums[bisect_right(ends, dose)] for dose in doses]
        self._gone = self._serve(0, len(doses), 0)

    @property
    def served(self) -> int:
        """Count the doses that the bags serve from the first on, when nothing is delivered."""
        return len(self._gone)

    def _serve(self, start: int, stop: int, gone: int) -> list[int]:
        """Serve dose after dose until one finds too few bags; list how many bags are gone after each."""
        after = []
        for place in range(start, stop):
            gone = max(gone, self._too_old[place]) + self._each
            if gone > self._bags:
                break
            after.append(gone)
        return after

    def open_window(self, opens: int, too_late: int) -> StockWindow:
        """Look at a window whose new bags serve the doses from `opens` up to, but not at, `too_late`.

        Before it, the bags served dose after dose without a delivery.
        """
        gone = self._bags if opens > self.served else ([0, *self._gone[:opens]])[-1]
        return StockWindow(
            opens=opens,
            too_late=too_late,
            each=self._each,
            bags=self._bags,
            gone_after=self._serve(opens, too_late, gone),
            kept_doses=len(self._serve(too_late, len(self._too_old), gone)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StockWindow:
    """Hold what the bags on hand can do for one window.

    `gone_after` lists the bags gone after each dose that new bags could serve as well, `kept_doses` counts
    the doses from `too_late` on that the bags could serve if they were kept for them.
    """

    opens: int
    too_late: int
    each: int
    bags: int
    gone_after: list[int]
    kept_doses: int

    @property
    def first_uncovered(self) -> int:
        """Return the first dose that has no bag, however long the window is."""
        return self.too_late + self.kept_doses

    def settle(self, closes: int) -> tuple[int, int]:
        """Count the doses that need new bags and those left out when the window ends before dose `closes`.

        The doses that new bags are too old for claim first; the others take in turn what is left.
        """
        others, late = min(closes, self.too_late) - self.opens, max(0, closes - self.too_late)
        kept = min(late, self.kept_doses)
        from_stock = min(others, bisect_right(self.gone_after, self.bags - kept * self.each))
        return others - from_stock, late - kept


__all__ = ["Stock", "StockWindow"]
