"""Bands: the parts of a label over its full width, measured first and drawn afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from labels.drawing import BLACK, WHITE, Paper, Type, wrap
from labels.errors import DoesNotFit


@dataclass(frozen=True, slots=True)
class Band:
    """How high a part of the label is, and how it is drawn from its left top corner."""

    height: float
    draw: Callable[[Paper, float, float], None]


@dataclass(frozen=True, slots=True)
class Said:
    """One text of a band: its name in words, its type and the most lines it may take (None: any number)."""

    field: str
    text: str
    kind: Type
    most: int | None = 1


@dataclass(frozen=True, slots=True)
class Pair:
    """A caption and its value; `name` is said in a refusal where the caption does not name the field."""

    caption: str
    value: str
    most: int = 1
    name: str = ""

    @property
    def field(self) -> str:
        return self.name or self.caption.lower()


def stack(*texts: Said, width: float) -> Band:
    """Put texts below each other; one that is empty takes no room."""
    placed = [
        (wrap(said.text, width=width, kind=said.kind, field=said.field, max_lines=said.most), said.kind)
        for said in texts
        if said.text
    ]

    def draw(paper: Paper, x: float, y: float) -> None:
        for lines, kind in placed:
            y = paper.lines(x, y, lines, kind)

    return Band(sum(len(lines) * kind.line for lines, kind in placed), draw)


def largest(said: Said, *smaller: Type, width: float) -> Band:
    """Set a text in its type, or in the first smaller one in which it fits; refuse what fits in none."""
    *tried, last = (said.kind, *smaller)
    for kind in tried:
        with suppress(DoesNotFit):
            return stack(replace(said, kind=kind), width=width)
    return stack(replace(said, kind=last), width=width)


def hung(pair: Pair, *, width: float, caption: Type, value: Type) -> Band:
    """Put a value beside its caption; its further lines hang under the first."""
    indent = caption.width(pair.caption + " ")
    lines = wrap(pair.value, width=width - indent, kind=value, field=pair.field, max_lines=pair.most)

    def draw(paper: Paper, x: float, y: float) -> None:
        # Both stand on one baseline, also where the value is set larger.
        paper.text(x, y + value.baseline - caption.baseline, pair.caption, caption)
        paper.lines(x + indent, y, lines, value)

    return Band(len(lines) * value.line, draw)


def flow(*shown: Pair, width: float, caption: Type, value: Type, between: float) -> Band:
    """Put captions with their values after each other, as many on a line as fit, each whole if it can be."""
    lines: list[list[tuple[float, str, Type]]] = []
    right = width
    for pair in (pair for pair in shown if pair.value):
        beside = caption.width(pair.caption + " ") if pair.caption else 0.0
        first, *more = wrap(
            pair.value, width=width - beside, kind=value, field=pair.field, max_lines=pair.most
        )
        needed = beside + value.width(first)
        if more or right + between + needed > width:
            lines.append([])
            left = 0.0
        else:
            left = right + between
        lines[-1] += [(left, pair.caption, caption), (left + beside, first, value)]
        lines += [[(beside, line, value)] for line in more]
        right = width if more else left + needed

    def draw(paper: Paper, x: float, y: float) -> None:
        for row, line in enumerate(lines):
            for indent, text, kind in line:
                paper.text(x + indent, y + row * value.line, text, kind)

    return Band(len(lines) * value.line, draw)


def bar(said: Said, *, width: float, padding: float) -> Band:
    """Put a text in white on a black bar."""
    lines = wrap(said.text, width=width - 2 * padding, kind=said.kind, field=said.field, max_lines=said.most)
    height = len(lines) * said.kind.line + padding

    def draw(paper: Paper, x: float, y: float) -> None:
        paper.box(x, y, width, height, fill=BLACK, thick=0)
        for row, line in enumerate(lines):
            paper.text(x + padding, y + padding / 2 + row * said.kind.line, line, said.kind, ink=WHITE)

    return Band(height, draw)


def framed(inner: Sequence[Band], *, width: float, padding: float, thick: float) -> Band:
    """Draw a frame around bands below each other, which were measured for the width inside the padding."""
    height = sum(band.height for band in inner) + 2 * padding

    def draw(paper: Paper, x: float, y: float) -> None:
        paper.box(x + thick / 2, y + thick / 2, width - thick, height - thick, thick=thick)
        y += padding
        for band in inner:
            band.draw(paper, x + padding, y)
            y += band.height

    return Band(height, draw)


def ruled(band: Band, *, width: float, above: float = 0.8) -> Band:
    """Draw a thin rule over a band."""

    def draw(paper: Paper, x: float, y: float) -> None:
        paper.rule(x, y, width)
        band.draw(paper, x, y + above)

    return Band(band.height + above, draw)


def space(height: float) -> Band:
    """Leave some room."""
    return Band(height, lambda paper, x, y: None)


def together(*inner: Band) -> Band:
    """Put bands below each other without a gap."""

    def draw(paper: Paper, x: float, y: float) -> None:
        for band in inner:
            band.draw(paper, x, y)
            y += band.height

    return Band(sum(band.height for band in inner), draw)


def beside(*columns: tuple[Band, float]) -> Band:
    """Put bands beside each other, each with the width that it takes."""

    def draw(paper: Paper, x: float, y: float) -> None:
        for band, width in columns:
            band.draw(paper, x, y)
            x += width

    return Band(max((band.height for band, _ in columns), default=0), draw)


def padded(band: Band, *, across: float, down: float) -> Band:
    """Leave room around a band."""
    return Band(band.height + 2 * down, lambda paper, x, y: band.draw(paper, x + across, y + down))


def shaded(band: Band, *, width: float, grey: float) -> Band:
    """Put a grey ground under a band."""

    def draw(paper: Paper, x: float, y: float) -> None:
        paper.box(x, y, width, band.height, fill=grey, thick=0)
        band.draw(paper, x, y)

    return Band(band.height, draw)


def underlined(band: Band, *, width: float) -> Band:
    """Draw a thin rule under a band."""

    def draw(paper: Paper, x: float, y: float) -> None:
        band.draw(paper, x, y)
        paper.rule(x, y + band.height, width, thick=0.15)

    return Band(band.height, draw)


def place(
    bands: Sequence[Band],
    paper: Paper,
    *,
    x: float,
    y: float,
    height: float,
    gaps: tuple[float, float],
    field: str,
) -> None:
    """Draw bands below each other, the free height shared out between them, or refuse if it is too little."""
    spaces = len(bands) - 1
    free = height - sum(band.height for band in bands)
    gap = min(free / spaces, gaps[1])
    if gap < gaps[0]:
        over = gaps[0] * spaces - free
        raise DoesNotFit(
            f"The label has {over:.1f} mm too much text; shorten its longest text, the {field}.", field=field
        )
    for band in bands:
        band.draw(paper, x, y)
        y += band.height + gap
