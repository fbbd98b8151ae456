"""Pages of the prescriptions' room: orders, their entry and their verification."""

from __future__ import annotations

from pharmacy.prescriptions.routes import entering, reading, verifying
from pharmacy.prescriptions.routes.door import blueprint

__all__ = ["blueprint", "entering", "reading", "verifying"]
