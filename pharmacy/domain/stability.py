"""What a stability reference covers, and until when it may be relied on (domain.md 1.1 and 2.1).

A reference speaks for the container and the concentrations that were studied, and a pharmacist reviews it by
a date: no reference that fits means no beyond-use date, so an overdue one stops new work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from pharmacy.domain.beyond_use_limits import STORAGE_WORDS, Storage
from pharmacy.domain.container_materials import ContainerMaterial
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formatting import day, quantity


@dataclass(frozen=True, slots=True)
class StabilityFacts:
    """Hold a reference: its words, the storage, and what it is limited to; None where it says nothing."""

    reference: str
    storage: Storage
    container: ContainerMaterial | None
    least_mg_per_ml: Decimal | None
    most_mg_per_ml: Decimal | None
    good_until: date

    @property
    def name(self) -> str:
        """Name the reference with its storage, as a sentence begins with it."""
        return f'The stability reference "{self.reference}" ({STORAGE_WORDS[self.storage]})'


def ensure_fits(
    facts: StabilityFacts, *, mg_per_ml: Fraction, materials: Sequence[ContainerMaterial]
) -> None:
    """Refuse a reference that does not speak for a bag: another concentration, a container not allowed.

    Both ends of the concentrations that were studied are within them.
    """
    least, most = facts.least_mg_per_ml, facts.most_mg_per_ml
    if (least is not None and mg_per_ml < least) or (most is not None and mg_per_ml > most):
        ends = [f"{word} {quantity(end, 'mg/mL')}" for word, end in (("from", least), ("up to", most)) if end]
        raise Refusal(
            f"{facts.name} is for concentrations {' '.join(ends)}; "
            f"this bag has {quantity(mg_per_ml, 'mg/mL')}."
        )
    if facts.container is not None and facts.container not in materials:
        allowed = ", ".join(materials) or "none that is named"
        raise Refusal(f"{facts.name} is for containers of {facts.container}; the record allows {allowed}.")


def ensure_in_review(facts: StabilityFacts, *, formula: str, today: date) -> None:
    """Refuse new work on a reference whose review is overdue; its date is the last good day."""
    if today > facts.good_until:
        raise Refusal(
            f"{facts.name} of {formula} was to be reviewed by {day(facts.good_until)}. "
            "A pharmacist reviews it before new bags rest on it."
        )


def ensure_studied_range(least: Decimal | None, most: Decimal | None) -> None:
    """Refuse concentrations whose lower end is above their upper end."""
    if least is not None and most is not None and least > most:
        raise InvalidInput(
            f"The lower concentration should be at most the upper one, {quantity(most, 'mg/mL')}.",
            field="least_mg_per_ml",
        )


def ensure_time(days: int, hours: int) -> None:
    """Refuse a reference that gives no time at all."""
    if days < 0 or hours < 0 or days * 24 + hours == 0:
        raise InvalidInput("Enter for how many days or hours it is stable.", field="days")


def ensure_next_review(review_by: date, *, today: date) -> None:
    """Refuse a next review that is not after today."""
    if review_by <= today:
        raise InvalidInput("The next review should be after today.", field="review_by")


__all__ = [
    "StabilityFacts",
    "ensure_fits",
    "ensure_in_review",
    "ensure_next_review",
    "ensure_studied_range",
    "ensure_time",
]
