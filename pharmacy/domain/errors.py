"""The refusals: each carries the sentence that the user reads, on the page and on the command line."""

from __future__ import annotations


class Refusal(Exception):
    """Say no to an intent, with a sentence that a pharmacist understands.

    `field` names the input that must change, where there is one.
    """

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class InvalidInput(Refusal):
    """Say that what was given is missing, malformed or out of range, and what it should be."""


class NotFound(Refusal):
    """Say that nothing is recorded under what was asked for."""


class Forbidden(Refusal):
    """Say that this person may not do this, and whose task it is."""


class ScanRefused(Refusal):
    """Stop a scan that does not belong here; it is kept as an intercepted error."""
