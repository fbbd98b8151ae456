"""Pages of the trace room."""

from __future__ import annotations

from pharmacy.trace.routes import tracing
from pharmacy.trace.routes.room import blueprint

__all__ = ["blueprint", "tracing"]
