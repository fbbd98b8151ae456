"""The routes of infusion, and how directions say them."""

from __future__ import annotations

from enum import StrEnum


class Route(StrEnum):
    """Where an infusion goes."""

    SUBCUTANEOUS = "subcutaneous"
    INTRAVENOUS = "intravenous"
    EPIDURAL = "epidural"
    INTRA_ARTERIAL = "intra-arterial"
    INTRAPERITONEAL = "intraperitoneal"

    @property
    def adverb(self) -> str:
        """Say how to infuse by this route.

        >>> Route.SUBCUTANEOUS.adverb, Route.EPIDURAL.adverb
        ('subcutaneously', 'epidurally')
        """
        return f"{self}ly"


__all__ = ["Route"]
