"""Every change of stock, one function for each intent; movements are the truth."""

from __future__ import annotations

from pharmacy.inventory.actions.adjustments import Witness, adjust_stock
from pharmacy.inventory.actions.containers import (
    draw,
    let_go,
    open_container,
    put_back,
    take_up,
    waste,
    waste_part,
)
from pharmacy.inventory.actions.count_sheets import add_to_sheet, close_count_sheet, open_count_sheet
from pharmacy.inventory.actions.counts import confirm_count, count_lot, explain_count
from pharmacy.inventory.actions.holding import correct_expiry, lift_quarantine, quarantine_lot, recall_lot
from pharmacy.inventory.actions.locations import (
    add_location,
    change_location,
    close_location,
    set_policy,
    set_rule,
)
from pharmacy.inventory.actions.moves import move_containers
from pharmacy.inventory.actions.receiving import (
    Accepted,
    Typed,
    open_receipt,
    receive_by_hand,
    receive_scanned,
)

__all__ = [
    "Accepted",
    "Typed",
    "Witness",
    "add_location",
    "add_to_sheet",
    "adjust_stock",
    "change_location",
    "close_count_sheet",
    "close_location",
    "confirm_count",
    "correct_expiry",
    "count_lot",
    "draw",
    "explain_count",
    "let_go",
    "lift_quarantine",
    "move_containers",
    "open_container",
    "open_count_sheet",
    "open_receipt",
    "put_back",
    "quarantine_lot",
    "recall_lot",
    "receive_by_hand",
    "receive_scanned",
    "set_policy",
    "set_rule",
    "take_up",
    "waste",
    "waste_part",
]
