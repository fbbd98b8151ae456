"""A signature drawn by hand on a screen, kept as strokes and drawn again as lines."""

from __future__ import annotations

from typing import TypeAlias

from labels.bands import Band
from labels.drawing import MM, Paper
from labels.errors import CannotPrint

EDGE = 1000
THICK = 0.35

Strokes: TypeAlias = tuple[tuple[tuple[int, int], ...], ...]


def ensure_strokes(strokes: Strokes, *, field: str) -> None:
    """Refuse strokes that are no signature: none, an empty one, or a point outside the box of 0 to 1000."""
    if not strokes or not all(strokes):
        raise CannotPrint(f"The {field} holds no line.", field=field)
    for x, y in (point for stroke in strokes for point in stroke):
        if not (isinstance(x, int) and isinstance(y, int) and 0 <= x <= EDGE and 0 <= y <= EDGE):
            raise CannotPrint(f"The {field} holds a point outside its box of 0 to {EDGE}.", field=field)


def signature(strokes: Strokes, *, width: float, height: float, field: str) -> Band:
    """Draw strokes into a box: 0, 0 is its left top and 1000, 1000 its right bottom corner.

    A stroke of one point is a dot. Whoever captures a signature scales both directions to the pad.
    """
    ensure_strokes(strokes, field=field)

    def draw(paper: Paper, x: float, y: float) -> None:
        def at(point: tuple[int, int]) -> tuple[float, float]:
            across, down = point[0] / EDGE * width, point[1] / EDGE * height
            return (x + across) * MM, (paper.height - y - down) * MM

        path = paper.canvas.beginPath()
        for stroke in strokes:
            path.moveTo(*at(stroke[0]))
            for point in stroke[1:] or stroke:
                path.lineTo(*at(point))
        paper.canvas.setLineCap(1)
        paper.canvas.setLineJoin(1)
        paper.canvas.setStrokeGray(0)
        paper.canvas.setLineWidth(THICK * MM)
        paper.canvas.drawPath(path, stroke=1, fill=0)
        paper.canvas.setLineCap(0)
        paper.canvas.setLineJoin(0)

    return Band(height, draw)
