"""Paging: the page number of a list, read from its address."""

from __future__ import annotations


def page_number(text: str | None) -> int:
    """Read a page number; anything that is not one is the first page."""
    if text and text.isascii() and text.isdigit() and 1 <= int(text[:7]) <= 1_000_000:
        return int(text[:7])
    return 1
