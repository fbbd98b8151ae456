"""Pages of the dispensing room."""

from __future__ import annotations

from pharmacy.dispensing.routes import counts, making_stock, plans, stock
from pharmacy.dispensing.routes.room import blueprint

__all__ = ["blueprint", "counts", "making_stock", "plans", "stock"]
