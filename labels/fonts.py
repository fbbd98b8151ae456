"""The one typeface on paper, embedded, and the check that it has every character of a text.

A base-14 font prints a box for the ễ of Nguyễn, and an embedded font without the letter leaves it out without
a word; a name that is silently another name is worse than no label.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from labels.errors import CannotPrint

REGULAR = "SourceSansPro-Regular"
BOLD = "SourceSansPro-Bold"

# Both faces: from the top of the tallest accent to the baseline, as a share of the type size.
ASCENT = 0.95


@cache
def printable_characters() -> frozenset[str]:
    """Register both faces, once in a process, and return the characters that both can print."""
    known = []
    for name in (REGULAR, BOLD):
        font = TTFont(name, str(files("font_source_sans_pro").joinpath("files", f"{name}.ttf")))
        pdfmetrics.registerFont(font)
        known.append({chr(code) for code in font.face.charToGlyph})
    # Soft hyphens, joiners and direction marks are glyphs that nobody sees.
    return frozenset(c for c in known[0] & known[1] if unicodedata.category(c)[0] != "C")


def ensure_printable(text: str, *, field: str) -> str:
    """Return the text in NFC, or refuse it, naming the first character that no face can print and the field.

    >>> ensure_printable("Nguye\u0302\u0303n", field="patient name") == "Nguy\u1ec5n"
    True
    """
    normal = unicodedata.normalize("NFC", text)
    if missing := set(normal) - printable_characters():
        first = next(character for character in normal if character in missing)
        shown = f'"{first}"' if first.isprintable() else "an invisible character"
        name = unicodedata.name(first, "a control character").lower()
        raise CannotPrint(
            f"The {field} holds {shown} (U+{ord(first):04X}, {name}), which cannot be printed.",
            field=field,
        )
    return normal


@lru_cache(maxsize=10_000)
def width_of(text: str, *, font: str, size: float) -> float:
    """Return the width of a text on one line, in points."""
    printable_characters()
    return pdfmetrics.stringWidth(text, font, size)
