"""What is reported of a bag after it has left (domain.md 2.5)."""

from __future__ import annotations

from enum import StrEnum


class ComplaintKind(StrEnum):
    """What a complaint is about."""

    ADVERSE_REACTION = "adverse_reaction"
    PREPARATION = "preparation"
    LABEL_OR_PACKAGE = "label_or_package"
    OTHER = "other"


COMPLAINT_WORDS = {
    ComplaintKind.ADVERSE_REACTION: "Adverse reaction",
    ComplaintKind.PREPARATION: "Problem with the preparation: leak, particles, colour, volume",
    ComplaintKind.LABEL_OR_PACKAGE: "Problem with the label or the package",
    ComplaintKind.OTHER: "Something else",
}

__all__ = ["COMPLAINT_WORDS", "ComplaintKind"]
