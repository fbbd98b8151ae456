"""Cells: what may stand in a table beside plain text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from labels.bands import Band, Said, framed, stack
from labels.drawing import Paper, Type, wrap_code

SHOWN = Type(17, bold=True)
SPELLED = Type(8.5)
CODE = Type(9)


class Cell(Protocol):
    """The content of one place in a table."""

    def band(self, *, width: float, field: str) -> Band:
        """Return what is drawn for a width in millimetres, or refuse it under the name `field`."""


@dataclass(frozen=True, slots=True)
class Words:
    """Text that wraps as often as it must; an empty one leaves the place empty."""

    text: str
    kind: Type

    def band(self, *, width: float, field: str) -> Band:
        return stack(Said(field, self.text, self.kind, None), width=width)


@dataclass(frozen=True, slots=True)
class Code:
    """A lot number, serial or digest: the one text that may be broken anywhere, rather than be refused."""

    text: str
    kind: Type = CODE

    def band(self, *, width: float, field: str) -> Band:
        lines = wrap_code(self.text, width=width, kind=self.kind, field=field)

        def draw(paper: Paper, x: float, y: float) -> None:
            paper.lines(x, y, lines, self.kind)

        return Band(len(lines) * self.kind.line, draw)


@dataclass(frozen=True, slots=True)
class Lines:
    """Texts below each other, each in its own type."""

    texts: tuple[Words, ...]

    def band(self, *, width: float, field: str) -> Band:
        return stack(*(Said(field, words.text, words.kind, None) for words in self.texts), width=width)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a pump's screen must show: large in a box, and spelled out below."""

    shown: str
    spelled: str

    def band(self, *, width: float, field: str) -> Band:
        inside = width - 3
        texts = stack(
            Said(field, self.shown, SHOWN, 2), Said(field, self.spelled, SPELLED, None), width=inside
        )
        return framed([texts], width=width, padding=1.5, thick=0.5)


@dataclass(frozen=True, slots=True)
class Blank:
    """An empty box to write in."""

    height: float = 9.0

    def band(self, *, width: float, field: str) -> Band:
        return Band(self.height, lambda paper, x, y: paper.box(x, y, width, self.height))


@dataclass(frozen=True, slots=True)
class Line:
    """Room to write, with a line to write on."""

    height: float = 9.0

    def band(self, *, width: float, field: str) -> Band:
        return Band(self.height, lambda paper, x, y: paper.rule(x, y + self.height, width))


@dataclass(frozen=True, slots=True)
class Tick:
    """A small box to tick."""

    side: float = 4.0

    def band(self, *, width: float, field: str) -> Band:
        def draw(paper: Paper, x: float, y: float) -> None:
            paper.box(x, y, self.side, self.side, thick=0.3)

        return Band(self.side, draw)
