"""Every change of competencies, rooms and hoods, one function for each intent."""

from __future__ import annotations

from pharmacy.facility.actions.certifying import CertificationGiven, certify, correct_certification
from pharmacy.facility.actions.competencies import (
    CompetencyGiven,
    attach_document,
    correct_competency,
    ensure_competent,
    note_bench_day,
    record_competency,
)
from pharmacy.facility.actions.monitoring import record_cleaning, record_readings, record_sample
from pharmacy.facility.actions.registry import (
    ControlEntry,
    RoomEntry,
    change_limits,
    move_control,
    move_room,
    register_control,
    register_room,
)

__all__ = [
    "CertificationGiven",
    "CompetencyGiven",
    "ControlEntry",
    "RoomEntry",
    "attach_document",
    "certify",
    "change_limits",
    "correct_certification",
    "correct_competency",
    "ensure_competent",
    "move_control",
    "move_room",
    "note_bench_day",
    "record_cleaning",
    "record_competency",
    "record_readings",
    "record_sample",
    "register_control",
    "register_room",
]
