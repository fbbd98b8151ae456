"""The revision of a draft that a page was opened with, so that nobody's saving is overwritten."""

from __future__ import annotations

from wtforms import HiddenField


class RevisionField(HiddenField):
    """The revision that was opened; `number` is 0, which no draft has, where it was tampered with."""

    @property
    def number(self) -> int:
        """Return the revision as a number."""
        text = str(self.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
