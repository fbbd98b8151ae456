"""Pages of the inventory room, by intent; they share one blueprint."""

from __future__ import annotations

from pharmacy.inventory.routes import (
    adjusting,
    count_sheets,
    counting,
    holding,
    locations,
    moving,
    opened,
    receipts,
    receiving,
    settings,
    shelf,
)
from pharmacy.inventory.routes.blueprint import blueprint

__all__ = [
    "adjusting",
    "blueprint",
    "count_sheets",
    "counting",
    "holding",
    "locations",
    "moving",
    "opened",
    "receipts",
    "receiving",
    "settings",
    "shelf",
]
