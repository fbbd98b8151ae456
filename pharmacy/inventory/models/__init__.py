"""Tables of the inventory room, by what they keep."""

from __future__ import annotations

from pharmacy.inventory.models.counts import CountSheet, CountSheetLine, StockCount
from pharmacy.inventory.models.locations import StockLocation, StockPolicy, StockRule
from pharmacy.inventory.models.lots import Lot
from pharmacy.inventory.models.movements import MovementKind, OpenedContainer, StockMovement
from pharmacy.inventory.models.receipts import Receipt, ReceiptEntry

__all__ = [
    "CountSheet",
    "CountSheetLine",
    "Lot",
    "MovementKind",
    "OpenedContainer",
    "Receipt",
    "ReceiptEntry",
    "StockCount",
    "StockLocation",
    "StockMovement",
    "StockPolicy",
    "StockRule",
]
