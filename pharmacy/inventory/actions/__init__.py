"""Every change of stock, one function for each intent; movements are the truth."""

from __future__ import annotations

from pharmacy.inventory.actions.containers import draw, open_container, put_back, waste, waste_part
from pharmacy.inventory.actions.holding import lift_quarantine, quarantine_lot, recall_lot
from pharmacy.inventory.actions.receiving import correct_expiry, receive_lot

__all__ = [
    "correct_expiry",
    "draw",
    "lift_quarantine",
    "open_container",
    "put_back",
    "quarantine_lot",
    "recall_lot",
    "receive_lot",
    "waste",
    "waste_part",
]
