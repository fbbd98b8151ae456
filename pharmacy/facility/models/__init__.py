"""Tables of people's competencies, and of rooms and hoods."""

from __future__ import annotations

from pharmacy.facility.models.competencies import BenchDay, CompetencyDocument, CompetencyEntry
from pharmacy.facility.models.monitoring import CleaningEntry, RoomReading, SampleEntry
from pharmacy.facility.models.rooms import Certification, CompoundingRoom, EngineeringControl

__all__ = [
    "BenchDay",
    "Certification",
    "CleaningEntry",
    "CompetencyDocument",
    "CompetencyEntry",
    "CompoundingRoom",
    "EngineeringControl",
    "RoomReading",
    "SampleEntry",
]
