"""Every change of recalls and drills, one function for each intent."""

from __future__ import annotations

from pharmacy.trace.actions.calling import record_call, record_notice
from pharmacy.trace.actions.closing import close_recall, complete_list
from pharmacy.trace.actions.deciding import (
    clear_bags,
    destroy_bags,
    locate_bags,
    take_back_bags,
    write_off_bags,
)
from pharmacy.trace.actions.opening import RecallEntry, open_recall
from pharmacy.trace.actions.printing import RECALL_LIST, print_recall_list

__all__ = [
    "RECALL_LIST",
    "RecallEntry",
    "clear_bags",
    "close_recall",
    "complete_list",
    "destroy_bags",
    "locate_bags",
    "open_recall",
    "print_recall_list",
    "record_call",
    "record_notice",
    "take_back_bags",
    "write_off_bags",
]
