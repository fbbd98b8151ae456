"""What did not go as it must, what becomes of its bags, and when it may be closed (domain.md 2.4, 2.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pharmacy.domain.errors import Refusal


class DeviationKind(StrEnum):
    """What did not go as it must."""

    INSPECTION_FAILED = "inspection_failed"
    WEIGHT_OUT_OF_TOLERANCE = "weight_out_of_tolerance"
    COUNT_DOES_NOT_CLOSE = "count_does_not_close"
    VOLUMES_DIFFERED = "volumes_differed"
    WRONG_COMPONENT = "wrong_component"
    ROOM_OR_EQUIPMENT = "room_or_equipment"
    STORAGE_OR_TEMPERATURE = "storage_or_temperature"
    COMPLAINT = "complaint"
    OTHER = "other"


class Gravity(StrEnum):
    """How grave a deviation is for a patient."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class Disposition(StrEnum):
    """What becomes of a bag that a deviation concerns."""

    RELEASE = "release"
    DESTROYED = "destroyed"


GRAVITY_WORDS = {
    Gravity.MINOR: "Minor: no patient could be harmed",
    Gravity.MAJOR: "Major: a patient could be harmed, were it not found",
    Gravity.CRITICAL: "Critical: a patient was or may be harmed",
}
KIND_WORDS = {
    DeviationKind.INSPECTION_FAILED: "A bag failed its inspection",
    DeviationKind.WEIGHT_OUT_OF_TOLERANCE: "A weight lies outside its window",
    DeviationKind.COUNT_DOES_NOT_CLOSE: "The count of bags or labels does not close",
    DeviationKind.VOLUMES_DIFFERED: "Two people measured different volumes",
    DeviationKind.WRONG_COMPONENT: "A wrong, expired or doubtful component",
    DeviationKind.ROOM_OR_EQUIPMENT: "The room, the hood or a device",
    DeviationKind.STORAGE_OR_TEMPERATURE: "Storage or temperature",
    DeviationKind.COMPLAINT: "A complaint or an adverse reaction",
    DeviationKind.OTHER: "Something else",
}


@dataclass(frozen=True, slots=True)
class AffectedBag:
    """Hold a bag that a deviation concerns: its name, whether it is held, and what was decided on it."""

    name: str
    is_held: bool
    disposition: Disposition | None


def find_open_ends(bags: Sequence[AffectedBag], *, investigated: bool) -> list[str]:
    """Say everything that is to be done before a deviation may be closed.

    Every bag that is held needs its disposition; one that has left, or is gone, has none to be decided here.

    >>> find_open_ends([AffectedBag("Bag 1 (B-000016)", True, None)], investigated=True)
    ['Decide what becomes of Bag 1 (B-000016).']
    """
    found = [] if investigated else ["Record the investigation first."]
    return found + [
        f"Decide what becomes of {bag.name}." for bag in bags if bag.is_held and bag.disposition is None
    ]


def ensure_not_held_back(name: str, serial: str | None) -> None:
    """Refuse to let a bag go while the deviation `serial` that concerns it is open.

    >>> ensure_not_held_back("Bag 1 (B-000016)", None)
    """
    if serial is not None:
        raise Refusal(say_held_back(name, serial))


def say_held_back(name: str, serial: str) -> str:
    """Say that an open deviation holds a bag back."""
    return f"{name} is part of the open deviation {serial}. It cannot be released before that is closed."


__all__ = [
    "GRAVITY_WORDS",
    "KIND_WORDS",
    "AffectedBag",
    "DeviationKind",
    "Disposition",
    "Gravity",
    "ensure_not_held_back",
    "find_open_ends",
    "say_held_back",
]
