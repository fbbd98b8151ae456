"""What a master formulation record must say before anybody works by it (USP <797>; domain.md 2.1)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.preparation_stages import STAGE_WORDS, Stage

_ORDER = {stage: place for place, stage in enumerate(Stage)}


def ensure_stages_in_order(stages: Sequence[Stage]) -> None:
    """Refuse steps whose stages do not follow the work: they are shown in this order at the station.

    >>> ensure_stages_in_order([Stage.SETUP, Stage.ADDITIVE, Stage.ADDITIVE, Stage.CLEAN_UP])
    """
    for place, (before, after) in enumerate(pairwise(stages), start=1):
        if _ORDER[after] < _ORDER[before]:
            raise InvalidInput(
                f"Step {place + 1} ({STAGE_WORDS[after]}) comes before step {place} ({STAGE_WORDS[before]}); "
                "move it up.",
                field="steps",
            )


def ensure_weighable(
    additive: str, *, density_g_per_ml: Decimal | None, tolerance_percent: Decimal | None
) -> None:
    """Refuse a weight tolerance that nothing can be weighed against, and one of 100 percent or more."""
    if tolerance_percent is None:
        return
    if not 0 < tolerance_percent < 100:
        raise InvalidInput(
            "The weight tolerance should be more than 0 and less than 100 percent.",
            field="weight_tolerance_percent",
        )
    if density_g_per_ml is None:
        raise Refusal(
            f"{additive} has no density on record, so what was added cannot be weighed. Record its density "
            "with its source, or leave the weight tolerance empty.",
            field="weight_tolerance_percent",
        )


__all__ = ["ensure_stages_in_order", "ensure_weighable"]
