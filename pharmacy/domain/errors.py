"""The refusals: each carries the sentence that the user reads, on the page and on the command line."""

from __future__ import annotations

from pharmacy.domain.interception import Cause, Reading


class Refusal(Exception):
    """Say no to an intent, with a sentence that a pharmacist understands.

    `field` names the input that must change, where there is one; `cause` is what a refusal is counted under,
    and `reading` what was scanned, where a scan was refused.
    """

    expected = action = ""
    reading: Reading | None = None

    def __init__(self, sentence: str, *, field: str | None = None, cause: Cause | None = None) -> None:
        super().__init__(sentence)
        self.sentence = self.why = sentence
        self.field = field
        self.cause = cause


class InvalidInput(Refusal):
    """Say that what was given is missing, malformed or out of range, and what it should be."""


class NotFound(Refusal):
    """Say that nothing is recorded under what was asked for."""


class Forbidden(Refusal):
    """Say that this person may not do this, and whose task it is."""


class ScanRefused(Refusal):
    """Stop a scan that does not belong here; it is kept as an intercepted error.

    The sentence says in this order why, what was `expected` and what to do (`action`); a page shows each on a
    line of its own.
    """

    def __init__(self, why: str, *, expected: str = "", action: str = "", cause: Cause | None = None) -> None:
        super().__init__(" ".join(filter(None, (why, expected, action))), cause=cause)
        self.why, self.expected, self.action = why, expected, action
