"""Reading paper back: the text of each page, its bar codes at the resolution of a label printer, its ink."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from itertools import count
from typing import Any

import pypdfium2
import pypdfium2.raw as raw
import zxingcpp
from PIL import Image

DPI = 203
KEPT = {"kind", "weekday"}


def page_texts(pdf: bytes) -> list[str]:
    """Return the text of each page without any white space, so that line ends do not matter."""
    document = pypdfium2.PdfDocument(pdf)
    return [squeezed(page.get_textpage().get_text_bounded()) for page in document]


def squeezed(text: str) -> str:
    # The reader gives a hyphen at a line end as a mark of its own.
    return re.sub(r"\s", "", re.sub("[\ufffe\u0002]", "-", text))


def page_images(pdf: bytes, *, dpi: float = DPI) -> list[Image.Image]:
    return [page.render(scale=dpi / 72).to_pil().convert("L") for page in pypdfium2.PdfDocument(pdf)]


def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    return [page.get_size() for page in pypdfium2.PdfDocument(pdf)]


def page_codes(pdf: bytes) -> list[list[str]]:
    return [
        [code.text for code in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.Code128)]
        for image in page_images(pdf)
    ]


def texts_of(document: Any) -> list[str]:
    """Return every text of a document, rows included."""
    if isinstance(document, str):
        return [document]
    if isinstance(document, tuple):
        return [text for item in document for text in texts_of(item)]
    if is_dataclass(document):
        return [
            text
            for field in fields(document)
            if field.name not in KEPT
            for text in texts_of(getattr(document, field.name))
        ]
    return []


def marked(document: Any, numbers: Any = None) -> Any:
    """Return the document with a word of its own in every text, so that a text left out is seen."""
    numbers = count(1000) if numbers is None else numbers
    if isinstance(document, str):
        return f"Q{next(numbers)}Z" if document else document
    if isinstance(document, tuple):
        return tuple(marked(item, numbers) for item in document)
    if is_dataclass(document) and not isinstance(document, type):
        changes = {
            field.name: marked(getattr(document, field.name), numbers)
            for field in fields(document)
            if field.name not in KEPT
        }
        return replace(document, **changes)
    return document


def words_missing(document: Any, pdf: bytes) -> list[str]:
    """Return the words of a document that its pages do not hold."""
    text = "".join(page_texts(pdf))
    words = [word for one in texts_of(document) for word in one.split(" ") if word]
    return [word for word in words if squeezed(word) not in text]


def type_sizes(pdf: bytes, word: str) -> list[float]:
    """Return the type size, in points, of each place where a word is printed on the first page."""
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    search = page.search(word, match_case=True)
    sizes = []
    while (place := search.get_next()) is not None:
        sizes.append(raw.FPDFText_GetFontSize(page, place[0]))
    return sizes


def printed_over(pdf: bytes) -> list[tuple[str, str]]:
    """Return the pairs of characters of which one is printed over the other."""
    pairs = []
    for page in pypdfium2.PdfDocument(pdf):
        text = page.get_textpage()
        boxes = sorted(
            (*text.get_charbox(index), text.get_text_range(index, 1))
            for index in range(text.count_chars())
            if text.get_text_range(index, 1).strip()
        )
        for one, (left, bottom, right, top, character) in enumerate(boxes):
            for other_left, other_bottom, other_right, other_top, other in boxes[one + 1 :]:
                if other_left >= right:
                    break
                across = min(right, other_right) - other_left
                down = min(top, other_top) - max(bottom, other_bottom)
                smaller = min(
                    (right - left) * (top - bottom), (other_right - other_left) * (other_top - other_bottom)
                )
                if down > 0 and across * down > 0.15 * smaller:
                    pairs.append((character, other))
    return pairs


def margins_are_white(pdf: bytes, *, margin: float) -> bool:
    """Say whether nothing is printed nearer to an edge than a margin in millimetres."""
    for image in page_images(pdf):
        edge = int(margin / 25.4 * DPI)
        inner = Image.new("L", (image.width - 2 * edge, image.height - 2 * edge), 255)
        image.paste(inner, (edge, edge))
        if image.getextrema()[0] < 255:
            return False
    return True
