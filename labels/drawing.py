"""Millimetres from the top left corner of the page, and text that fits or is refused.

The same data give the same bytes: no clock, no random identifier, one order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from labels.errors import DoesNotFit
from labels.fonts import ASCENT, BOLD, REGULAR, width_of

MM = 72 / 25.4
BLACK, WHITE = 0.0, 1.0
SHADE = 0.9
LINE = 1.18

rl_config.invariant = 1
rl_config.useA85 = 0


@dataclass(frozen=True, slots=True)
class Type:
    """A size of type in points; `line` is the height of one line in millimetres."""

    size: float
    bold: bool = False
    spacing: float = LINE

    @property
    def font(self) -> str:
        return BOLD if self.bold else REGULAR

    @property
    def line(self) -> float:
        return self.size * self.spacing / MM

    @property
    def baseline(self) -> float:
        """Return how far below the top of its line a text stands, in millimetres."""
        return (self.size * ASCENT + self.size * (self.spacing - LINE) / 2) / MM

    def width(self, text: str) -> float:
        """Return the width of a text on one line, in millimetres."""
        return width_of(text, font=self.font, size=self.size) / MM


def wrap(text: str, *, width: float, kind: Type, field: str, max_lines: int | None = None) -> tuple[str, ...]:
    """Break a text at spaces into lines that fit a width in millimetres, or refuse it.

    Only an ordinary space may end a line: the non-breaking space keeps a number and its unit together. A word
    is never split and nothing is left out.
    """
    lines: list[str] = []
    room, space = width + 0.001, kind.width(" ")
    used = room
    for word in _words(text):
        needed = kind.width(word)
        if needed > room:
            raise DoesNotFit(f"The {field} holds a word that is too wide for its place.", field=field)
        # The typeface has no kerning in the file: a line is as wide as its words and spaces.
        if used + space + needed <= room:
            lines[-1] = f"{lines[-1]} {word}"
            used += space + needed
        else:
            lines.append(word)
            used = needed
    if max_lines is not None and len(lines) > max_lines:
        raise DoesNotFit(
            f"The {field} is too long: it needs {len(lines)} lines and has room for {max_lines}.", field=field
        )
    return tuple(lines)


def wrap_code(text: str, *, width: float, kind: Type, field: str) -> tuple[str, ...]:
    """Break a lot number, serial or digest at spaces, and inside a code only where it is too wide."""
    pieces = []
    for word in _words(text):
        piece = ""
        for character in word:
            if piece and kind.width(piece + character) > width:
                pieces.append(piece)
                piece = ""
            piece += character
        pieces.append(piece)
    # A full piece and the next never fit on one line, so that no space comes into a code.
    return wrap(" ".join(pieces), width=width, kind=kind, field=field)


def _words(text: str) -> list[str]:
    return [word for word in text.split(" ") if word]


class Paper:
    """Pages of one size to draw on; every position is in millimetres from the top left corner.

    Text lies above everything else of its page.
    """

    def __init__(self, *, width: float, height: float, title: str) -> None:
        self.width = width
        self.height = height
        self._bytes = BytesIO()
        self.canvas = Canvas(self._bytes, pagesize=(width * MM, height * MM), pageCompression=1)
        self.canvas.setTitle(title)
        self.canvas.setAuthor("")
        self.canvas.setSubject("")
        self._texts: list[tuple[float, float, str, Type, float]] = []

    def text(self, x: float, y: float, text: str, kind: Type, *, ink: float = BLACK) -> None:
        """Write one line of text whose line box begins at `y`."""
        self._texts.append((x * MM, (self.height - y - kind.baseline) * MM, text, kind, ink))

    def text_to(self, x: float, y: float, text: str, kind: Type) -> None:
        """Write one line of text that ends at `x`."""
        self.text(x - kind.width(text), y, text, kind)

    def lines(self, x: float, y: float, lines: Sequence[str], kind: Type) -> float:
        """Write lines of text below each other; return where the next thing may begin."""
        for line in lines:
            self.text(x, y, line, kind)
            y += kind.line
        return y

    def rule(self, x: float, y: float, width: float, *, thick: float = 0.2) -> None:
        """Draw a horizontal line."""
        self.box(x, y - thick / 2, width, thick, fill=BLACK, thick=0)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: float | None = None,
        thick: float = 0.2,
    ) -> None:
        """Draw a rectangle: an outline `thick` millimetres wide, filled with a grey where one is given."""
        canvas = self.canvas
        if fill is not None:
            canvas.setFillGray(fill)
        canvas.setStrokeGray(BLACK)
        canvas.setLineWidth(thick * MM)
        canvas.rect(
            x * MM,
            (self.height - y - height) * MM,
            width * MM,
            height * MM,
            stroke=int(thick > 0),
            fill=int(fill is not None),
        )

    def next_page(self) -> None:
        """Close the page; what is drawn next is on a new one."""
        # One text object for the page: a third of the time of one for each line.
        written = self.canvas.beginText()
        for x, y, text, kind, ink in self._texts:
            written.setFillGray(ink)
            written.setFont(kind.font, kind.size)
            written.setTextOrigin(x, y)
            written.textOut(text)
        self.canvas.drawText(written)
        self._texts.clear()
        self.canvas.showPage()

    def finish(self) -> bytes:
        """Return the document; every page was closed with `next_page`."""
        self.canvas.save()
        return self._bytes.getvalue()
