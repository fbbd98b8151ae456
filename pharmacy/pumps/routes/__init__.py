"""Pages of the pumps' room: the register, and the programming sheets."""

from __future__ import annotations

from pharmacy.pumps.routes import registry, sheets
from pharmacy.pumps.routes.door import blueprint

__all__ = ["blueprint", "registry", "sheets"]
