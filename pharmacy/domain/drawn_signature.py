"""A signature that somebody drew on a screen: strokes of points in a box of 0 to 1000 both ways."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

from pharmacy.domain.errors import InvalidInput

EDGE = 1000
MOST_STROKES, MOST_POINTS = 200, 5000
# Fewer points than this are a slip of the finger, not a name.
LEAST_POINTS = 8
Strokes: TypeAlias = tuple[tuple[tuple[int, int], ...], ...]


def read_strokes(text: str) -> Strokes:
    """Read a drawn signature as the page sends it: a JSON list of strokes, each a list of [x, y].

    Raises InvalidInput for anything else, for a few dots, and for more than anybody draws.

    >>> read_strokes("[[[0, 500], [1000, 500]]]")
    Traceback (most recent call last):
    ...
    pharmacy.domain.errors.InvalidInput: Draw the whole signature in the box.
    """
    try:
        drawn: Any = json.loads(text)
        strokes = tuple(tuple(_read_point(point) for point in stroke) for stroke in drawn)
    except (ValueError, TypeError, RecursionError):
        raise InvalidInput("The signature cannot be read; draw it again.", field="signature") from None
    count = sum(len(stroke) for stroke in strokes)
    if count < LEAST_POINTS or not all(strokes):
        raise InvalidInput("Draw the whole signature in the box.", field="signature")
    if len(strokes) > MOST_STROKES or count > MOST_POINTS:
        raise InvalidInput("The signature has too many strokes; draw it again.", field="signature")
    return strokes


def _read_point(point: Any) -> tuple[int, int]:
    across, down = point
    if not all(type(one) is int and 0 <= one <= EDGE for one in (across, down)):
        raise ValueError(f"{point} does not lie in the box")
    return across, down


__all__ = ["EDGE", "LEAST_POINTS", "MOST_POINTS", "MOST_STROKES", "Strokes", "read_strokes"]
