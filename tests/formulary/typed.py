"""What a browser sends: the boxes of a page as they stand, with what somebody types over them."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

_TAG = re.compile(r"<[^>]+>")


def text_of(answer: Any) -> str:
    """Return the words of a page, without its tags."""
    words = unescape(_TAG.sub(" ", answer.text)).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+([.,;:)])", r"\1", " ".join(words.split()))


class _Boxes(HTMLParser):
    """Read the boxes of the forms on a page with what they hold."""

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[str, list[str]] = {}
        self._text: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a box, and what it holds."""
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "textarea":
            self._text, self.held[name] = name, [""]
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.held[self._select] = [value]
        elif tag == "input" and name and given.get("type") in {"checkbox", "radio"}:
            if "checked" in given:
                self.held.setdefault(name, []).append(value)
        elif tag == "input" and name and given.get("type") not in {"file", "search"}:
            self.held[name] = [value]

    def handle_endtag(self, tag: str) -> None:
        """Note that a box ends."""
        if tag == "textarea":
            self._text = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        """Take the text of a large box; a browser leaves out its first line end."""
        if self._text is not None:
            self.held[self._text] = [data.removeprefix("\r\n").removeprefix("\n")]


def boxes_of(page: str) -> dict[str, list[str]]:
    """Return what the boxes of a page hold, by their names."""
    reader = _Boxes()
    reader.feed(page)
    reader.held.pop("for", None)
    return reader.held


def typed_over(page: str, **changes: str | list[str]) -> dict[str, list[str]]:
    """Return the boxes of a page with some typed over; two underscores stand for a hyphen."""
    over = {
        name.replace("__", "-"): value if isinstance(value, list) else [value]
        for name, value in changes.items()
    }
    return boxes_of(page) | over
