"""Enter orders, verify them, record changes and do what they ask for."""

from __future__ import annotations

from pharmacy.prescriptions.actions.changing import (
    ensure_changeable,
    enter_change,
    list_change_problems,
    tick_task,
)
from pharmacy.prescriptions.actions.entering import (
    OrderEntry,
    correct_order,
    enter_order,
    list_entry_problems,
    withdraw_order,
)
from pharmacy.prescriptions.actions.verifying import (
    digest_of_page,
    ensure_may_verify_this,
    ensure_unchanged,
    send_back,
    verification_content,
    verify_order,
)

__all__ = [
    "OrderEntry",
    "correct_order",
    "digest_of_page",
    "ensure_changeable",
    "ensure_may_verify_this",
    "ensure_unchanged",
    "enter_change",
    "enter_order",
    "list_change_problems",
    "list_entry_problems",
    "send_back",
    "tick_task",
    "verification_content",
    "verify_order",
    "withdraw_order",
]
