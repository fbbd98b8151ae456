"""Every change of pumps and program sheets, one function for each intent."""

from __future__ import annotations

from pharmacy.pumps.actions.preparing import prepare_sheet
from pharmacy.pumps.actions.readiness import ensure_maintained, ensure_pump_may_go
from pharmacy.pumps.actions.registry import (
    PumpEntry,
    clean_pump,
    end_quarantine,
    hand_over_pump,
    quarantine_pump,
    record_maintenance,
    register_pump,
    retire_pump,
    take_back_pump,
)
from pharmacy.pumps.actions.replacing import replace_sheet
from pharmacy.pumps.actions.verifying import CALENDAR, SHEET, print_sheet, verify_sheet

__all__ = [
    "CALENDAR",
    "SHEET",
    "PumpEntry",
    "clean_pump",
    "end_quarantine",
    "ensure_maintained",
    "ensure_pump_may_go",
    "hand_over_pump",
    "prepare_sheet",
    "print_sheet",
    "quarantine_pump",
    "record_maintenance",
    "register_pump",
    "replace_sheet",
    "retire_pump",
    "take_back_pump",
    "verify_sheet",
]
