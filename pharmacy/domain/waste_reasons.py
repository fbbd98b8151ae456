"""Reasons of waste, gathered by what they have in common.

A reason as it is recorded names the bag or ends in what a person typed: `bag B-000016 given up: port torn`.
For counting, serials and what follows a colon are left out.
"""

from __future__ import annotations

from pharmacy.domain.barcodes import is_like_serial

NO_REASON = "no reason recorded"


def gather_reason(reason: str | None) -> str:
    """Return what a reason has in common with others of its kind.

    >>> gather_reason("bag B-000016 given up: port torn"), gather_reason("Left over"), gather_reason(None)
    ('bag given up', 'left over', 'no reason recorded')
    """
    common = (reason or "").partition(":")[0]
    words = [word for word in common.split() if not is_like_serial(word.strip(",.;()"))]
    return " ".join(words).lower() or NO_REASON
