"""Enter orders, verify them, record changes and do what they ask for."""

from __future__ import annotations

from pharmacy.prescriptions.actions.changing import enter_change, tick_task
from pharmacy.prescriptions.actions.entering import (
    OrderEntry,
    correct_order,
    enter_order,
    list_entry_problems,
    withdraw_order,
)
from pharmacy.prescriptions.actions.verifying import send_back, verify_order

__all__ = [
    "OrderEntry",
    "correct_order",
    "enter_change",
    "enter_order",
    "list_entry_problems",
    "send_back",
    "tick_task",
    "verify_order",
    "withdraw_order",
]
