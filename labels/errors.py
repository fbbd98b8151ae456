"""The refusals of paper: what cannot be printed as given is not printed at all."""

from __future__ import annotations


class CannotPrint(Exception):
    """Refuse to print, with a sentence that a pharmacist understands.

    `field` names, in words, what on the document must change.
    """

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class DoesNotFit(CannotPrint):
    """Refuse a text that has no room on the paper; nothing is ever cut off, shrunk or printed over."""
