"""Bags and labels counted against each other, each by its serial (domain.md 2.3 and 2.4).

Bags planned = made + given up, and labels printed = applied + destroyed. What belongs to neither side is
named, with where to look for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CountedBag:
    """Hold a bag of a worksheet by its serial: whether it was made, and whether it was given up."""

    serial: str
    made: bool
    given_up: bool


@dataclass(frozen=True, slots=True)
class CountedLabel:
    """Hold one printed copy of a label: whether it is on its bag, and whether it was destroyed."""

    serial: str
    copy_number: int
    applied: bool
    destroyed: bool

    @property
    def name(self) -> str:
        """Name the copy, as `B-000016 copy 2`."""
        return f"{self.serial} copy {self.copy_number}"


@dataclass(frozen=True, slots=True)
class Equation:
    """Hold one count: the whole, and the two sides that must come to it, each by name."""

    whole: tuple[str, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]

    @property
    def neither(self) -> tuple[str, ...]:
        """Return what is on no side."""
        counted = {*self.first, *self.second}
        return tuple(name for name in self.whole if name not in counted)

    @property
    def closes(self) -> bool:
        """Tell whether the two sides come to the whole."""
        return len(self.whole) == len(self.first) + len(self.second) and not self.neither


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Hold the two counts of a worksheet."""

    bags: Equation
    labels: Equation

    @property
    def closes(self) -> bool:
        """Tell whether both counts close."""
        return self.bags.closes and self.labels.closes

    def list_open_ends(self) -> list[str]:
        """Say what is missing, and what to look for."""
        bags = [
            f"Bag {name} is neither made nor given up. Make it, or give it up at the station."
            for name in self.bags.neither
        ]
        return bags + [
            f"Label {name} is neither on its bag nor destroyed. Look at the printer, on the bench and in the"
            " waste; scan it on its bag, or record that it was destroyed."
            for name in self.labels.neither
        ]


def reconcile(bags: Sequence[CountedBag], labels: Sequence[CountedLabel]) -> Reconciliation:
    """Count the bags and the labels of a worksheet.

    A copy that was on its bag and destroyed later counts as destroyed.

    >>> counts = reconcile([CountedBag("B-1", True, False)], [CountedLabel("B-1", 1, False, False)])
    >>> counts.bags.closes, counts.labels.neither
    (True, ('B-1 copy 1',))
    """
    return Reconciliation(
        Equation(
            _names(bag.serial for bag in bags),
            _names(bag.serial for bag in bags if bag.made),
            _names(bag.serial for bag in bags if bag.given_up and not bag.made),
        ),
        Equation(
            _names(one.name for one in labels),
            _names(one.name for one in labels if one.applied and not one.destroyed),
            _names(one.name for one in labels if one.destroyed),
        ),
    )


def _names(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(found)


__all__ = ["CountedBag", "CountedLabel", "Equation", "Reconciliation", "reconcile"]
