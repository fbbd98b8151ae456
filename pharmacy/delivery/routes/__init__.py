"""Pages of the delivery room: batches at the desk, packing at the station, the driver's phone."""

from __future__ import annotations

from pharmacy.delivery.routes import batches, driver, packing, stops
from pharmacy.delivery.routes.door import blueprint

__all__ = ["batches", "blueprint", "driver", "packing", "stops"]
