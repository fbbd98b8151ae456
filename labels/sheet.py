"""Letter-size documents: head and foot on every page, sections that run on, and never a word left out.

The head names the document and whom it is about, so that a page found alone is still known; the foot has the
serial, the copy, the time of printing and the page of how many.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from labels.bands import Band, Said, bar, beside, space, stack, together
from labels.barcode128 import OFFICE_PRINTER, draw_code128
from labels.blocks import Block, Strip
from labels.drawing import MM, Paper, Type, wrap
from labels.errors import DoesNotFit
from labels.finished import Printed

WIDTH, HEIGHT = 215.9, 279.4
SIDE, TOP, BOTTOM = 15.0, 11.0, 10.0
INNER = WIDTH - 2 * SIDE
BARCODE_WIDTH, BARCODE_HEIGHT = 66.0, 8.0
FOOT_HEIGHT = 11.0

NAME = Type(18, bold=True)
ABOUT = Type(11, bold=True)
IMPRINT, IMPRINT_BOLD = Type(8.5), Type(8.5, bold=True)
BANNER = Type(12, bold=True)
WATERMARK_GREY, WATERMARK_MOST = 0.88, 90.0


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A document ready to be set: its words, its blocks, and how many pages it may have (None: any number).

    `identity` stands under the title on every page; `watermark` lies across every page where it is not empty.
    """

    document: Printed
    title: str
    identity: str
    blocks: Sequence[Block]
    watermark: str = ""
    most_pages: int | None = None


def render(sheet: Sheet) -> bytes:
    """Set a document on letter-size pages and return the PDF; the same words give the same bytes."""
    head = _head(sheet)
    strips = [strip for block in sheet.blocks for strip in block.strips(INNER)]
    pages = _paginate(strips, room=_room_under(head))
    if sheet.most_pages is not None and len(pages) > sheet.most_pages:
        raise DoesNotFit(
            f"{sheet.title} needs {len(pages)} pages and may have {sheet.most_pages}.",
            field=sheet.title.lower(),
        )
    paper = Paper(width=WIDTH, height=HEIGHT, title=f"{sheet.title} {sheet.document.document_serial}")
    for number, bands in enumerate(pages, start=1):
        if sheet.watermark:
            _draw_watermark(paper, sheet.watermark)
        head.draw(paper, SIDE, TOP)
        together(*bands).draw(paper, SIDE, TOP + head.height)
        _draw_foot(paper, sheet.document, f"Page {number} of {len(pages)}")
        paper.next_page()
    return paper.finish()


def room_left(sheet: Sheet) -> float:
    """Return how many millimetres the blocks leave free on one page; below zero where they need more."""
    strips = (strip for block in sheet.blocks for strip in block.strips(INNER))
    return _room_under(_head(sheet)) - sum(strip.band.height for strip in strips)


def _room_under(head: Band) -> float:
    return HEIGHT - TOP - BOTTOM - FOOT_HEIGHT - head.height


def _paginate(strips: Sequence[Strip], *, room: float) -> list[list[Band]]:
    """Share strips out to pages: a kept strip stays with the next, and the titles of a table are repeated."""
    pages: list[list[Band]] = [[]]
    used = 0.0
    for index, strip in enumerate(strips):
        needed = _height_kept_together(strips[index:])
        if needed > room:
            needed = strip.band.height
        if pages[-1] and (strip.break_before or used + needed > room):
            pages.append([])
            used = 0.0
            if strip.head:
                pages[-1].append(strip.head)
                used = strip.head.height
        if used + strip.band.height > room:
            raise DoesNotFit(f"The {strip.field} is too long for a page.", field=strip.field)
        pages[-1].append(strip.band)
        used += strip.band.height
    return pages


def _height_kept_together(strips: Sequence[Strip]) -> float:
    height = 0.0
    for strip in strips:
        height += strip.band.height
        if not strip.keep:
            break
    return height


def _head(sheet: Sheet) -> Band:
    left = stack(
        Said("title", sheet.title, NAME, 2),
        Said("identity", sheet.identity, ABOUT, 3),
        width=INNER - BARCODE_WIDTH - 4,
    )
    right = _imprint(sheet.document)
    top = beside((left, INNER - BARCODE_WIDTH), (right, BARCODE_WIDTH))
    banner = bar(Said("watermark", sheet.watermark, BANNER, 2), width=INNER, padding=1.5)
    below = Band(2.5, lambda paper, x, y: paper.rule(x, y + 0.6, INNER, thick=0.5))
    return together(top, space(1), *((banner, space(2)) if sheet.watermark else (below,)))


def _imprint(document: Printed) -> Band:
    serial = document.document_serial
    pharmacy = stack(
        Said("pharmacy name", document.pharmacy_name, IMPRINT_BOLD, 2),
        Said("pharmacy address", document.pharmacy_address, IMPRINT, 2),
        Said("pharmacy phone", f"24-hour pharmacist {document.pharmacy_phone}", IMPRINT_BOLD, 2),
        width=BARCODE_WIDTH,
    )

    def draw(paper: Paper, x: float, y: float) -> None:
        box = {"width": BARCODE_WIDTH, "height": BARCODE_HEIGHT}
        draw_code128(paper, x, y, serial, **box, dpi=OFFICE_PRINTER, field="document serial")
        paper.text(x, y + BARCODE_HEIGHT + 0.5, serial, IMPRINT)

    return together(pharmacy, space(1), Band(BARCODE_HEIGHT + 0.5 + IMPRINT.line, draw))


def _draw_foot(paper: Paper, document: Printed, page: str) -> None:
    y = HEIGHT - BOTTOM - FOOT_HEIGHT + 2
    paper.rule(SIDE, y, INNER)
    texts = (
        (f"{document.document_serial} · {document.copy} · Printed {document.printed_at}", IMPRINT, "copy"),
        (document.notice, IMPRINT_BOLD, "notice"),
    )
    paper.text_to(SIDE + INNER, y + 1, page, IMPRINT_BOLD)
    y += 1
    for text, kind, field in texts:
        y = paper.lines(SIDE, y, wrap(text, width=INNER - 30, kind=kind, field=field, max_lines=1), kind)


def _draw_watermark(paper: Paper, text: str) -> None:
    """Draw a text in light grey from the lower left to the upper right, as large as the diagonal allows."""
    length = math.hypot(WIDTH, HEIGHT) * 0.8
    kind = Type(10, bold=True)
    size = min(WATERMARK_MOST, 10 * length / kind.width(text))
    kind = Type(size, bold=True)
    canvas = paper.canvas
    canvas.saveState()
    canvas.translate(WIDTH / 2 * MM, HEIGHT / 2 * MM)
    canvas.rotate(math.degrees(math.atan2(HEIGHT, WIDTH)))
    canvas.setFillGray(WATERMARK_GREY)
    canvas.setFont(kind.font, kind.size)
    canvas.drawCentredString(0, -kind.size / 3, text)
    canvas.restoreState()
