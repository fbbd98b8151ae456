"""Two versions of a list beside each other: what is the same, what was changed, added or removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest


class Mark(StrEnum):
    """What became of a line, in the word that stands beside it."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one line of two lists: what it was and what it is, empty where it is in one of them only."""

    mark: Mark
    was: str
    now: str


def align(was: Sequence[str], now: Sequence[str]) -> list[Line]:
    """Set two lists beside each other so that equal lines stand side by side, in both their orders.

    >>> [(one.mark.value, one.was, one.now) for one in align(["Wipe.", "Mix."], ["Wipe.", "Scan.", "Mix."])]
    [('same', 'Wipe.', 'Wipe.'), ('added', '', 'Scan.'), ('same', 'Mix.', 'Mix.')]
    """
    lines: list[Line] = []
    for kind, a, b, c, d in SequenceMatcher(a=was, b=now, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += [Line(Mark.SAME, one, one) for one in was[a:b]]
            continue
        lines += [_line(old, new) for old, new in zip_longest(was[a:b], now[c:d])]
    return lines


def _line(was: str | None, now: str | None) -> Line:
    if was is None:
        return Line(Mark.ADDED, "", now or "")
    if now is None:
        return Line(Mark.REMOVED, was, "")
    return Line(Mark.CHANGED, was, now)


__all__ = ["Line", "Mark", "align"]
