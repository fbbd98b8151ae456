"""Blocks: what a letter-size document is made of, cut into strips that a page may end between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from labels.bands import Band, Said, beside, padded, shaded, space, stack, together, underlined
from labels.cells import Cell, Tick, Words
from labels.drawing import SHADE, Type

TITLE = Type(12.5, bold=True)
BODY, BODY_BOLD = Type(10), Type(10, bold=True)
CAPTION = Type(8)
TICK = 3.2
CELL, CELL_HEAD = Type(9), Type(8.5, bold=True)


@dataclass(frozen=True, slots=True)
class Strip:
    """A band that stays on one page.

    `head` goes before it where it begins a page; `keep` holds it to the next strip.
    """

    band: Band
    field: str
    head: Band | None = None
    keep: bool = False
    break_before: bool = False


class Block(Protocol):
    """A part of a document that knows how it is cut into strips."""

    def strips(self, width: float) -> list[Strip]:
        """Return the strips for a width in millimetres, top to bottom; refuse a text that cannot be set."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a section; it never stands alone at the foot of a page."""

    text: str

    def strips(self, width: float) -> list[Strip]:
        title = stack(Said("heading", self.text, TITLE, 2), width=width)
        return [Strip(together(space(3.5), underlined(title, width=width), space(1.2)), "heading", keep=True)]


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a new page."""

    def strips(self, width: float) -> list[Strip]:
        return [Strip(space(0), "page", break_before=True)]


@dataclass(frozen=True, slots=True)
class Prose:
    """Paragraphs, each on one page; `mark` stands before each (a bullet), or a number, or a box to tick."""

    field: str
    paragraphs: Sequence[str]
    kind: Type = BODY
    mark: str = ""
    numbered: bool = False
    to_tick: bool = False

    def strips(self, width: float) -> list[Strip]:
        indent = self._indent()
        strips = []
        for number, text in enumerate(self.paragraphs, start=1):
            name = f"{self.field} {number}" if len(self.paragraphs) > 1 else self.field
            words = stack(Said(name, text, self.kind, None), width=width - indent)
            sign = self._sign(number)
            strips.append(Strip(together(beside((sign, indent), (words, width)), space(0.9)), name))
        return strips

    def _indent(self) -> float:
        if self.to_tick:
            return TICK + 1.5
        widest = f"{len(self.paragraphs)}. " if self.numbered else f"{self.mark} "
        return self.kind.width(widest) if widest.strip() else 0

    def _sign(self, number: int) -> Band:
        if self.to_tick:
            return padded(Tick(TICK).band(width=TICK, field=self.field), across=0, down=0.4)
        mark = f"{number}." if self.numbered else self.mark
        return stack(Said(self.field, mark, self.kind), width=self._indent())


@dataclass(frozen=True, slots=True)
class Facts:
    """Captions over their values in columns; a fact without a value is left out."""

    facts: Sequence[tuple[str, str]]
    columns: int = 3
    kind: Type = BODY_BOLD

    def strips(self, width: float) -> list[Strip]:
        shown = [fact for fact in self.facts if fact[1]]
        column = width / self.columns
        rows = [shown[start : start + self.columns] for start in range(0, len(shown), self.columns)]
        return [
            Strip(
                together(
                    beside(*((self._fact(*fact, width=column - 3), column) for fact in row)), space(1.4)
                ),
                ", ".join(caption.lower() for caption, _ in row),
            )
            for row in rows
        ]

    def _fact(self, caption: str, value: str, *, width: float) -> Band:
        return stack(
            Said(caption.lower(), caption, CAPTION, None),
            Said(caption.lower(), value, self.kind, None),
            width=width,
        )


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its title and its share of the width."""

    title: str
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under titles; the titles are repeated on every page that the table reaches.

    A cell is a text or a `Cell`. Where there is no row the table says `none`.
    """

    field: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str | Cell]]
    none: str = "None recorded."
    kind: Type = CELL

    def strips(self, width: float) -> list[Strip]:
        if not self.rows:
            return Prose(self.field, (self.none,)).strips(width)
        widths = self._widths(width)
        titles = [Words(column.title, CELL_HEAD) for column in self.columns]
        head = shaded(self._row(titles, widths, self.field), width=width, grey=SHADE)
        strips = [Strip(head, self.field, keep=True)]
        for number, row in enumerate(self.rows, start=1):
            name = f"{self.field} {number}"
            cells = [Words(cell, self.kind) if isinstance(cell, str) else cell for cell in row]
            band = underlined(self._row(cells, widths, name), width=width)
            after = space(1.5 if number == len(self.rows) else 0)
            strips.append(Strip(together(band, after), name, head=head))
        return strips

    def _widths(self, width: float) -> list[float]:
        shares = sum(column.share for column in self.columns)
        return [width * column.share / shares for column in self.columns]

    def _row(self, cells: Sequence[Cell], widths: Sequence[float], name: str) -> Band:
        return beside(
            *(
                (
                    padded(
                        cell.band(width=width - 2.4, field=f"{name}, {column.title.lower()}"),
                        across=1.2,
                        down=0.8,
                    ),
                    width,
                )
                for cell, width, column in zip(cells, widths, self.columns, strict=True)
            )
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """Blocks that stay together on one page where one page can hold them."""

    blocks: Sequence[Block]

    def strips(self, width: float) -> list[Strip]:
        strips = [strip for block in self.blocks for strip in block.strips(width)]
        return [*(replace(strip, keep=True) for strip in strips[:-1]), *strips[-1:]]
