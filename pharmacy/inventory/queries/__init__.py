"""Reads of lots, what is on hand of them, their movements and the containers that are open."""

from __future__ import annotations

from pharmacy.inventory.queries.balances import Balance, get_balances
from pharmacy.inventory.queries.lots import (
    PAGE,
    LotLine,
    find_lot,
    find_objection,
    get_lot,
    list_lots,
    list_lots_of_product,
    list_lots_on_hand,
    list_usable_lots,
    soon,
)
from pharmacy.inventory.queries.movements import list_movements
from pharmacy.inventory.queries.opened import is_used, list_opened
from pharmacy.inventory.queries.receiving import Received, find_scanned_products, read_received

__all__ = [
    "PAGE",
    "Balance",
    "LotLine",
    "Received",
    "find_lot",
    "find_objection",
    "find_scanned_products",
    "get_balances",
    "get_lot",
    "is_used",
    "list_lots",
    "list_lots_of_product",
    "list_lots_on_hand",
    "list_movements",
    "list_opened",
    "list_usable_lots",
    "read_received",
    "soon",
]
